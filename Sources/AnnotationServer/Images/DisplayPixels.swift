import Imaging

/// Pixels in one of the three sample types that the page shows: 8 bits, 16 bits, float.
///
/// Other types become floats. Channels are interleaved, as in `Raster`.
enum DisplayPixels: Sendable {
    case uint8(Raster<UInt8>)
    case uint16(Raster<UInt16>)
    case float32(Raster<Float>)

    /// Takes pixels as they were read.
    init(_ pixels: AnyRaster) {
        self =
            switch pixels {
            case .uint8(let raster): .uint8(raster)
            case .uint16(let raster): .uint16(raster)
            default: .float32(pixels.floats())
            }
    }

    var size: Size {
        switch self {
        case .uint8(let raster): raster.size
        case .uint16(let raster): raster.size
        case .float32(let raster): raster.size
        }
    }

    /// The samples as they lie in memory, which is little endian on every machine that Swift runs on.
    var bytes: [UInt8] {
        switch self {
        case .uint8(let raster): raster.samples
        case .uint16(let raster): bytesOf(raster.samples)
        case .float32(let raster): bytesOf(raster.samples)
        }
    }

    /// One of the channels.
    func channel(_ index: Int) -> DisplayPixels {
        switch self {
        case .uint8(let raster): .uint8(picked(raster, index))
        case .uint16(let raster): .uint16(picked(raster, index))
        case .float32(let raster): .float32(picked(raster, index))
        }
    }

    /// A part; the region must lie inside.
    func cropped(to region: Region) throws(ImagingError) -> DisplayPixels {
        switch self {
        case .uint8(let raster): .uint8(try raster.cropped(to: region))
        case .uint16(let raster): .uint16(try raster.cropped(to: region))
        case .float32(let raster): .float32(try raster.cropped(to: region))
        }
    }

    /// Half the size: every pixel is the mean of up to four, rounded for whole numbers.
    func halved() -> DisplayPixels {
        switch self {
        case .uint8(let raster): .uint8(reduced(raster))
        case .uint16(let raster): .uint16(reduced(raster))
        case .float32(let raster): .float32(reduced(raster))
        }
    }

    /// One above the other; both of one type, width and number of channels.
    func above(_ lower: DisplayPixels) throws(ImagingError) -> DisplayPixels {
        switch (self, lower) {
        case (.uint8(let upper), .uint8(let lower)): .uint8(try stacked(upper, lower))
        case (.uint16(let upper), .uint16(let lower)): .uint16(try stacked(upper, lower))
        case (.float32(let upper), .float32(let lower)): .float32(try stacked(upper, lower))
        default: throw .invalidParameter("bands", reason: "must be of one type")
        }
    }
}

/// The sample types that the page shows.
enum DisplayType: String, Codable, Sendable {
    case uint8, uint16, float32

    /// The type in which samples of another are shown.
    init(_ type: SampleType) {
        self =
            switch type {
            case .uint8: .uint8
            case .uint16: .uint16
            default: .float32
            }
    }

    var byteCount: Int {
        switch self {
        case .uint8: 1
        case .uint16: 2
        case .float32: 4
        }
    }

    /// Pixels from the bytes of a tile.
    func pixels(
        _ bytes: [UInt8],
        size: Size,
        channels: Int
    ) throws(ImagingError) -> DisplayPixels {
        switch self {
        case .uint8: .uint8(try Raster(size: size, channels: channels, samples: bytes))
        case .uint16:
            .uint16(try Raster(size: size, channels: channels, samples: samples(of: bytes)))
        case .float32:
            .float32(try Raster(size: size, channels: channels, samples: samples(of: bytes)))
        }
    }
}

/// A sample of which means can be taken.
private protocol Averaged: Sendable, BitwiseCopyable {
    static func mean(_ first: Self, _ second: Self, _ third: Self, _ fourth: Self) -> Self
}

extension UInt8: Averaged {
    fileprivate static func mean(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) -> UInt8 {
        UInt8((UInt32(a) + UInt32(b) + UInt32(c) + UInt32(d) + 2) / 4)
    }
}

extension UInt16: Averaged {
    fileprivate static func mean(_ a: UInt16, _ b: UInt16, _ c: UInt16, _ d: UInt16) -> UInt16 {
        UInt16((UInt32(a) + UInt32(b) + UInt32(c) + UInt32(d) + 2) / 4)
    }
}

extension Float: Averaged {
    fileprivate static func mean(_ a: Float, _ b: Float, _ c: Float, _ d: Float) -> Float {
        a / 4 + b / 4 + c / 4 + d / 4
    }
}

/// At an odd edge the last row or column counts twice.
private func reduced<Sample: Averaged>(_ raster: Raster<Sample>) -> Raster<Sample> {
    let (width, height, channels) = (raster.size.width, raster.size.height, raster.channels)
    let size = Size(width: (width + 1) / 2, height: (height + 1) / 2)
    var result: [Sample] = []
    result.reserveCapacity(size.count * channels)
    let samples = raster.samples.span
    for y in 0..<size.height {
        let upper = 2 * y * width * channels
        let lower = min(2 * y + 1, height - 1) * width * channels
        for x in 0..<size.width {
            let left = 2 * x * channels
            let right = min(2 * x + 1, width - 1) * channels
            for channel in 0..<channels {
                result.append(
                    Sample.mean(
                        samples[upper + left + channel],
                        samples[upper + right + channel],
                        samples[lower + left + channel],
                        samples[lower + right + channel]
                    )
                )
            }
        }
    }
    var halved = Raster(repeating: result[0], size: size, channels: channels)
    halved.samples = result
    return halved
}

private func picked<Sample: Sendable>(_ raster: Raster<Sample>, _ index: Int) -> Raster<Sample> {
    guard raster.channels > 1 else { return raster }
    let samples = stride(from: index, to: raster.samples.count, by: raster.channels)
        .map { raster.samples[$0] }
    var channel = Raster(repeating: samples[0], size: raster.size)
    channel.samples = samples
    return channel
}

private func stacked<Sample: Sendable>(
    _ upper: Raster<Sample>,
    _ lower: Raster<Sample>
) throws(ImagingError) -> Raster<Sample> {
    let size = Size(width: upper.size.width, height: upper.size.height + lower.size.height)
    return try Raster(
        size: size,
        channels: upper.channels,
        samples: upper.samples + lower.samples
    )
}

private func bytesOf<Sample: BitwiseCopyable>(_ samples: [Sample]) -> [UInt8] {
    // Safe because the bytes are copied before the array can change.
    samples.withUnsafeBytes { Array($0) }
}

private func samples<Sample: BitwiseCopyable>(of bytes: [UInt8]) -> [Sample] {
    let stride = MemoryLayout<Sample>.stride
    // Safe because every position lies inside the bytes, and may be unaligned.
    return bytes.withUnsafeBytes { bytes in
        (0..<bytes.count / stride).map {
            bytes.loadUnaligned(fromByteOffset: $0 * stride, as: Sample.self)
        }
    }
}
