import CImageCodecs
import Imaging
import Synchronization

/// Reads PNG files of every bit depth and colour type.
///
/// Grey of 1, 2 and 4 bits is scaled to 0...255, as the format defines it; palettes become RGB, or RGBA
/// where the palette has transparency. A single transparent colour (`tRNS` of grey and RGB) is
/// ignored, and so are gamma and colour profiles.
final class PNGReader: PlaneReader {
    let description: ImageDescription

    private let path: String
    private let limits: ReadingLimits
    private let convertsPalette: Bool
    private let isInterlaced: Bool
    private let rowBytes: Int
    private let band = Mutex<PNGBand?>(nil)

    init(_ input: InputFile, options: ImageSource.Options) throws(ImageFormatError) {
        path = input.path
        convertsPalette = options.colorConversion == .toRGB
        limits = ReadingLimits(
            path: input.path,
            byteCount: input.byteCount,
            maximumDecodedBytes: options.maximumDecodedBytes
        )
        let header = try PNGFile(path: path).open()
        let size = Size(width: Int(header.width), height: Int(header.height))
        try header.checkSize(limits)
        isInterlaced = header.is_interlaced != 0
        rowBytes = Int(header.row_bytes)
        let color = header.colorModel(convertsPalette: convertsPalette)
        let axes = ImageAxes(y: size.height, x: size.width)
        var physicalSize = PhysicalSize()
        if header.pixels_per_metre_x > 0, header.pixels_per_metre_y > 0 {
            physicalSize = PhysicalSize(
                resolution: 1e6 / header.pixels_per_metre_x,
                1e6 / header.pixels_per_metre_y
            )
        }
        description = ImageDescription(
            format: "PNG",
            axes: axes,
            sampleType: header.bit_depth == 16 ? .uint16 : .uint8,
            bitsPerSample: Int(header.bit_depth),
            samplesPerPixel: color.samplesPerPixel,
            colorModel: color,
            physicalSize: physicalSize,
            channelNames: [],
            levels: [size],
            series: [SeriesDescription(name: "", axes: axes)],
            compression: "deflate",
            blockSize: header.is_interlaced != 0 ? size : Size(width: size.width, height: 1),
            byteCount: input.byteCount
        )
        guard options.series == 0 else { throw .noSuchSeries(options.series, path: path) }
    }

    func read(
        _ plane: PlaneIndex,
        region: Region,
        level: Int
    ) throws(ImageFormatError) -> AnyRaster {
        let size = description.levels[0]
        guard !isInterlaced, region.height < size.height,
            region.height.multipliedReportingOverflow(by: rowBytes).partialValue
                <= PNGBand.mostBytes
        else {
            let file = try PNGFile(path: path)
            let header = try file.open()
            try check(header)
            return try raster(header, region) { placement, bytes throws(ImageFormatError) in
                try decode(file, header, region, placement, into: bytes)
            }
        }
        let outcome: Result<AnyRaster, ImageFormatError> = band.withLock { band in
            Result { () throws(ImageFormatError) in
                do throws(ImageFormatError) {
                    if band.map({ region.y < $0.first }) ?? true { band = try PNGBand(path: path) }
                    guard let band else { throw .unknownFormat(path) }
                    return try read(region, from: band)
                } catch {
                    // A decoder that has failed cannot go on.
                    band = nil
                    throw error
                }
            }
        }
        return try outcome.get()
    }

    /// Reads a region of the rows that are kept, or follow them.
    private func read(
        _ region: Region,
        from band: PNGBand
    ) throws(ImageFormatError) -> AnyRaster {
        try check(band.header)
        return try raster(band.header, region) { placement, bytes throws(ImageFormatError) in
            // Safe because the region lies in the image, and grey and colours need no scratch memory.
            let scratch = TemporaryBytes(0)
            try band.read(region.y..<region.endY) { y, row in
                placement.place(
                    row,
                    first: region.x,
                    count: region.width,
                    x: 0,
                    y: y - region.y,
                    scratch: scratch.bytes,
                    into: bytes
                )
            }
        }
    }

    private func check(_ header: mic_png_header) throws(ImageFormatError) {
        try header.checkSize(limits)
        guard Int(header.width) == description.axes.x, Int(header.height) == description.axes.y
        else {
            throw ImageFormatError(
                .damaged,
                path: path,
                "the file has changed since it was opened",
                advice: "try again when it is complete"
            )
        }
    }

