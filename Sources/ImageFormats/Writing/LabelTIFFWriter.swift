public import Foundation
public import Imaging

/// Writes a label image of any size region by region, into a tiled BigTIFF.
///
/// Only the tiles of the region at hand are in memory. Tiles that are never written become background.
/// The file appears under its name when ``finish()`` returns; if the writer ends before, nothing
/// remains.
///
/// ```swift
/// var writer = try LabelTIFFWriter(creating: url, size: size, sampleType: .uint32)
/// for tile in tiles { try writer.write(tile.labels, to: tile.region) }
/// try writer.finish()
/// ```
public struct LabelTIFFWriter: ~Copyable {
    /// Width and height of the whole image.
    public let size: Size

    /// Side of the square tiles, a multiple of 16.
    public let tileSide: Int

    private let file: TIFFOutput
    private let isNarrow: Bool
    private var isWritten: [Bool]

    /// Begins a file beside its destination.
    ///
    /// - Parameters:
    ///   - url: The destination; an existing file is replaced when writing has finished.
    ///   - size: Width and height of the whole image.
    ///   - sampleType: `.uint16` or `.uint32`.
    ///   - tileSide: Side of the tiles, a positive multiple of 16 up to 16384.
    ///   - physicalSize: Size of a pixel.
    public init(
        creating url: URL,
        size: Size,
        sampleType: SampleType = .uint32,
        tileSide: Int = 512,
        physicalSize: PhysicalSize = PhysicalSize()
    ) throws(ImageFormatError) {
        let layout = Layout(size: size, sampleType: sampleType, tileSide: tileSide)
        let tiles = try layout.tileCount(url.path)
        let file = try TIFFOutput(replacing: url, isBig: true)
        try self.init(file, layout, tiles, physicalSize)
    }

    private init(
        _ file: consuming TIFFOutput,
        _ layout: Layout,
        _ tiles: Int,
        _ physicalSize: PhysicalSize
    ) throws(ImageFormatError) {
        let axes = ImageAxes(y: layout.size.height, x: layout.size.width)
        let page = TIFFOutput.Page(
            size: layout.size,
            sampleType: layout.sampleType,
            channels: 1,
            options: TIFFWriter.Options(usesPredictor: false, physicalSize: physicalSize),
            description: axes.imageJDescription(physicalSize),
            tileSide: layout.tileSide
        )
        try file.begin(page, rowsPerStrip: 0)
        self.file = file
        size = layout.size
        tileSide = layout.tileSide
        isNarrow = layout.sampleType == .uint16
        isWritten = Array(repeating: false, count: tiles)
    }

    /// The file that a writer makes, in memory: the same bytes.
    ///
    /// - Parameters:
    ///   - size: Width and height of the whole image.
    ///   - sampleType: `.uint16` or `.uint32`.
    ///   - tileSide: Side of the tiles, a positive multiple of 16 up to 16384.
    ///   - physicalSize: Size of a pixel.
    ///   - content: Writes the regions.
    public static func data(
        size: Size,
        sampleType: SampleType = .uint32,
        tileSide: Int = 512,
        physicalSize: PhysicalSize = PhysicalSize(),
        _ content: (inout LabelTIFFWriter) throws(ImageFormatError) -> Void
    ) throws(ImageFormatError) -> Data {
        let layout = Layout(size: size, sampleType: sampleType, tileSide: tileSide)
        let tiles = try layout.tileCount("a TIFF file in memory")
        let file = try TIFFOutput(inMemory: true)
        var writer = try LabelTIFFWriter(file, layout, tiles, physicalSize)
        try content(&writer)
        try writer.complete()
        return try writer.file.take()
    }

