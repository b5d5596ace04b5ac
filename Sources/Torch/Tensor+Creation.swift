import CTorch

extension Tensor {
    /// Copies elements in row-major order to a new tensor on the CPU.
    ///
    /// - Throws: ``TensorError`` if the shape does not fit the number of elements.
    public init<Element: TensorElement>(
        _ elements: [Element],
        shape: [Int]
    ) throws(TensorError) {
        let sizes = shape.map(Int64.init)
        try self.init("Tensor") { out in
            // Safe because both buffers are read inside the call only.
            elements.withUnsafeBytes { bytes in
                ms_tensor_from_bytes(
                    bytes.baseAddress,
                    Int64(bytes.count),
                    sizes,
                    Int32(sizes.count),
                    Element.dtype.rawValue,
                    out
                )
            }
        }
    }

    /// Copies elements in row-major order to a new tensor on the CPU.
    public init<Element: TensorElement>(
        _ elements: [Element],
        shape: Int...
    ) throws(TensorError) {
        try self.init(elements, shape: shape)
    }

    /// Copies raw bytes, row-major in the given type, to a new tensor on the CPU.
    public init(
        bytes: UnsafeRawBufferPointer,
        shape: [Int],
        dtype: DType
    ) throws(TensorError) {
        // Safe because the shim compares shape and number of bytes, and copies them.
        let sizes = shape.map(Int64.init)
        try self.init("Tensor") {
            ms_tensor_from_bytes(
                bytes.baseAddress,
                Int64(bytes.count),
                sizes,
                Int32(sizes.count),
                dtype.rawValue,
                $0
            )
        }
    }

    /// A tensor over memory that `owner` keeps alive, without a copy.
    ///
    /// The memory must hold the elements for as long as `owner` lives and must not change. The
    /// address must be aligned for the type.
    ///
    /// - Parameter strides: Steps between elements along each axis, in elements; nil is row-major.
    public init(
        borrowing bytes: UnsafeRawPointer,
        shape: [Int],
        strides: [Int]? = nil,
        dtype: DType,
        owner: any AnyObject & Sendable
    ) throws(TensorError) {
        let sizes = shape.map(Int64.init)
        let steps = strides?.map(Int64.init)
        // Safe because the shim calls `release` exactly once, when the storage is gone or on failure.
        let context = Unmanaged.passRetained(owner as AnyObject).toOpaque()
        let release: @convention(c) (UnsafeMutableRawPointer?) -> Void = { context in
            if let context { Unmanaged<AnyObject>.fromOpaque(context).release() }
        }
        try self.init("Tensor") { out in
            if let steps {
                ms_tensor_from_memory(
                    bytes,
                    sizes,
                    steps,
                    Int32(sizes.count),
                    dtype.rawValue,
                    release,
                    context,
                    out
                )
            } else {
                ms_tensor_from_memory(
                    bytes,
                    sizes,
                    nil,
                    Int32(sizes.count),
                    dtype.rawValue,
                    release,
                    context,
                    out
                )
            }
        }
    }

    /// A tensor with the same value everywhere.
    public static func full(
        _ value: Double,
        shape: [Int],
        dtype: DType = .float32,
        on device: Device = .cpu
    ) throws(TensorError) -> Tensor {
        let sizes = shape.map(Int64.init)
        return try Tensor("full") {
            ms_tensor_full(
                sizes,
                Int32(sizes.count),
                value,
                dtype.rawValue,
                device.native,
                $0
            )
        }
    }

    /// A tensor of zeros.
    public static func zeros(
        _ shape: [Int],
        dtype: DType = .float32,
        on device: Device = .cpu
    ) throws(TensorError) -> Tensor {
        try full(0, shape: shape, dtype: dtype, on: device)
    }

    /// A tensor of ones.
    public static func ones(
        _ shape: [Int],
        dtype: DType = .float32,
        on device: Device = .cpu
    ) throws(TensorError) -> Tensor {
        try full(1, shape: shape, dtype: dtype, on: device)
    }

    /// The numbers from 0 to `count` - 1.
    public static func arange(
        _ count: Int,
        dtype: DType = .float32,
        on device: Device = .cpu
    ) throws(TensorError) -> Tensor {
        try Tensor("arange") {
            ms_tensor_arange(0, Double(count), 1, dtype.rawValue, device.native, $0)
        }
    }

    /// Uniform random numbers in `0 ..< 1`, float32.
    public static func uniform(
        _ shape: [Int],
        using generator: RandomGenerator
    ) throws(TensorError) -> Tensor {
        let sizes = shape.map(Int64.init)
        return try Tensor("uniform") {
            ms_tensor_rand(
                sizes,
                Int32(sizes.count),
                generator.pointer,
                generator.device.native,
                $0
            )
        }
    }

    /// Normal random numbers of mean 0 and deviation 1, float32.
    public static func normal(
        _ shape: [Int],
        using generator: RandomGenerator
    ) throws(TensorError) -> Tensor {
        let sizes = shape.map(Int64.init)
        return try Tensor("normal") {
            ms_tensor_randn(
                sizes,
                Int32(sizes.count),
                generator.pointer,
                generator.device.native,
                $0
            )
        }
    }
}

/// A seeded source of random numbers on one device.
///
/// Not for use by two threads at once.
public final class RandomGenerator {
    /// Where the numbers are made.
    public let device: Device

    // Safe because this object alone owns the generator, and releases it once.
    let pointer: OpaquePointer

    /// Creates a generator; the same seed gives the same numbers on the same kind of device.
    public init(seed: UInt64, on device: Device = .cpu) throws(TensorError) {
        // Safe because the shim gives one reference, which this object takes over.
        var result: OpaquePointer?
        try check("RandomGenerator", [], ms_generator_new(seed, device.native, &result))
        guard let result else {
            throw .operationFailed(operation: "RandomGenerator", shapes: [], message: "no result")
        }
        self.device = device
        pointer = result
    }

    deinit {
        ms_generator_release(pointer)
    }
}
