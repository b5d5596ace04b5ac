import CImageCodecs
import Foundation
import Imaging
import Prompting

/// Reads whole-slide images of microscope vendors (SVS, NDPI, MRXS, SCN and others) by region.
///
/// Resolution levels are those of the slide. Pixels are RGB; what the scanner left out has the
/// background colour of the slide, white if it names none. Labels and overviews of the slide are no
/// part of the image.
final class SlideReader: PlaneReader {
    let description: ImageDescription

    private let slide: Slide
    private let limits: ReadingLimits
    private let background: [UInt8]

    /// Pixels that are decoded at a time.
    private static let pixelsAtOnce = 1 << 22

    /// Opens a slide; nil if the file is none.
    init?(_ input: InputFile, options: ImageSource.Options) throws(ImageFormatError) {
        guard let vendor = Slide.vendor(of: input.path) else { return nil }
        guard options.series == 0 else { throw .noSuchSeries(options.series, path: input.path) }
        slide = try Slide(input.path)
        limits = ReadingLimits(
            path: input.path,
            byteCount: input.byteCount,
            maximumDecodedBytes: options.maximumDecodedBytes
        )
        let sizes = slide.levels.map(\.size)
        let axes = ImageAxes(y: sizes[0].height, x: sizes[0].width)
        var size = PhysicalSize()
        if let x = slide.number("openslide.mpp-x"), let y = slide.number("openslide.mpp-y") {
            size = PhysicalSize(x: x, y: y, unit: "\u{B5}m")
        }
        let tile = [
            slide.number("openslide.level[0].tile-width"),
            slide.number("openslide.level[0].tile-height"),
        ].compactMap { $0.flatMap { Int(exactly: $0) } }
        let unused = slide.unusedLevelCount
        description = ImageDescription(
            format: "whole slide (\(vendor))",
            axes: axes,
            sampleType: .uint8,
            bitsPerSample: 8,
            samplesPerPixel: 3,
            colorModel: .rgb,
            physicalSize: size,
            channelNames: [],
            levels: sizes,
            series: [SeriesDescription(name: "", axes: axes)],
            compression: "as the vendor stores it",
            blockSize: tile.count == 2 ? Size(width: tile[0], height: tile[1]) : sizes[0],
            byteCount: input.byteCount,
            notes: unused == 0 ? [] : [.smallLevelsUnused(unused)]
        )
        background = slide.background
    }

    /// Whether a TIFF has colours in tiles, as slides do, or was written by a scanner of Hamamatsu.
    static func mayBeSlide(_ source: TIFFSource) -> Bool {
        guard let index = source.list.planes.first, let page = source.list.pages[index],
            page.colorModel == .rgb, page.samples == .native(.uint8)
        else { return false }
        let isNDPI = (try? source.tags(of: page))?[65420] != nil
        return page.isTiled || isNDPI
    }

    /// Whether a JPEG has the folder of a MIRAX slide beside it.
    static func isMirax(_ path: String) -> Bool {
        let url = URL(filePath: path)
        let folder = url.deletingPathExtension().appending(path: "Slidedat.ini")
        return url.pathExtension.lowercased() == "mrxs"
            && FileManager.default.fileExists(atPath: folder.path)
    }

    func read(
        _ plane: PlaneIndex,
        region: Region,
        level: Int
    ) throws(ImageFormatError) -> AnyRaster {
        try limits.checkDecoded(region.size, samples: 3, bytesPerSample: 1)
        return try AnyRaster.filled(.uint8, size: region.size, channels: 3) {
            raster throws(ImageFormatError) in
            // Safe because each band of rows lies in the raster, and the temporary bytes have room
            // for as many pixels.
            let rows = min(region.height, max(1, Self.pixelsAtOnce / region.width))
            let argb = TemporaryBytes(4 * rows * region.width)
            for top in stride(from: 0, to: region.height, by: rows) {
                let height = min(rows, region.height - top)
                let start = 3 * top * region.width
                let band = raster[start..<start + 3 * height * region.width]
                try slide.read(
                    Region(x: region.x, y: region.y + top, width: region.width, height: height),
                    level: level,
                    background,
                    argb.bytes,
                    into: UnsafeMutableRawBufferPointer(rebasing: band)
                )
            }
        }
    }
}