    /// A raster of the region that `fill` writes.
    private func raster(
        _ header: mic_png_header,
        _ region: Region,
        _ fill: (RowPlacement, UnsafeMutableRawBufferPointer) throws(ImageFormatError) -> Void
    ) throws(ImageFormatError) -> AnyRaster {
        // Safe because the memory is only handed on.
        let channels = header.storedChannels
        let samples: StoredSamples =
            switch header.bit_depth {
            case 8: .native(.uint8)
            case 16: .native(.uint16)
            default: .packed(bits: Int(header.bit_depth), isSigned: false)
            }
        // Of an interlaced image, all rows are decoded at once.
        try limits.checkDecoded(
            isInterlaced ? description.levels[0] : region.size,
            samples: max(channels, description.samplesPerPixel),
            bytesPerSample: samples.sampleType.byteCount
        )
        let raster = try AnyRaster.filled(
            samples.sampleType,
            size: region.size,
            channels: channels
        ) { bytes throws(ImageFormatError) in
            let placement = RowPlacement(
                samples: samples,
                sourceChannels: channels,
                picked: nil,
                targetChannels: channels,
                targetChannel: 0,
                width: region.width
            )
            try fill(placement, bytes)
        }
        return header.converted(raster, convertsPalette: convertsPalette)
    }

    private func decode(
        _ file: borrowing PNGFile,
        _ header: mic_png_header,
        _ region: Region,
        _ placement: RowPlacement,
        into raster: UnsafeMutableRawBufferPointer
    ) throws(ImageFormatError) {
        // Safe because the buffer holds a row, or all rows of an interlaced image, and the region
        // lies in the image.
        let buffer = TemporaryBytes(isInterlaced ? rowBytes * Int(header.height) : rowBytes)
        // Passes of few bits are joined with what the buffer holds.
        if isInterlaced { buffer.bytes.initializeMemory(as: UInt8.self, repeating: 0) }
        let code =
            isInterlaced
            ? mic_png_read_all(file.handle, buffer.bytes.baseAddress, UInt64(buffer.bytes.count))
            : mic_png_begin_rows(file.handle)
        guard code == 0 else { throw file.damaged("the pixels") }
        let scratch = TemporaryBytes(0)
        for y in 0..<region.endY {
            if !isInterlaced {
                let code = mic_png_read_row(
                    file.handle,
                    buffer.bytes.baseAddress,
                    UInt64(rowBytes)
                )
                guard code == 0 else { throw file.damaged("row \(y)") }
            }
            guard y >= region.y else { continue }
            let start = isInterlaced ? y * rowBytes : 0
            let row = UnsafeRawBufferPointer(rebasing: buffer.bytes[start..<start + rowBytes])
            placement.place(
                row,
                first: region.x,
                count: region.width,
                x: 0,
                y: y - region.y,
                scratch: scratch.bytes,
                into: raster
            )
        }
    }
}

extension mic_png_header {
    /// Samples of one pixel as stored.
    fileprivate var storedChannels: Int {
        switch color_type {
        case 2: 3
        case 4: 2
        case 6: 4
        default: 1
        }
    }

    fileprivate func colorModel(convertsPalette: Bool) -> ColorModel {
        switch color_type {
        case 2: .rgb
        case 3: convertsPalette ? (palette_has_alpha != 0 ? .rgba : .rgb) : .palette
        case 4: .greyAlpha
        case 6: .rgba
        default: .grey
        }
    }

    fileprivate func checkSize(_ limits: ReadingLimits) throws(ImageFormatError) {
        // A filter byte before each row is compressed too; deflate packs at most 1032 to 1.
        try limits.checkBelievable(
            "a PNG image",
            width: Int(width),
            height: Int(height),
            samples: storedChannels,
            bits: Int(bit_depth),
            ratio: 1032
        )
    }

    /// Scales grey of few bits and looks up palettes.
    fileprivate func converted(_ raster: AnyRaster, convertsPalette: Bool) -> AnyRaster {
        // Safe because the palette has 256 entries of four bytes, as many as an index of 8 bits
        // can name.
        guard case .uint8(let stored) = raster else { return raster }
        if color_type == 0, bit_depth < 8 {
            let factor: UInt8 = 255 / ((1 << bit_depth) - 1)
            return .uint8(stored.map { $0 &* factor })
        }
        guard color_type == 3, convertsPalette else { return raster }
        let channels = palette_has_alpha != 0 ? 4 : 3
        var samples: [UInt8] = []
        samples.reserveCapacity(stored.samples.count * channels)
        withUnsafeBytes(of: palette) { palette in
            for index in stored.samples {
                samples.append(
                    contentsOf: palette[4 * Int(index)..<4 * Int(index) + channels]
                )
            }
        }
        return .uint8(Raster(unchecked: stored.size, channels: channels, samples: samples))
    }
}
