/// A raster whose sample type is known only at run time, as it comes out of an image file.
///
/// Types that no case holds are widened by the reader: 1-bit samples to `uint8` (0 and 1), 16-bit
/// floating point to `float32`.
public enum AnyRaster: Hashable, Sendable {
    /// 8-bit unsigned samples.
    case uint8(Raster<UInt8>)
    /// 8-bit signed samples.
    case int8(Raster<Int8>)
    /// 16-bit unsigned samples.
    case uint16(Raster<UInt16>)
    /// 16-bit signed samples.
    case int16(Raster<Int16>)
    /// 32-bit unsigned samples.
    case uint32(Raster<UInt32>)
    /// 32-bit signed samples.
    case int32(Raster<Int32>)
    /// 64-bit unsigned samples.
    case uint64(Raster<UInt64>)
    /// 64-bit signed samples.
    case int64(Raster<Int64>)
    /// Single-precision samples.
    case float32(Raster<Float>)
    /// Double-precision samples.
    case float64(Raster<Double>)

    /// Width and height in pixels.
    public var size: Size { geometry.size }

    /// Samples per pixel.
    public var channels: Int { geometry.channels }

    /// The type of one sample.
    public var sampleType: SampleType {
        switch self {
        case .uint8: .uint8
        case .int8: .int8
        case .uint16: .uint16
        case .int16: .int16
        case .uint32: .uint32
        case .int32: .int32
        case .uint64: .uint64
        case .int64: .int64
        case .float32: .float32
        case .float64: .float64
        }
    }

    /// The same samples as single-precision numbers; 32- and 64-bit values are rounded to nearest.
    public func floats() -> Raster<Float> {
        // Closures, because `Float.init` of a UInt32 would also match `Float.init(bitPattern:)`.
        switch self {
        case .uint8(let raster): raster.map { Float($0) }
        case .int8(let raster): raster.map { Float($0) }
        case .uint16(let raster): raster.map { Float($0) }
        case .int16(let raster): raster.map { Float($0) }
        case .uint32(let raster): raster.map { Float($0) }
        case .int32(let raster): raster.map { Float($0) }
        case .uint64(let raster): raster.map { Float($0) }
        case .int64(let raster): raster.map { Float($0) }
        case .float32(let raster): raster
        case .float64(let raster): raster.map { Float($0) }
        }
    }

    private var geometry: (size: Size, channels: Int) {
        switch self {
        case .uint8(let raster): (raster.size, raster.channels)
        case .int8(let raster): (raster.size, raster.channels)
        case .uint16(let raster): (raster.size, raster.channels)
        case .int16(let raster): (raster.size, raster.channels)
        case .uint32(let raster): (raster.size, raster.channels)
        case .int32(let raster): (raster.size, raster.channels)
        case .uint64(let raster): (raster.size, raster.channels)
        case .int64(let raster): (raster.size, raster.channels)
        case .float32(let raster): (raster.size, raster.channels)
        case .float64(let raster): (raster.size, raster.channels)
        }
    }
}

/// The numeric type of one sample of an image.
public enum SampleType: String, Hashable, Codable, Sendable, CaseIterable {
    /// 8-bit unsigned integer.
    case uint8
    /// 8-bit signed integer.
    case int8
    /// 16-bit unsigned integer.
    case uint16
    /// 16-bit signed integer.
    case int16
    /// 32-bit unsigned integer.
    case uint32
    /// 32-bit signed integer.
    case int32
    /// 64-bit unsigned integer.
    case uint64
    /// 64-bit signed integer.
    case int64
    /// Single-precision floating point.
    case float32
    /// Double-precision floating point.
    case float64

    /// Size of one sample in memory.
    public var byteCount: Int {
        switch self {
        case .uint8, .int8: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        }
    }
}
