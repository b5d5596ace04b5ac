public import Files

/// One tensor of a file: its name, type, shape, and where its numbers lie.
///
/// Nothing is read until asked.
///
/// An entry keeps the file mapped as long as it lives. All bounds were checked when the file was opened.
public struct TensorEntry: Sendable {
    /// The name in the file, or the name after a prefix was removed.
    public internal(set) var name: String
    /// The type of the elements as stored.
    public let elementType: ElementType
    /// Number of elements per axis; empty for a scalar.
    public let shape: [Int]
    /// Distance between neighbours along each axis, in elements, as stored.
    public let strides: [Int]
    /// The file that holds the bytes.
    public let storage: ByteStorage
    /// Where the first element lies in ``storage``, in bytes.
    public let byteOffset: Int
    /// Whether the numbers are stored with the most significant byte first.
    let isBigEndian: Bool

    /// Number of elements.
    public let elementCount: Int

    /// Size of the contiguous tensor in bytes.
    public var byteCount: Int { elementCount * elementType.byteCount }

    /// The file name for error messages.
    public var file: String { storage.name }

    /// Most axes that a tensor may have.
    static let maximumRank = 32

    /// Describes a tensor and checks that it lies inside its storage.
    ///
    /// - Parameters:
    ///   - strides: In elements; row-major strides when nil.
    ///   - window: The bytes of `storage` that belong to the tensor's storage.
    ///   - elementOffset: Where the tensor starts in the window, in elements.
    ///   - repetitionLimit: Elements that a tensor may have beyond those in its window. Strides of 0
    ///     repeat elements, and a few bytes must not claim gigabytes.
    package init(
        name: String,
        elementType: ElementType,
        shape: [Int],
        strides: [Int]? = nil,
        storage: ByteStorage,
        window: Range<Int>,
        elementOffset: Int = 0,
        isBigEndian: Bool = false,
        repetitionLimit: Int = 1 << 20
    ) throws(CheckpointError) {
        func malformed(_ what: String) -> CheckpointError {
            .malformed(file: storage.name, what: "tensor '\(name)' \(what)")
        }
        guard shape.count <= TensorEntry.maximumRank else {
            throw malformed("has \(shape.count) axes")
        }
        guard let count = TensorEntry.product(of: shape),
            let byteCount = TensorEntry.product(of: [count, elementType.byteCount])
        else {
            throw malformed("has an impossible shape \(shape)")
        }
        let strides = strides ?? TensorEntry.rowMajorStrides(of: shape)
        guard strides.count == shape.count, strides.allSatisfy({ $0 >= 0 }), elementOffset >= 0
        else {
            throw malformed("has shape \(shape) but strides \(strides) and offset \(elementOffset)")
        }
        let available = window.count / elementType.byteCount
        if count > 0 {
            guard
                let last = TensorEntry.lastIndex(
                    shape: shape,
                    strides: strides,
                    start: elementOffset
                ),
                last < available
            else {
                throw .truncated(
                    file: storage.name,
                    what: "tensor '\(name)' of shape \(shape), \(elementType.rawValue),",
                    needed: byteCount,
                    available: window.count
                )
            }
            guard count <= max(available, repetitionLimit) else {
                throw .limitExceeded(
                    file: storage.name,
                    what: "the number of elements of the repeated tensor '\(name)'",
                    limit: max(available, 1 << 20),
                    found: count
                )
            }
        }
        guard window.lowerBound >= 0, window.upperBound <= storage.count else {
            throw malformed("lies outside the file")
        }
        self.name = name
        self.elementType = elementType
        self.shape = shape
        self.strides = strides
        self.storage = storage
        self.byteOffset =
            count > 0
            ? window.lowerBound + elementOffset * elementType.byteCount : window.lowerBound
        self.isBigEndian = isBigEndian
        self.elementCount = count
    }

    /// The same tensor under another name.
    func renamed(_ newName: String) -> TensorEntry {
        var copy = self
        copy.name = newName
        return copy
    }

    // MARK: - Arithmetic of shapes

    /// The product, or nil for a negative factor or an overflow.
    static func product(of factors: [Int]) -> Int? {
        var result = 1
        var isEmpty = false
        for factor in factors {
            guard factor >= 0 else { return nil }
            if factor == 0 {
                isEmpty = true
                continue
            }
            let (value, overflow) = result.multipliedReportingOverflow(by: factor)
            guard !overflow else { return nil }
            result = value
        }
        return isEmpty ? 0 : result
    }

