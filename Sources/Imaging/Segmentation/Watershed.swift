extension LabelImage {
    /// Floods `heights` from `markers`, lowest first, and stops where floods meet.
    ///
    /// The heights inside the mask are quantised to 65 536 levels by truncation. Each level is a
    /// stack: of equal levels, the pixel reached last is taken first. Marker pixels enter in
    /// row-major order; a pixel hands its label to its free neighbours in the order up, down,
    /// left, right, at their own level or its own, whichever is higher. Deterministic; cost is
    /// linear in the number of pixels, 20 bytes each.
    ///
    /// - Parameters:
    ///   - heights: The landscape, one channel. Only values inside the mask matter.
    ///   - markers: Where floods begin, with their labels. Markers outside the mask are ignored.
    ///   - mask: The pixels that may be flooded.
    /// - Returns: The labels of the markers, spread; 0 where no flood arrived.
    /// - Throws: ``ImagingError`` if sizes differ, a raster has several channels, or a height
    ///   inside the mask is not finite.
    /// - Source: the seeded watershed of bioimage-cpp 0.10, which micro-sam uses.
    public init(
        flooding heights: Raster<Float>,
        from markers: LabelImage,
        within mask: Raster<Bool>
    ) throws(ImagingError) {
        let size = heights.size
        try heights.requireOneChannel("heights")
        try mask.requireOneChannel("mask")
        guard markers.size == size else {
            throw .sizeMismatch("markers", expected: size, found: markers.size)
        }
        guard mask.size == size else {
            throw .sizeMismatch("mask", expected: size, found: mask.size)
        }
        guard size.count < Int(Int32.max) / 2 else {
            throw .invalidSize("watershed (segment in tiles)", size)
        }
        self.init(size: size)
        guard var levels = LevelMap(heights, within: mask) else { throw .notFinite("heights") }
        flood(&levels, from: markers, into: &labels)
    }
}

/// Quantised heights with a border of one pixel; -1 is closed: outside, or already labelled.
private struct LevelMap {
    static let count = 65_536

    let size: Size
    var values: [Int32]

    /// Number of columns with the border.
    var stride: Int { size.width + 2 }

    /// `nil` if a height inside the mask is not finite.
    init?(_ heights: Raster<Float>, within mask: Raster<Bool>) {
        size = heights.size
        values = [Int32](repeating: -1, count: (size.width + 2) * (size.height + 2))
        let (width, stride) = (size.width, size.width + 2)
        // Safe because pixels run over the grid that heights and mask share, and the target lies
        // one row and one column further inside the larger grid.
        let isFinite = heights.samples.withUnsafeBufferPointer { heights in
            mask.samples.withUnsafeBufferPointer { mask in
                values.withUnsafeMutableBufferPointer { values in
                    guard let (minimum, maximum) = range(of: heights, where: mask) else {
                        return false
                    }
                    let range = Double(maximum) - Double(minimum)
                    let scale = range > 0 ? Double(Self.count - 1) / range : 0
                    for y in 0..<heights.count / width {
                        let source = y &* width
                        let target = (y &+ 1) &* stride &+ 1
                        for x in 0..<width where mask[source &+ x] {
                            let height = Double(heights[source &+ x]) - Double(minimum)
                            values[target &+ x] = Int32(height * scale)
                        }
                    }
                    return true
                }
            }
        }
        guard isFinite else { return nil }
    }
}

/// Smallest and largest height inside the mask (0 and 0 if that is empty), or `nil` if a height
/// inside the mask is not finite.
private func range(
    of heights: UnsafeBufferPointer<Float>,
    where mask: UnsafeBufferPointer<Bool>
) -> (minimum: Float, maximum: Float)? {
    // Safe because both buffers have a value for every pixel.
    var minimum = Float.infinity
    var maximum = -Float.infinity
    var isFinite = true
    for index in heights.indices where mask[index] {
        let height = heights[index]
        minimum = height < minimum ? height : minimum
        maximum = height > maximum ? height : maximum
        if !height.isFinite { isFinite = false }
    }
    guard isFinite else { return nil }
    return minimum <= maximum ? (minimum, maximum) : (0, 0)
}

/// Stacks of pixels, one per level.
///
/// A pixel is on at most one stack, so a link per pixel suffices. Relies on: pixels and levels are
/// inside the two buffers, which live as long as the stacks.
private struct LevelStacks {
    // Safe because `flood` holds both arrays while the stacks are used; the buffers have a head
    // for every level and a link for every pixel.
    let heads: UnsafeMutableBufferPointer<Int32>
    let links: UnsafeMutableBufferPointer<Int32>

    @inline(__always)
    func push(_ pixel: Int, at level: Int) {
        links[pixel] = heads[level]
        heads[level] = Int32(truncatingIfNeeded: pixel)
    }

    @inline(__always)
    func pop(at level: Int) -> Int? {
        let pixel = Int(heads[level])
        guard pixel >= 0 else { return nil }
        heads[level] = links[pixel]
        return pixel
    }
}

/// Relies on: the border of `levels` is closed, so that no neighbour lies outside.
private func flood(_ levels: inout LevelMap, from markers: LabelImage, into labels: inout [UInt32])
{
    let (width, stride) = (levels.size.width, levels.stride)
    let rows = levels.size.height
    var padded = [UInt32](repeating: 0, count: levels.values.count)
    var heads = [Int32](repeating: -1, count: LevelMap.count)
    var links = [Int32](repeating: -1, count: levels.values.count)
    // Safe because all pixels are inside the padded grid, all levels below the number of stacks,
    // and nothing keeps the pointers beyond these closures.
    // Safe because the arrays have the size of the padded image, and the pointers end here.
    heads.withUnsafeMutableBufferPointer { heads in
        links.withUnsafeMutableBufferPointer { links in
            padded.withUnsafeMutableBufferPointer { padded in
                levels.values.withUnsafeMutableBufferPointer { levels in
                    let stacks = LevelStacks(heads: heads, links: links)
                    for y in 0..<rows {
                        for x in 0..<width where markers.labels[y &* width &+ x] != 0 {
                            let pixel = (y &+ 1) &* stride &+ x &+ 1
                            guard levels[pixel] >= 0 else { continue }
                            padded[pixel] = markers.labels[y &* width &+ x]
                            stacks.push(pixel, at: Int(levels[pixel]))
                            levels[pixel] = -1
                        }
                    }
                    spread(stacks, levels, padded, stride)
                }
            }
        }
    }
    for y in 0..<rows {
        let source = (y + 1) * stride + 1
        labels.replaceSubrange(y * width..<(y + 1) * width, with: padded[source..<source + width])
    }
}

/// Empties the stacks from the lowest level up.
///
/// Relies on what ``flood`` has prepared.
private func spread(
    _ stacks: LevelStacks,
    _ levels: UnsafeMutableBufferPointer<Int32>,
    _ labels: UnsafeMutableBufferPointer<UInt32>,
    _ stride: Int
) {
    // Safe because the border of the padded image has the level -1, so that no neighbour lies
    // outside.
    for level in 0..<LevelMap.count {
        while let pixel = stacks.pop(at: level) {
            let label = labels[pixel]
            func visit(_ neighbor: Int) {
                let own = Int(levels[neighbor])
                guard own >= 0 else { return }
                levels[neighbor] = -1
                labels[neighbor] = label
                stacks.push(neighbor, at: max(own, level))
            }
            visit(pixel &- stride)
            visit(pixel &+ stride)
            visit(pixel &- 1)
            visit(pixel &+ 1)
        }
    }
}
