/// How the elements of one chunk become bytes.
struct ChunkCodec: Hashable, Sendable {
    /// The axis of the array that each stored axis is, slowest first; nil for C order.
    var axisOrder: [Int]?
    /// What is done with the elements before they are bytes, in the order in which they are encoded.
    var filters: [ElementFilter] = []
    var isBigEndian = false
    var byteCodecs: [ByteCodec] = []

    /// The elements in C order and native byte order; nil if the bytes are damaged.
    func decoded(_ bytes: [UInt8], shape: [Int], elementSize: Int) -> [UInt8]? {
        let count = shape.reduce(1, *)
        let storedSize = filters.last?.stored.type.byteCount ?? elementSize
        guard var elements = byteCodecs.decoded(bytes, count: count * storedSize) else {
            return nil
        }
        for filter in filters.reversed() { elements = filter.decoded(elements) }
        guard elements.count == count * elementSize else { return nil }
        if isBigEndian { reverseBytes(of: &elements, size: elementSize) }
        guard let axisOrder else { return elements }
        return permuted(
            elements,
            shape: axisOrder.map { shape[$0] },
            order: inverse(axisOrder),
            size: elementSize
        )
    }

    /// The bytes of elements in C order; nil if a compressor refuses.
    func encoded(_ elements: [UInt8], shape: [Int], elementSize: Int) -> [UInt8]? {
        // Arrays with filters are only read.
        guard filters.isEmpty else { return nil }
        var elements = elements
        if let axisOrder {
            elements = permuted(elements, shape: shape, order: axisOrder, size: elementSize)
        }
        if isBigEndian { reverseBytes(of: &elements, size: elementSize) }
        return byteCodecs.encoded(elements, elementSize: elementSize)
    }
}

private func inverse(_ order: [Int]) -> [Int] {
    var result = order
    for (position, axis) in order.enumerated() { result[axis] = position }
    return result
}

/// Rearranges elements: axis `i` of the result is axis `order[i]` of the source of this shape.
private func permuted(_ elements: [UInt8], shape: [Int], order: [Int], size: Int) -> [UInt8] {
    let sourceStrides = strides(shape)
    let resultShape = order.map { shape[$0] }
    var result: [UInt8] = []
    result.reserveCapacity(elements.count)
    var index = [Int](repeating: 0, count: shape.count)
    repeat {
        var position = 0
        for (axis, source) in order.enumerated() { position += index[axis] * sourceStrides[source] }
        result.append(contentsOf: elements[position * size..<(position + 1) * size])
    } while advance(&index, within: resultShape, dimensions: shape.count)
    return result
}

/// Reverses the bytes of each element.
func reverseBytes(of bytes: inout [UInt8], size: Int) {
    // Safe because the buffer is that of the array, during the call.
    bytes.withUnsafeMutableBytes { reverseBytes(of: $0, size: size) }
}

/// Reverses the bytes of each element.
func reverseBytes(of bytes: UnsafeMutableRawBufferPointer, size: Int) {
    // Safe because the bytes are whole elements, so that both places lie within them.
    guard size > 1 else { return }
    for start in stride(from: 0, to: bytes.count, by: size) {
        for offset in 0..<size / 2 { bytes.swapAt(start + offset, start + size - 1 - offset) }
    }
}
