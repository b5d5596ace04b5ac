import CImageCodecs
import Imaging

/// One page (image file directory) with everything needed to find and decode its pixels.
struct TIFFPage: Hashable, Sendable {
    let width: Int
    let height: Int
    let samples: StoredSamples
    let samplesPerPixel: Int
    private(set) var colorModel: TIFFColor
    let isPlanar: Bool
    let compression: TIFFCompression
    let isFillOrderReversed: Bool
    let isReducedResolution: Bool
    let isTiled: Bool
    let blockWidth: Int
    let blockHeight: Int
    let blockCount: Int
    let rowBytes: Int
    let tileBytes: Int
    let resolution: TIFFResolution
    let directory: UInt64

    /// Offsets of the directories of reduced images.
    var subDirectories: [UInt64]

    init(
        _ raw: mic_tiff_page,
        subDirectories: [UInt64],
        path: String
    ) throws(ImageFormatError) {
        guard raw.depth == 1 else {
            throw ImageFormatError(
                .unsupported,
                path: path,
                "a TIFF volume with ImageDepth \(raw.depth)",
                advice: "convert it to a TIFF with one page per slice"
            )
        }
        guard raw.samples_per_pixel > 0 else {
            throw ImageFormatError(.damaged, path: path, "a page without samples")
        }
        width = Int(raw.width)
        height = Int(raw.height)
        compression = try TIFFCompression(raw.compression, path: path)
        samples = try StoredSamples(tiff: raw, path: path)
        samplesPerPixel = Int(raw.samples_per_pixel)
        colorModel = try TIFFColor(raw, path: path)
        isPlanar = raw.planar_configuration == 2 && raw.samples_per_pixel > 1
        isFillOrderReversed = raw.fill_order == 2
        isReducedResolution = raw.subfile_type & 1 != 0
        isTiled = raw.is_tiled != 0
        blockWidth = Int(raw.block_width)
        blockHeight = raw.is_tiled != 0 ? Int(raw.block_height) : min(height, Int(raw.block_height))
        blockCount = Int(raw.block_count)
        rowBytes = Int(clamping: raw.row_bytes)
        tileBytes = Int(clamping: raw.tile_bytes)
        resolution = TIFFResolution(raw)
        directory = raw.directory_offset
        self.subDirectories = subDirectories
        guard blockWidth > 0, blockHeight > 0 else {
            throw ImageFormatError(.damaged, path: path, "strips or tiles without pixels")
        }
    }

    var size: Size { Size(width: width, height: height) }

    /// The page without the meaning of its samples, each of which is a plane for itself.
    var withoutColours: TIFFPage {
        var page = self
        page.colorModel = .grey
        return page
    }

    /// Whether two pages can be planes of one image.
    func isSimilar(to other: TIFFPage) -> Bool {
        width == other.width && height == other.height && samples == other.samples
            && samplesPerPixel == other.samplesPerPixel && colorModel == other.colorModel
            && isReducedResolution == other.isReducedResolution
    }

    /// Whether red, green and blue lie in planes behind each other, as unnamed slices or channels do, too.
    var hasColoursAsPlanes: Bool { isPlanar && (colorModel == .rgb || colorModel == .rgba) }

    /// Refuses sizes that cannot be in the file, before anything is allocated for them.
    ///
    /// - Parameter file: The file, with this page selected.
    func checkSize(
        _ limits: ReadingLimits,
        _ file: borrowing TIFFFile
    ) throws(ImageFormatError) {
        do throws(ImageFormatError) {
            try limits.checkBelievable(
                "a page",
                width: width,
                height: height,
                samples: samplesPerPixel,
                bits: samples.bits,
                ratio: compression.ratio
            )
        } catch {
            guard try isSparse(limits, file) else { throw error }
        }
        if isTiled {
            try limits.checkBelievable(
                "a tile",
                width: blockWidth,
                height: blockHeight,
                samples: isPlanar ? 1 : samplesPerPixel,
                bits: samples.bits,
                ratio: compression.ratio
            )
        }
    }
}

extension TIFFPage {
    /// Whether the page is larger than the file because most of its blocks were never written.
    ///
    /// The table of blocks is in the file, at least a byte for each, so that their number is limited;
    /// blocks beyond one mebibyte are not believed.
    private func isSparse(
        _ limits: ReadingLimits,
        _ file: borrowing TIFFFile
    ) throws(ImageFormatError) -> Bool {
        let rows = isTiled ? tileBytes : rowBytes.multipliedReportingOverflow(by: blockHeight).0
        let blocks = isPlanar ? samplesPerPixel : 1
        let (across, down) = (
            (width + blockWidth - 1) / blockWidth, (height + blockHeight - 1) / blockHeight
        )
        guard rows > 0, rows <= 1 << 20, blockCount <= limits.byteCount,
            across.multipliedReportingOverflow(by: down).overflow == false,
            blockCount == across * down * blocks
        else { return false }
        var written = 0
        for index in 0..<blockCount {
            let block = try file.block(index)
            if block.bytes > 0 { written += rows }
            if written / compression.ratio > limits.byteCount + ReadingLimits.slack { return false }
        }
        return true
    }
}

