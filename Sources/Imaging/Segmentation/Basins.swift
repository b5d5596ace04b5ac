extension LabelImage {
    /// The basins of a landscape: each surrounds a minimum from which every way to a lower one climbs by at least
    /// `depth`.
    ///
    /// Pixels enter from the lowest to the highest, at 65 536 levels. Where basins meet, the shallower one ends if it
    /// is less than `depth` deep at that level; otherwise both stay, and the pixel goes to the first of them. The
    /// minima are those of the h-minima transform with h = `depth`. Cost is linear in the number of pixels, up to
    /// 14 bytes each.
    ///
    /// - Parameters:
    ///   - heights: The landscape, one channel, 0...1; what lies beyond is cut.
    ///   - mask: The pixels that belong to basins.
    ///   - depth: In units of the heights, above 0.
    ///   - connectivity: Which pixels touch each other.
    /// - Returns: Basins in row-major order; 0 outside the mask.
    /// - Throws: ``ImagingError`` if sizes differ, a raster has several channels, or a height inside the mask is not
    ///   finite.
    /// - Source: h-minima: Soille, Morphological Image Analysis (2003).
    public init(
        basinsOf heights: Raster<Float>,
        within mask: Raster<Bool>,
        depth: Float,
        connectivity: Connectivity2D = .edgesAndCorners
    ) throws(ImagingError) {
        try heights.requireOneChannel("heights")
        try mask.requireOneChannel("mask")
        guard mask.size == heights.size else {
            throw .sizeMismatch("mask", expected: heights.size, found: mask.size)
        }
        guard heights.size.count < Int(Int32.max) else {
            throw .invalidSize("basins (segment in tiles)", heights.size)
        }
        self.init(size: heights.size)
        for (height, isInside) in zip(heights.samples, mask.samples)
        where isInside && !height.isFinite {
            throw .notFinite("heights")
        }
        var basins = Basins(heights, within: mask, depth: depth)
        basins.grow(connectivity)
        labels = basins.labels()
    }
}

/// Basins that grow from their minima, pixel by pixel.
private struct Basins {
    private static let highest: Float = 65_535

    private let size: Size
    private let depth: Int

    /// The level of each pixel.
    private let levels: [UInt16]

    /// The pixels inside the mask, the lowest first, those of one level row by row.
    private let order: [Int32]

    /// The basin that each pixel went to, 0 where none is yet.
    private var numbers: [UInt32]

    /// Basins are numbered from the lowest minimum on, so the root of joined ones is the deepest.
    private var basins = DisjointSets()

    /// The level of each basin's minimum, by its number.
    private var floors: [UInt16] = [0]

    init(_ heights: Raster<Float>, within mask: Raster<Bool>, depth: Float) {
        size = heights.size
        self.depth = Int(min(max(depth, 0), 1) * Self.highest)
        let levels = heights.samples.map { height in
            height > 0 ? UInt16(min(height, 1) * Self.highest) : 0
        }
        self.levels = levels
        order = Self.sorted(levels, within: mask)
        numbers = [UInt32](repeating: 0, count: levels.count)
    }

    /// The pixels of the mask by level, counted instead of compared.
    private static func sorted(_ levels: [UInt16], within mask: Raster<Bool>) -> [Int32] {
        var starts = [Int](repeating: 0, count: Int(highest) + 2)
        for pixel in levels.indices where mask.samples[pixel] {
            starts[Int(levels[pixel]) + 1] += 1
        }
        for level in starts.indices.dropFirst() { starts[level] += starts[level - 1] }
        var order = [Int32](repeating: 0, count: starts[starts.count - 1])
        for pixel in levels.indices where mask.samples[pixel] {
            let level = Int(levels[pixel])
            order[starts[level]] = Int32(pixel)
            starts[level] += 1
        }
        return order
    }

    mutating func grow(_ connectivity: Connectivity2D) {
        let steps = Self.steps(connectivity)
        for pixel in order {
            let (x, y) = (Int(pixel) % size.width, Int(pixel) / size.width)
            let level = levels[Int(pixel)]
            var basin: UInt32 = 0
            for (dx, dy) in steps {
                guard (0..<size.width).contains(x + dx), (0..<size.height).contains(y + dy) else {
                    continue
                }
                let neighbor = basins.root(numbers[(y + dy) * size.width + x + dx])
                guard neighbor > 0, neighbor != basin else { continue }
                basin = basin == 0 ? neighbor : joined(basin, neighbor, at: level)
            }
            numbers[Int(pixel)] = basin > 0 ? basin : begun(at: level)
        }
    }

    private static func steps(_ connectivity: Connectivity2D) -> [(Int, Int)] {
        let edges = [(0, -1), (-1, 0), (1, 0), (0, 1)]
        switch connectivity {
        case .edges: return edges
        case .edgesAndCorners: return edges + [(-1, -1), (1, -1), (-1, 1), (1, 1)]
        }
    }

    /// A new basin whose minimum lies at `level`.
    private mutating func begun(at level: UInt16) -> UInt32 {
        floors.append(level)
        return basins.insert()
    }

    /// The first of two basins that meet, after the shallower one has ended if it is not deep enough.
    private mutating func joined(_ first: UInt32, _ second: UInt32, at level: UInt16) -> UInt32 {
        let shallow = max(first, second)
        guard Int(level) - Int(floors[Int(shallow)]) < depth else { return first }
        return basins.union(first, second)
    }

    /// The basins, numbered row by row.
    mutating func labels() -> [UInt32] {
        var renumbered: [UInt32: UInt32] = [:]
        return numbers.map { number in
            let root = basins.root(number)
            guard root > 0 else { return 0 }
            let next = UInt32(renumbered.count) + 1
            let label = renumbered[root, default: next]
            if label == next { renumbered[root] = next }
            return label
        }
    }
}