    /// Writes the labels of a region.
    ///
    /// - Throws: ``ImageFormatError`` of kind `invalidPixels` if the region has another size, or does
    ///   not consist of whole tiles (it begins at multiples of ``tileSide`` and ends there or at the
    ///   image's edge), or a label needs more than the 16 bits chosen; `cannotWrite` if the disk refuses.
    public mutating func write(
        _ labels: LabelImage,
        to region: Region
    ) throws(ImageFormatError) {
        let (x, y) = (region.x, region.y)
        guard region.size == labels.size, region.isInside(size), x.isMultiple(of: tileSide),
            y.isMultiple(of: tileSide), isEdge(region.endX, size.width),
            isEdge(region.endY, size.height)
        else {
            throw ImageFormatError(
                .invalidPixels,
                path: file.path,
                "\(labels.size) labels at (\(x), \(y))",
                advice: "regions must consist of whole tiles of \(tileSide) pixels"
            )
        }
        if isNarrow, let largest = labels.labels.max(), largest > UInt32(UInt16.max) {
            throw ImageFormatError(
                .invalidPixels,
                path: file.path,
                "the label \(largest) does not fit 16 bits",
                advice: "write uint32"
            )
        }
        let across = size.width.tiles(of: tileSide)
        for top in stride(from: 0, to: labels.size.height, by: tileSide) {
            for left in stride(from: 0, to: labels.size.width, by: tileSide) {
                let index = (y + top) / tileSide * across + (x + left) / tileSide
                try writeTile(index, labels, left: left, top: top)
                isWritten[index] = true
            }
        }
    }

    /// Completes the file with background and gives it its name.
    public consuming func finish() throws(ImageFormatError) {
        try complete()
        try file.finish()
    }

    /// Writes the background and the end of the page.
    private func complete() throws(ImageFormatError) {
        let background = [UInt8](
            repeating: 0,
            count: tileSide * tileSide * (isNarrow ? 2 : 4)
        )
        for index in isWritten.indices where !isWritten[index] {
            try write(background, index)
        }
        try file.endPage()
    }

    private func isEdge(_ end: Int, _ side: Int) -> Bool {
        end == side || end < side && end.isMultiple(of: tileSide)
    }

    private func writeTile(
        _ index: Int,
        _ labels: LabelImage,
        left: Int,
        top: Int
    ) throws(ImageFormatError) {
        let width = min(tileSide, labels.size.width - left)
        var wide = [UInt32](repeating: 0, count: tileSide * tileSide)
        for row in 0..<min(tileSide, labels.size.height - top) {
            let start = labels.size.index(x: left, y: top + row)
            wide.replaceSubrange(
                row * tileSide..<row * tileSide + width,
                with: labels.labels[start..<start + width]
            )
        }
        if isNarrow {
            try write(wide.map { UInt16(truncatingIfNeeded: $0) }, index)
        } else {
            try write(wide, index)
        }
    }

    private func write<Element: BitwiseCopyable>(
        _ tile: [Element],
        _ index: Int
    ) throws(ImageFormatError) {
        // Safe because the tile outlives the call, and libtiff keeps no pointer.
        var failure: ImageFormatError?
        tile.withUnsafeBytes { bytes in
            do throws(ImageFormatError) {
                try file.writeTile(index, bytes)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}

/// What a file of tiles looks like.
private struct Layout {
    var size: Size
    var sampleType: SampleType
    var tileSide: Int

    /// How many tiles there are, if a file can have them.
    func tileCount(_ path: String) throws(ImageFormatError) -> Int {
        guard size.width > 0, size.height > 0, size.longestSide <= Int(Int32.max),
            tileSide > 0, tileSide.isMultiple(of: 16), tileSide <= 16384,
            sampleType == .uint16 || sampleType == .uint32
        else {
            throw ImageFormatError(
                .invalidPixels,
                path: path,
                "\(size) labels of type \(sampleType) in tiles of \(tileSide)",
                advice: "use uint16 or uint32 and tiles of a multiple of 16"
            )
        }
        let tiles = size.width.tiles(of: tileSide).multipliedReportingOverflow(
            by: size.height.tiles(of: tileSide)
        )
        guard !tiles.overflow, tiles.partialValue <= Int(Int32.max) else {
            throw ImageFormatError(
                .invalidPixels,
                path: path,
                "more tiles than a TIFF file can hold",
                advice: "use larger tiles"
            )
        }
        return tiles.partialValue
    }
}

extension Int {
    /// How many tiles of a side cover this many pixels.
    fileprivate func tiles(of side: Int) -> Int { (self + side - 1) / side }
}