    /// Strides of a tensor that is stored row by row without gaps.
    ///
    /// The product of `shape` must be valid.
    static func rowMajorStrides(of shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() {
            strides[axis] = strides[axis + 1] * max(1, shape[axis + 1])
        }
        return strides
    }

    /// Index of the last element in the storage, or nil on overflow.
    ///
    /// No axis may be empty.
    private static func lastIndex(shape: [Int], strides: [Int], start: Int) -> Int? {
        var last = start
        for (size, stride) in zip(shape, strides) {
            let (step, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
            let (sum, overflow2) = last.addingReportingOverflow(step)
            guard !overflow, !overflow2 else { return nil }
            last = sum
        }
        return last
    }
}

// MARK: - Reading the numbers

extension TensorEntry {
    /// Whether the elements are stored row by row, without gaps, in the byte order of this machine.
    public var isContiguous: Bool {
        guard !isBigEndian || elementType.byteCount == 1 else { return false }
        if elementCount <= 1 { return true }
        var expected = 1
        for axis in shape.indices.reversed() where shape[axis] != 1 {
            guard strides[axis] == expected else { return false }
            expected *= shape[axis]
        }
        return true
    }

    /// Whether ``withBytes(_:)`` hands out the mapped file itself, without a copy.
    ///
    /// Then the pointer stays valid as long as ``storage`` lives, so that a tensor can be built over it.
    public var isDirectlyReadable: Bool {
        isContiguous && (elementCount == 0 || address % elementType.byteCount == 0)
    }

    /// Gives access to the elements: row-major, native byte order, aligned for the element type.
    ///
    /// Copies only if the stored form is strided, unaligned or of the other byte order.
    ///
    /// - Parameter body: Receives exactly ``byteCount`` bytes, valid during the call.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // Safe because the place of the entry was checked when it was made, the storage outlives
        // the call, and a copy is freed after it.
        defer { withExtendedLifetime(storage) {} }
        if isDirectlyReadable {
            return try body(
                UnsafeRawBufferPointer(
                    rebasing: storage.bytes[byteOffset..<(byteOffset + byteCount)]
                )
            )
        }
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
        defer { copy.deallocate() }
        gather(into: copy)
        return try body(UnsafeRawBufferPointer(copy))
    }

    /// The elements as single-precision numbers, row-major.
    ///
    /// Halves and bfloats are widened exactly; doubles and large integers are rounded.
    public func floats() -> [Float] {
        withBytes { bytes in
            switch elementType {
            case .float32: bytes.bindMemory(to: Float.self).map { $0 }
            case .float64: bytes.bindMemory(to: Double.self).map { Float($0) }
            case .float16: bytes.bindMemory(to: UInt16.self).map { Float(halfBits: $0) }
            case .bfloat16: bytes.bindMemory(to: UInt16.self).map { Float(brainBits: $0) }
            case .int8: bytes.bindMemory(to: Int8.self).map { Float($0) }
            case .int16: bytes.bindMemory(to: Int16.self).map { Float($0) }
            case .int32: bytes.bindMemory(to: Int32.self).map { Float($0) }
            case .int64: bytes.bindMemory(to: Int64.self).map { Float($0) }
            case .uint8: bytes.map { Float($0) }
            case .uint16: bytes.bindMemory(to: UInt16.self).map { Float($0) }
            case .uint32: bytes.bindMemory(to: UInt32.self).map { Float($0) }
            case .uint64: bytes.bindMemory(to: UInt64.self).map { Float($0) }
            case .bool: bytes.map { $0 == 0 ? 0 : 1 }
            }
        }
    }

    private var address: Int {
        Int(bitPattern: storage.bytes.baseAddress) &+ byteOffset
    }

    /// Copies the elements one by one in row-major order, turning the bytes round if needed.
    ///
    /// Relies on: every index was checked against the storage in the initializer.
    private func gather(into target: UnsafeMutableRawBufferPointer) {
        // Safe because the target has room for all elements, and the strides stay within the
        // storage, which was checked when the entry was made.
        let width = elementType.byteCount
        let source = storage.bytes
        var index = [Int](repeating: 0, count: shape.count)
        var position = byteOffset
        for element in 0..<elementCount {
            for byte in 0..<width {
                let from = isBigEndian ? width - 1 - byte : byte
                target[element * width + byte] = source[position + from]
            }
            var axis = shape.count - 1
            while axis >= 0 {
                index[axis] += 1
                position += strides[axis] * width
                if index[axis] < shape[axis] { break }
                position -= strides[axis] * width * shape[axis]
                index[axis] = 0
                axis -= 1
            }
        }
    }
}
