/// A block of an array of any number of dimensions: `start ..< start + shape` along each.
public struct ZarrRegion: Hashable, Sendable {
    /// First index along each dimension.
    public var start: [Int]

    /// Number of indices along each dimension.
    public var shape: [Int]

    /// Creates a region; both lists have one entry per dimension.
    public init(start: [Int], shape: [Int]) {
        self.start = start
        self.shape = shape
    }

    /// Number of elements; the shape is known to be small enough.
    public var count: Int { shape.reduce(1, *) }

    /// Whether the product of the sides of an array does not exceed a limit, and thus not the integers.
    public static func isCountable(_ shape: [Int], limit: Int) -> Bool {
        var count = 1
        for side in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: max(side, 1))
            guard !overflow, product <= limit else { return false }
            count = product
        }
        return true
    }

    /// Whether the region has the right number of dimensions, is not empty and lies in an array.
    func isInside(_ arrayShape: [Int]) -> Bool {
        start.count == arrayShape.count && shape.count == arrayShape.count
            && zip(start, zip(shape, arrayShape)).allSatisfy { start, sides in
                start >= 0 && sides.0 > 0 && sides.0 <= sides.1 && start <= sides.1 - sides.0
            }
    }

    /// The part that both regions have; nil if there is none.
    func intersection(_ other: ZarrRegion) -> ZarrRegion? {
        var result = self
        for axis in start.indices {
            let from = max(start[axis], other.start[axis])
            let to = min(start[axis] + shape[axis], other.start[axis] + other.shape[axis])
            guard from < to else { return nil }
            result.start[axis] = from
            result.shape[axis] = to - from
        }
        return result
    }
}

/// Copies `part` (in coordinates of the array) from one block to another; both hold elements of
/// `size` bytes in C order and cover the part.
func copy(
    _ part: ZarrRegion,
    from source: UnsafeRawBufferPointer,
    of sourceRegion: ZarrRegion,
    to target: UnsafeMutableRawBufferPointer,
    of targetRegion: ZarrRegion,
    size: Int
) {
    // Safe because callers give buffers of the size of both regions, and the part lies in both.
    let rank = part.shape.count
    guard rank > 0 else {
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<size]))
        return
    }
    let sourceStrides = strides(sourceRegion.shape)
    let targetStrides = strides(targetRegion.shape)
    var sourceBase = 0
    var targetBase = 0
    for axis in 0..<rank {
        sourceBase += (part.start[axis] - sourceRegion.start[axis]) * sourceStrides[axis]
        targetBase += (part.start[axis] - targetRegion.start[axis]) * targetStrides[axis]
    }
    let rowBytes = part.shape[rank - 1] * size
    var index = [Int](repeating: 0, count: rank)
    while true {
        var from = sourceBase
        var to = targetBase
        for axis in 0..<rank - 1 {
            from += index[axis] * sourceStrides[axis]
            to += index[axis] * targetStrides[axis]
        }
        UnsafeMutableRawBufferPointer(rebasing: target[to * size..<to * size + rowBytes])
            .copyMemory(
                from: UnsafeRawBufferPointer(rebasing: source[from * size..<from * size + rowBytes])
            )
        guard advance(&index, within: part.shape, dimensions: rank - 1) else { return }
    }
}

/// Elements between neighbours along each dimension, in C order.
func strides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in stride(from: shape.count - 2, through: 0, by: -1) {
        strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    return strides
}

/// The next index in C order over the first `dimensions` of `shape`; false after the last.
func advance(_ index: inout [Int], within shape: [Int], dimensions: Int) -> Bool {
    for axis in stride(from: dimensions - 1, through: 0, by: -1) {
        index[axis] += 1
        if index[axis] < shape[axis] { return true }
        index[axis] = 0
    }
    return false
}
