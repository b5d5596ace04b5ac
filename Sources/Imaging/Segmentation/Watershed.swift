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
        var minimum = Float.infinity
        var maximum = -Float.infinity
        var isFinite = true
        for (height, isInside) in zip(heights.samples, mask.samples) where isInside {
            minimum = min(minimum, height)
            maximum = max(maximum, height)
            isFinite = isFinite && height.isFinite
        }
        guard isFinite else { return nil }
        let range = Double(maximum) - Double(minimum)
        let scale = range > 0 ? Double(Self.count - 1) / range : 0
        for y in 0..<size.height {
            for x in 0..<size.width where mask.samples[y * size.width + x] {
                let height = Double(heights.samples[y * size.width + x])
                values[(y + 1) * (size.width + 2) + x + 1] =
                    Int32((height - Double(minimum)) * scale)
            }
        }
    }
}

/// Stacks of pixels, one per level.
///
/// A pixel is on at most one stack, so a link per pixel suffices.
private struct LevelStacks {
    private var heads = [Int32](repeating: -1, count: LevelMap.count)
    private var links: [Int32]

    init(pixelCount: Int) { links = [Int32](repeating: -1, count: pixelCount) }

    @inline(__always)
    mutating func push(_ pixel: Int, at level: Int) {
        links[pixel] = heads[level]
        heads[level] = Int32(truncatingIfNeeded: pixel)
    }

    @inline(__always)
    mutating func pop(at level: Int) -> Int? {
        let pixel = Int(heads[level])
        guard pixel >= 0 else { return nil }
        heads[level] = links[pixel]
        return pixel
    }
}

/// Relies on: the border of `levels` is closed, so that no neighbour lies outside.
private func flood(_ levels: inout LevelMap, from markers: LabelImage, into labels: inout [UInt32])
{
    let stride = levels.stride
    var padded = [UInt32](repeating: 0, count: levels.values.count)
    var stacks = LevelStacks(pixelCount: levels.values.count)
    for y in 0..<levels.size.height {
        for x in 0..<levels.size.width {
            let label = markers.labels[y * levels.size.width + x]
            let pixel = (y + 1) * stride + x + 1
            guard label != 0, levels.values[pixel] >= 0 else { continue }
            padded[pixel] = label
            stacks.push(pixel, at: Int(levels.values[pixel]))
            levels.values[pixel] = -1
        }
    }
    let neighbors = (-stride, stride, -1, 1)
    for level in 0..<LevelMap.count {
        while let pixel = stacks.pop(at: level) {
            let label = padded[pixel]
            func visit(_ neighbor: Int) {
                let own = Int(levels.values[neighbor])
                guard own >= 0 else { return }
                levels.values[neighbor] = -1
                padded[neighbor] = label
                stacks.push(neighbor, at: max(own, level))
            }
            visit(pixel &+ neighbors.0)
            visit(pixel &+ neighbors.1)
            visit(pixel &+ neighbors.2)
            visit(pixel &+ neighbors.3)
        }
    }
    for y in 0..<levels.size.height {
        for x in 0..<levels.size.width {
            labels[y * levels.size.width + x] = padded[(y + 1) * stride + x + 1]
        }
    }
}
