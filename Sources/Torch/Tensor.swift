import CTorch

/// A multi-dimensional array of numbers on one device.
///
/// A tensor is a value: no public operation changes one. Operations run on the device of their
/// operands and throw ``TensorError``; views share memory with their source.
///
/// ```swift
/// let x = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: 2, 3)
/// let y = try (x + 1).matmul(x.transposed(0, 1))    // shape [2, 2]
/// ```
public struct Tensor: Sendable {
    /// The handle that keeps the tensor alive.
    let handle: TensorHandle

    /// Takes ownership of a handle of the shim.
    init(owning pointer: OpaquePointer) {
        // Safe because the handle releases the pointer once.
        handle = TensorHandle(pointer)
    }

    /// Runs a function of the shim that makes one tensor.
    @inline(__always)
    init(
        _ operation: StaticString,
        _ operands: @autoclosure () -> [Tensor] = [],
        _ body: (UnsafeMutablePointer<OpaquePointer?>) -> ms_status
    ) throws(TensorError) {
        // Safe because the pointer to the result ends with the call of the body, which hands over
        // one reference.
        var result: OpaquePointer?
        try check(operation, operands(), body(&result))
        guard let result else {
            throw .operationFailed(operation: "\(operation)", shapes: [], message: "no result")
        }
        self.init(owning: result)
    }

    // Safe because it is used only where the tensor, and with it the handle, is kept alive.
    var pointer: OpaquePointer { handle.pointer }
}

/// Owns one handle of the shim.
final class TensorHandle: @unchecked Sendable {
    // Safe because libtorch counts references atomically and no public operation writes to a tensor.
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        ms_tensor_release(pointer)
    }
}

// MARK: - Properties

extension Tensor {
    /// Sizes of the axes.
    public var shape: [Int] {
        [Int](unsafeUninitializedCapacity: rank) { buffer, count in
            // Safe because the buffer has `rank` elements and Int is 64 bits wide here.
            withExtendedLifetime(handle) {
                buffer.withMemoryRebound(to: Int64.self) {
                    ms_tensor_shape(pointer, $0.baseAddress)
                }
            }
            count = rank
        }
    }

    /// Number of axes.
    public var rank: Int { withExtendedLifetime(handle) { Int(ms_tensor_rank(pointer)) } }

    /// Number of elements.
    public var count: Int { withExtendedLifetime(handle) { Int(ms_tensor_count(pointer)) } }

    /// Type of the elements.
    public var dtype: DType {
        withExtendedLifetime(handle) {
            guard let dtype = DType(rawValue: ms_tensor_dtype(pointer)) else {
                preconditionFailure("the shim made a tensor of a type it does not declare")
            }
            return dtype
        }
    }

    /// Where the tensor lives.
    public var device: Device { withExtendedLifetime(handle) { Device(ms_tensor_device(pointer)) } }

    /// Whether the elements are stored row-major without gaps.
    public var isContiguous: Bool {
        withExtendedLifetime(handle) { ms_tensor_is_contiguous(pointer) }
    }

    /// Whether a four-dimensional tensor is stored with its channels innermost.
    public var isChannelsLast: Bool {
        withExtendedLifetime(handle) { ms_tensor_is_channels_last(pointer) }
    }

    /// Size of one axis; negative axes count from the end.
    public func size(_ axis: Int) -> Int {
        let sizes = shape
        return sizes[axis < 0 ? axis + sizes.count : axis]
    }
}

extension Tensor: CustomStringConvertible {
    /// Type, shape and device, such as `float32 [1, 256, 64, 64] on cpu`.
    public var description: String { "\(dtype) \(shape) on \(device)" }
}

// MARK: - Elements

extension Tensor {
    /// All elements in row-major order, from any device.
    ///
    /// - Throws: ``TensorError`` if `Element` is not the type of the tensor.
    public func elements<Element: TensorElement>(
        as type: Element.Type = Element.self
    ) throws(TensorError) -> [Element] {
        guard type.dtype == dtype else {
            throw .operationFailed(
                operation: "elements",
                shapes: [shape],
                message: "the tensor holds \(dtype), not \(type.dtype)"
            )
        }
        let count = self.count
        var status: ms_status = 0
        let result = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            // Safe because the shim writes exactly `count` elements or fails.
            status = ms_tensor_copy_to(
                pointer,
                buffer.baseAddress,
                Int64(count * MemoryLayout<Element>.stride)
            )
            initialized = status == 0 ? count : 0
        }
        try check("elements", [self], status)
        return result
    }

    /// The only element of a tensor that has one, as a number.
    public func item() throws(TensorError) -> Double {
        guard count == 1 else {
            throw .operationFailed(
                operation: "item",
                shapes: [shape],
                message: "needs exactly one element"
            )
        }
        return try converted(to: .float64).elements(as: Double.self)[0]
    }

    /// Reads the elements of a contiguous tensor on the CPU in place.
    ///
    /// The buffer is valid inside `body` only.
    public func withElements<Element: TensorElement, Result>(
        as type: Element.Type = Element.self,
        _ body: (UnsafeBufferPointer<Element>) -> Result
    ) throws(TensorError) -> Result {
        guard type.dtype == dtype else {
            throw .operationFailed(
                operation: "withElements",
                shapes: [shape],
                message: "the tensor holds \(dtype), not \(type.dtype)"
            )
        }
        var address: UnsafeMutableRawPointer?
        try check("withElements", [self], ms_tensor_data(pointer, &address))
        // Safe because the shim checked layout and device, and `self` outlives the call.
        return withExtendedLifetime(self) {
            body(
                UnsafeBufferPointer(
                    start: address?.assumingMemoryBound(to: Element.self),
                    count: count
                )
            )
        }
    }

    /// Whether both have the same type, shape and elements.
    public func isIdentical(to other: Tensor) throws(TensorError) -> Bool {
        var result = false
        try check("isIdentical", [self, other], ms_tensor_equal(pointer, other.pointer, &result))
        return result
    }
}
