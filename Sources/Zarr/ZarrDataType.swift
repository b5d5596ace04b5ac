/// The type of one element of an array.
public enum ZarrDataType: String, Hashable, Codable, Sendable, CaseIterable {
    /// A truth value in one byte.
    case bool
    /// 8-bit signed integer.
    case int8
    /// 16-bit signed integer.
    case int16
    /// 32-bit signed integer.
    case int32
    /// 64-bit signed integer.
    case int64
    /// 8-bit unsigned integer.
    case uint8
    /// 16-bit unsigned integer.
    case uint16
    /// 32-bit unsigned integer.
    case uint32
    /// 64-bit unsigned integer.
    case uint64
    /// Half-precision floating point.
    case float16
    /// Single-precision floating point.
    case float32
    /// Double-precision floating point.
    case float64

    /// Bytes of one element.
    public var byteCount: Int {
        switch self {
        case .bool, .int8, .uint8: 1
        case .int16, .uint16, .float16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64: 8
        }
    }

    /// The name in Zarr v2 (that of NumPy) for little-endian data.
    var numpyName: String {
        let order = byteCount == 1 ? "|" : "<"
        return switch self {
        case .bool: "|b1"
        case .int8, .int16, .int32, .int64: "\(order)i\(byteCount)"
        case .uint8, .uint16, .uint32, .uint64: "\(order)u\(byteCount)"
        case .float16, .float32, .float64: "\(order)f\(byteCount)"
        }
    }

    /// Reads a name of Zarr v2; nil for types that are not read here.
    static func numpy(_ name: String) -> (type: ZarrDataType, isBigEndian: Bool)? {
        guard name.utf8.count == 3, let order = name.first, "<>|=".contains(order) else {
            return nil
        }
        guard let type = allCases.first(where: { $0.numpyName.dropFirst() == name.dropFirst() })
        else { return nil }
        return (type, order == ">")
    }
}
