extension LabelImage {
    /// Gives every connected group of true pixels its own label.
    ///
    /// Labels are 1, 2, … in the order in which the groups are met row by row. Cost: two passes.
    ///
    /// - Parameters:
    ///   - mask: One channel, true where there is an object.
    ///   - connectivity: Which pixels touch each other.
    /// - Throws: ``ImagingError/invalidParameter(_:reason:)`` if the mask has several channels.
    public init(
        componentsOf mask: Raster<Bool>,
        connectivity: Connectivity2D
    ) throws(ImagingError) {
        try mask.requireOneChannel("mask")
        self.init(size: mask.size)
        labels = components(of: mask.samples, background: false, mask.size, connectivity)
    }

    /// Splits labels into connected groups of pixels that have the same label.
    ///
    /// The new labels are 1, 2, … in the order in which the groups are met row by row; 0 stays 0.
    public func splitIntoComponents(connectivity: Connectivity2D) -> LabelImage {
        var result = self
        result.labels = components(of: labels, background: 0, size, connectivity)
        return result
    }
}

extension Raster {
    /// Throws if there is more than one sample per pixel.
    package func requireOneChannel(_ name: String) throws(ImagingError) {
        guard channels == 1 else {
            throw .invalidParameter(name, reason: "must have one channel, but has \(channels)")
        }
    }
}

/// Two passes with a disjoint-set forest whose roots are the smallest provisional labels.
///
/// The first pixel of a group in row-major order always opens a new provisional label, and that is
/// the smallest of its group, so numbering the roots in order numbers the groups in order.
@inline(__always)
private func components<Value: Equatable>(
    of values: [Value],
    background: Value,
    _ size: Size,
    _ connectivity: Connectivity2D
) -> [UInt32] {
    var forest = DisjointSets()
    var result = [UInt32](repeating: 0, count: values.count)
    let width = size.width
    let hasCorners = connectivity == .edgesAndCorners
    // Safe because only neighbours inside the grid are visited.
    values.withUnsafeBufferPointer { values in
        result.withUnsafeMutableBufferPointer { result in
            for y in 0..<size.height {
                for x in 0..<width {
                    let index = y &* width &+ x
                    let value = values[index]
                    if value == background { continue }
                    var label: UInt32 = 0
                    func join(_ neighbor: Int) {
                        guard values[neighbor] == value else { return }
                        let other = result[neighbor]
                        label = label == 0 || label == other ? other : forest.union(label, other)
                    }
                    if x > 0 { join(index &- 1) }
                    if y > 0 {
                        join(index &- width)
                        if hasCorners && x > 0 { join(index &- width &- 1) }
                        if hasCorners && x &+ 1 < width { join(index &- width &+ 1) }
                    }
                    result[index] = label == 0 ? forest.insert() : label
                }
            }
            let numbers = forest.rootNumbers()
            for index in result.indices { result[index] = numbers[Int(result[index])] }
        }
    }
    return result
}