/// The compressions that are decoded.
enum TIFFCompression: UInt16, Hashable, Sendable {
    case none = 1
    case ccittRLE = 2
    case ccittFax3 = 3
    case ccittFax4 = 4
    case lzw = 5
    case jpeg = 7
    case deflate = 8
    case packBits = 32773
    case oldDeflate = 32946
    case lzma = 34925
    case zstd = 50000

    init(_ code: UInt16, path: String) throws(ImageFormatError) {
        guard let known = TIFFCompression(rawValue: code) else {
            throw ImageFormatError(
                .unsupported,
                path: path,
                "TIFF compression \(code) is not supported",
                advice: "save the image without compression, or with LZW, deflate, PackBits, "
                    + "Zstandard or JPEG"
            )
        }
        self = known
    }

    var name: String {
        switch self {
        case .none: "none"
        case .ccittRLE, .ccittFax3, .ccittFax4: "ccitt"
        case .lzw: "lzw"
        case .jpeg: "jpeg"
        case .deflate, .oldDeflate: "deflate"
        case .packBits: "packbits"
        case .lzma: "lzma"
        case .zstd: "zstd"
        }
    }

    /// The most decoded bytes that one stored byte can stand for (see ``ReadingLimits``).
    var ratio: Int {
        switch self {
        case .none: 1
        case .packBits: 64
        case .jpeg: 1024
        case .deflate, .oldDeflate: 1032
        case .lzw: 2731
        case .lzma: 8192
        case .ccittRLE, .ccittFax3, .ccittFax4, .zstd: 32768
        }
    }
}

/// What the samples of a page mean.
enum TIFFColor: Hashable, Sendable {
    case grey, invertedGrey, greyAlpha, rgb, rgba, cmyk, palette
    /// Several intensities that are no colour: they become channels.
    case channels

    init(_ raw: mic_tiff_page, path: String) throws(ImageFormatError) {
        let count = raw.samples_per_pixel
        let hasAlpha = raw.extra_samples == 1 && raw.first_extra_sample != 0
        switch (raw.photometric, count) {
        case (0, 1): self = .invertedGrey
        case (1, 1), (4, 1), (32803, 1): self = .grey
        case (3, 1) where raw.bits_per_sample <= 16 && raw.sample_format != 3: self = .palette
        case (0...1, 2) where hasAlpha: self = .greyAlpha
        case (0...1, 2...): self = .channels
        case (2, 3): self = .rgb
        case (2, 4) where raw.extra_samples == 1: self = .rgba
        case (2, _): self = .channels
        case (5, 4): self = .cmyk
        case (5, _): self = .channels
        case (6, 3) where raw.compression == 7: self = .rgb  // libtiff converts
        default:
            throw ImageFormatError(
                .unsupported,
                path: path,
                "TIFF colour space \(raw.photometric) with \(count) samples is not supported",
                advice: "save the image as grey or RGB"
            )
        }
    }
}

/// Pixels per unit of length, where the file tells.
struct TIFFResolution: Hashable, Sendable {
    let x: Double
    let y: Double
    let unit: UInt16

    init(_ raw: mic_tiff_page) {
        x = raw.x_resolution
        y = raw.y_resolution
        unit = raw.resolution_unit
    }

    /// The size of a pixel; empty where the resolution is that of a screen or printer.
    var physicalSize: PhysicalSize {
        guard let size = micrometres else { return PhysicalSize() }
        return PhysicalSize(resolution: size.x, size.y)
    }

    /// The size of a pixel in micrometres; nil without an absolute unit or sensible values.
    var micrometres: (x: Double, y: Double)? {
        guard x.isFinite, y.isFinite, x > 0, y > 0 else { return nil }
        switch unit {
        case 2: return (25400 / x, 25400 / y)
        case 3: return (10000 / x, 10000 / y)
        default: return nil
        }
    }
}

extension StoredSamples {
    fileprivate init(tiff raw: mic_tiff_page, path: String) throws(ImageFormatError) {
        let isSigned = raw.sample_format == 2
        switch (raw.sample_format, raw.bits_per_sample) {
        case (3, 16): self = .half
        case (3, 32): self = .native(.float32)
        case (3, 64): self = .native(.float64)
        case (1, 8), (4, 8): self = .native(.uint8)
        case (1, 16), (4, 16): self = .native(.uint16)
        case (1, 32), (4, 32): self = .native(.uint32)
        case (1, 64), (4, 64): self = .native(.uint64)
        case (2, 8): self = .native(.int8)
        case (2, 16): self = .native(.int16)
        case (2, 32): self = .native(.int32)
        case (2, 64): self = .native(.int64)
        case (1, 24), (2, 24), (4, 24): self = .triple(isSigned: isSigned)
        case (1, 1...31), (2, 2...31), (4, 1...31):
            self = .packed(bits: Int(raw.bits_per_sample), isSigned: isSigned)
        default:
            throw ImageFormatError(
                .unsupported,
                path: path,
                "samples of \(raw.bits_per_sample) bits in format \(raw.sample_format)",
                advice: "save the image with 8, 16 or 32 bits per sample"
            )
        }
    }
}
