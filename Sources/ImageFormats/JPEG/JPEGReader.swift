import CImageCodecs
import Imaging

/// Reads baseline and progressive JPEG files: grey, RGB, and CMYK, which becomes RGB.
///
/// The orientation that a camera may have noted is ignored: pixels come as they are stored.
struct JPEGReader: PlaneReader {
    let description: ImageDescription

    private let path: String
    private let limits: ReadingLimits
    private let convertsInks: Bool

    init(_ input: InputFile, options: ImageSource.Options) throws(ImageFormatError) {
        path = input.path
        convertsInks = options.colorConversion == .toRGB
        limits = ReadingLimits(
            path: input.path,
            byteCount: input.byteCount,
            maximumDecodedBytes: options.maximumDecodedBytes
        )
        let bytes = try RawFile(path: path).readAll(input.byteCount)
        let header = try readHeader(bytes, limits: limits)
        let size = Size(width: Int(header.width), height: Int(header.height))
        let axes = ImageAxes(y: size.height, x: size.width)
        let color: ColorModel =
            switch header.samples {
            case 1: .grey
            case 3: .rgb
            default: convertsInks ? .rgb : .cmyk
            }
        description = ImageDescription(
            format: "JPEG",
            axes: axes,
            sampleType: .uint8,
            bitsPerSample: 8,
            samplesPerPixel: color.samplesPerPixel,
            colorModel: color,
            physicalSize: PhysicalSize(),
            channelNames: [],
            levels: [size],
            series: [SeriesDescription(name: "", axes: axes)],
            compression: "jpeg",
            blockSize: size,
            byteCount: input.byteCount
        )
        guard options.series == 0 else { throw .noSuchSeries(options.series, path: path) }
    }

    func read(
        _ plane: PlaneIndex,
        region: Region,
        level: Int
    ) throws(ImageFormatError) -> AnyRaster {
        let bytes = try RawFile(path: path).readAll(limits.byteCount)
        var header = try readHeader(bytes, limits: limits)
        let size = Size(width: Int(header.width), height: Int(header.height))
        guard size == description.levels[0] else {
            throw ImageFormatError(
                .damaged,
                path: path,
                "the file has changed since it was opened",
                advice: "try again when it is complete"
            )
        }
        let channels = Int(header.samples)
        try limits.checkDecoded(size, samples: channels, bytesPerSample: 1)
        let decoded = try AnyRaster.filled(.uint8, size: size, channels: channels) {
            pixels throws(ImageFormatError) in
            var message = [CChar](repeating: 0, count: 256)
            let code = mic_jpeg_decode(
                bytes,
                bytes.count,
                &header,
                pixels.assumingMemoryBound(to: UInt8.self).baseAddress,
                &message,
                message.count
            )
            guard code == 0 else { throw .damagedJPEG("the pixels", message, path: path) }
        }
        guard case .uint8(var raster) = decoded else { return decoded }
        if channels == 4, convertsInks {
            raster = rgb(fromInks: hasAdobeMarker(bytes) ? raster.map { 255 - $0 } : raster)
        }
        guard region != Region(size) else { return .uint8(raster) }
        do {
            return .uint8(try raster.cropped(to: region))
        } catch {
            throw ImageFormatError(.outOfRange, path: path, "\(error)")
        }
    }
}

private func readHeader(
    _ bytes: [UInt8],
    limits: ReadingLimits
) throws(ImageFormatError) -> mic_jpeg_header {
    var header = mic_jpeg_header()
    var message = [CChar](repeating: 0, count: 256)
    guard mic_jpeg_read_header(bytes, bytes.count, &header, &message, message.count) == 0 else {
        throw .damagedJPEG("the JPEG header", message, path: limits.path)
    }
    try limits.checkBelievable(
        "a JPEG image",
        width: Int(header.width),
        height: Int(header.height),
        samples: Int(header.samples),
        bits: 8,
        ratio: 1024
    )
    return header
}

/// Whether Adobe's marker (APP14) is there: such files store CMYK inverted.
private func hasAdobeMarker(_ bytes: [UInt8]) -> Bool {
    var position = 2
    while position + 9 <= bytes.count, bytes[position] == 0xFF {
        let marker = bytes[position + 1]
        if marker == 0xDA { return false }
        if marker == 0xEE, bytes[position + 4..<position + 9].elementsEqual("Adobe".utf8) {
            return true
        }
        position += 2 + Int(bytes[position + 2]) << 8 + Int(bytes[position + 3])
    }
    return false
}

extension ImageFormatError {
    fileprivate static func damagedJPEG(
        _ what: String,
        _ message: [CChar],
        path: String
    ) -> ImageFormatError {
        let end = message.firstIndex(of: 0) ?? message.endIndex
        let reason = String(decoding: message[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self)
        return ImageFormatError(
            .damaged,
            path: path,
            "\(what) cannot be decoded: \(reason)",
            advice: "the file is cut short or damaged; copy or export it again"
        )
    }

    /// A series was asked for in a format that has one image a file.
    static func noSuchSeries(_ series: Int, path: String) -> ImageFormatError {
        ImageFormatError(
            .outOfRange,
            path: path,
            "there is no series \(series)",
            advice: "the file has one image, series 0"
        )
    }
}
