import CTorch

/// The type of a tensor's elements.
public enum DType: Int32, Hashable, Sendable, CaseIterable {
    /// 8-bit unsigned integer.
    case uint8 = 0
    /// 8-bit signed integer.
    case int8
    /// 16-bit signed integer.
    case int16
    /// 32-bit signed integer.
    case int32
    /// 64-bit signed integer.
    case int64
    /// IEEE half precision.
    case float16
    /// The upper half of single precision.
    case bfloat16
    /// Single precision.
    case float32
    /// Double precision.
    case float64
    /// One byte, 0 or 1.
    case bool

    /// Size of one element in memory.
    public var byteCount: Int {
        switch self {
        case .uint8, .int8, .bool: 1
        case .int16, .float16, .bfloat16: 2
        case .int32, .float32: 4
        case .int64, .float64: 8
        }
    }
}

/// A Swift type that has the memory layout of a tensor's elements.
public protocol TensorElement: BitwiseCopyable, Sendable {
    /// The element type of tensors made from this type.
    static var dtype: DType { get }
}

extension UInt8: TensorElement {
    /// The data type `.uint8`.
    public static var dtype: DType { .uint8 }
}
extension Int32: TensorElement {
    /// The data type `.int32`.
    public static var dtype: DType { .int32 }
}
extension Int64: TensorElement {
    /// The data type `.int64`.
    public static var dtype: DType { .int64 }
}
extension Float: TensorElement {
    /// The data type `.float32`.
    public static var dtype: DType { .float32 }
}
extension Double: TensorElement {
    /// The data type `.float64`.
    public static var dtype: DType { .float64 }
}
extension Bool: TensorElement {
    /// The data type `.bool`.
    public static var dtype: DType { .bool }
}
