import Imaging
import Testing

@Suite("Basins of a landscape")
struct BasinTests {
    private static let levels: Float = 65_535

    private func landscape(_ levels: [Int], width: Int) throws -> Raster<Float> {
        try Raster(
            size: Size(width: width, height: levels.count / width),
            samples: levels.map { (Float($0) + 0.5) / Self.levels }
        )
    }

    private func basins(_ levels: [Int], width: Int, depth: Int) throws -> LabelImage {
        let heights = try landscape(levels, width: width)
        return try LabelImage(
            basinsOf: heights,
            within: Raster(repeating: true, size: heights.size),
            depth: (Float(depth) + 0.5) / Self.levels
        )
    }

    @Test("A rise divides where it is high enough for the shallower side")
    func depth() throws {
        let row = [9, 2, 5, 3, 9, 0, 9]
        #expect(try basins(row, width: 7, depth: 2).labels == [1, 1, 1, 2, 2, 3, 3])
        #expect(try basins(row, width: 7, depth: 3).labels == [1, 1, 1, 1, 1, 2, 2])
        #expect(try basins(row, width: 7, depth: 8).labels == [1, 1, 1, 1, 1, 1, 1])
    }

    @Test("A plateau is one minimum, whatever its form")
    func plateau() throws {
        let levels = [
            1, 9, 1, 9, 1,
            1, 9, 1, 9, 1,
            1, 1, 1, 1, 1,
        ]
        #expect(try basins(levels, width: 5, depth: 1).objectCount == 1)
    }

    @Test("What lies outside the mask divides")
    func mask() throws {
        let heights = try landscape([1, 1, 1, 1, 1, 1], width: 3)
        let mask = try Raster(size: heights.size, samples: [true, false, true, true, false, true])
        let labels = try LabelImage(basinsOf: heights, within: mask, depth: 0.1)
        #expect(labels.labels == [1, 0, 2, 1, 0, 2])
        let corners = try Raster(
            size: heights.size,
            samples: [true, false, false, false, true, false]
        )
        for (connectivity, count) in [(Connectivity2D.edges, 2), (.edgesAndCorners, 1)] {
            let labels = try LabelImage(
                basinsOf: heights,
                within: corners,
                depth: 0.1,
                connectivity: connectivity
            )
            #expect(labels.objectCount == count)
        }
    }

    @Test("A height that is no number is refused, but only inside the mask")
    func notFinite() throws {
        let heights = try Raster(size: Size(width: 2, height: 1), samples: [Float.nan, 0.5])
        let all = Raster(repeating: true, size: heights.size)
        #expect(throws: ImagingError.self) {
            try LabelImage(basinsOf: heights, within: all, depth: 0.1)
        }
        let right = try Raster(size: heights.size, samples: [false, true])
        #expect(try LabelImage(basinsOf: heights, within: right, depth: 0.1).labels == [0, 1])
    }

    @Test("There is one for each minimum of the h-minima transform", arguments: [1, 2, 4, 7])
    func minima(depth: Int) throws {
        var random = Random(seed: UInt64(depth))
        for _ in 0..<20 {
            let levels = (0..<99).map { _ in Int.random(in: 0...12, using: &random) }
            // The transform with h removes minima of a depth of h, too.
            let expected = Self.minimaCount(Self.filled(levels, 11, by: depth - 1), 11)
            #expect(try basins(levels, width: 11, depth: depth).objectCount == expected)
        }
    }

    /// Raised by h, then lowered as far as the landscape and the neighbours allow.
    private static func filled(_ levels: [Int], _ width: Int, by h: Int) -> [Int] {
        var filled = levels.map { $0 + h }
        while true {
            let lowered = filled.indices.map { pixel in
                neighbors(pixel, width, filled.count).reduce(filled[pixel]) {
                    min($0, max(levels[pixel], filled[$1]))
                }
            }
            if lowered == filled { return filled }
            filled = lowered
        }
    }

    /// Connected pixels of one level without a lower neighbour.
    private static func minimaCount(_ levels: [Int], _ width: Int) -> Int {
        var seen = Set<Int>()
        var count = 0
        for start in levels.indices where seen.insert(start).inserted {
            var (queue, isMinimum) = ([start], true)
            while let pixel = queue.popLast() {
                for neighbor in neighbors(pixel, width, levels.count) {
                    if levels[neighbor] < levels[start] { isMinimum = false }
                    guard levels[neighbor] == levels[start] else { continue }
                    if seen.insert(neighbor).inserted { queue.append(neighbor) }
                }
            }
            if isMinimum { count += 1 }
        }
        return count
    }

    private static func neighbors(_ pixel: Int, _ width: Int, _ count: Int) -> [Int] {
        let (x, y) = (pixel % width, pixel / width)
        var neighbors: [Int] = []
        for row in max(y - 1, 0)...min(y + 1, count / width - 1) {
            for column in max(x - 1, 0)...min(x + 1, width - 1) {
                neighbors.append(row * width + column)
            }
        }
        return neighbors.filter { $0 != pixel }
    }
}

@Suite("Seeds that are divided")
struct SeedDepthTests {
    /// Two discs that overlap: far from the border the distance rises to 0.4 between both centres.
    private func twins() throws -> InstanceMaps {
        let size = Size(width: 40, height: 20)
        var foreground = Raster(repeating: Float(0), size: size)
        var distances = Raster(repeating: Float(1), size: size)
        for y in 0..<20 {
            for x in 0..<40 {
                let (dx, dy) = (Double(min(abs(x - 12), abs(x - 27))), Double(y - 10))
                let distance = (dx * dx + dy * dy).squareRoot() / 18
                guard distance < 0.5 else { continue }
                foreground[x: x, y: y] = 1
                distances[x: x, y: y] = Float(distance)
            }
        }
        return try InstanceMaps(
            foreground: foreground,
            centerDistances: distances,
            boundaryDistances: distances
        )
    }

    @Test("Touching objects with one seed become two, in whole images and in blocks")
    func touching() throws {
        var options = WatershedOptions()
        (options.foregroundSmoothing, options.distanceSmoothing) = (0, 0)
        #expect(try twins().segmented(options).objectCount == 1)
        options.seedDepth = 0.2
        #expect(try twins().segmented(options).objectCount == 2)
        let blocks = try Blocking(
            imageSize: Size(width: 40, height: 20),
            blockSize: Size(width: 20, height: 20),
            halo: Size(width: 10, height: 10)
        )
        #expect(try twins().segmented(options, in: blocks).objectCount == 2)
        options.seedDepth = 0.45
        #expect(try twins().segmented(options).objectCount == 1)
    }
}
