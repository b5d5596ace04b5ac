import Imaging
import Testing

/// A mask drawn with `#` for true.
func mask(_ rows: String...) throws -> Raster<Bool> {
    try Raster(
        size: Size(width: rows[0].count, height: rows.count),
        samples: rows.flatMap { $0.map { $0 == "#" } }
    )
}

/// A label image drawn with one digit or letter per pixel; `.` is 0.
func labels(_ rows: String...) throws -> LabelImage {
    try LabelImage(
        size: Size(width: rows[0].count, height: rows.count),
        labels: rows.flatMap { $0.map { UInt32($0.hexDigitValue ?? 0) } }
    )
}

@Suite("Connected components")
struct ComponentsTests {
    @Test("Groups are numbered in the order in which rows meet them, even if they join late")
    func order() throws {
        let image = try mask(
            "..#.#..#",
            "#.#.###.",
            "#.#...#.",
            "###.#..."
        )
        #expect(
            try LabelImage(componentsOf: image, connectivity: .edges)
                == labels(
                    "..1.2..3",
                    "1.1.222.",
                    "1.1...2.",
                    "111.4..."
                )
        )
        #expect(
            try LabelImage(componentsOf: image, connectivity: .edgesAndCorners)
                == labels(
                    "..1.2..2",
                    "1.1.222.",
                    "1.1...2.",
                    "111.3..."
                )
        )
    }

    @Test("Labels split where they are not connected, and never join other labels")
    func split() throws {
        let image = try labels("7722", "22.7", "2277")
        #expect(
            image.splitIntoComponents(connectivity: .edges) == (try labels("1122", "33.4", "3344"))
        )
        #expect(
            image.splitIntoComponents(connectivity: .edgesAndCorners)
                == (try labels("1122", "22.3", "2233"))
        )
        let diagonal = try labels("5.", ".5")
        #expect(
            diagonal.splitIntoComponents(connectivity: .edgesAndCorners) == (try labels("1.", ".1"))
        )
    }

    @Test("Random masks agree with a flood fill", arguments: 0..<20)
    func random(seed: Int) throws {
        var random = Random(seed: UInt64(seed))
        let size = Size(
            width: Int.random(in: 1...40, using: &random),
            height: Int.random(in: 1...30, using: &random)
        )
        let samples = (0..<size.count).map { _ in Int.random(in: 0..<100, using: &random) < 55 }
        let image = try Raster(size: size, samples: samples)
        for connectivity in Connectivity2D.allCases {
            let ours = try LabelImage(componentsOf: image, connectivity: connectivity)
            #expect(ours.labels == floodFill(image, connectivity))
        }
    }

    private func floodFill(_ mask: Raster<Bool>, _ connectivity: Connectivity2D) -> [UInt32] {
        var labels = [UInt32](repeating: 0, count: mask.samples.count)
        var next: UInt32 = 0
        for start in labels.indices where mask.samples[start] && labels[start] == 0 {
            next += 1
            labels[start] = next
            var open = [start]
            while let index = open.popLast() {
                let (x, y) = (index % mask.size.width, index / mask.size.width)
                for dy in -1...1 {
                    for dx in -1...1 where connectivity == .edgesAndCorners || dx == 0 || dy == 0 {
                        let (nx, ny) = (x + dx, y + dy)
                        guard nx >= 0, ny >= 0, nx < mask.size.width, ny < mask.size.height else {
                            continue
                        }
                        let neighbor = ny * mask.size.width + nx
                        if mask.samples[neighbor] && labels[neighbor] == 0 {
                            labels[neighbor] = next
                            open.append(neighbor)
                        }
                    }
                }
            }
        }
        return labels
    }
}

@Suite("Label sizes and numbers")
struct LabelSizeTests {
    @Test("Small objects become background and the rest is renumbered in order")
    func removesSmall() throws {
        let image = try labels("9922", "9.2f", "ffff")
        #expect(image.removingObjects(smallerThan: 4) == (try labels("....", "...1", "1111")))
        #expect(image.removingObjects(smallerThan: 0) == (try labels("2211", "2.13", "3333")))
        #expect(image.relabeledSequentially() == image.removingObjects(smallerThan: 1))
        #expect(image.objectLabels() == [2, 9, 15])
    }

    @Test("Labels up to the largest 32-bit number cost no more memory than small ones")
    func sparse() throws {
        let image = try LabelImage(
            size: Size(width: 5, height: 1),
            labels: [.max, 0, 7, .max, 4_000_000_000]
        )
        #expect(image.objectLabels() == [7, 4_000_000_000, .max])
        #expect(image.relabeledSequentially().labels == [3, 0, 1, 3, 2])
    }
}

@Suite("Seeded watershed")
struct WatershedTests {
    @Test("Floods meet on the ridge and stay inside the mask")
    func ridge() throws {
        let heights = try Raster<Float>(
            size: Size(width: 7, height: 2),
            samples: [0, 1, 2, 9, 2, 1, 0, 0, 1, 2, 9, 2, 1, 0]
        )
        let all = Raster(repeating: true, size: heights.size)
        let markers = try labels("1.....2", ".......")
        #expect(
            try LabelImage(flooding: heights, from: markers, within: all).labels.filter { $0 == 1 }
                .count
                + LabelImage(flooding: heights, from: markers, within: all).labels.filter {
                    $0 == 2
                }.count == 14
        )
        let inside = try mask("###.###", "###.#..")
        #expect(
            try LabelImage(flooding: heights, from: markers, within: inside)
                == labels("111.222", "111.2..")
        )
    }

    @Test("Pixels that no flood reaches, and markers outside the mask, stay background")
    func unreachable() throws {
        let heights = Raster<Float>(repeating: 0.5, size: Size(width: 6, height: 1))
        let result = try LabelImage(
            flooding: heights,
            from: labels("3...1."),
            within: mask("##.#.#")
        )
        #expect(result == (try labels("33....")))
    }

    @Test("Heights that are not finite inside the mask, and wrong sizes, are refused")
    func refuses() throws {
        let size = Size(width: 3, height: 2)
        var heights = Raster<Float>(repeating: 0, size: size)
        heights[x: 2, y: 1] = .nan
        let markers = LabelImage(size: size)
        let all = Raster(repeating: true, size: size)
        #expect(throws: ImagingError.notFinite("heights")) {
            try LabelImage(flooding: heights, from: markers, within: all)
        }
        var others = all
        others[x: 2, y: 1] = false
        #expect(try LabelImage(flooding: heights, from: markers, within: others) == markers)
        #expect(throws: ImagingError.self) {
            try LabelImage(
                flooding: heights,
                from: LabelImage(size: Size(width: 2, height: 3)),
                within: all
            )
        }
    }
}

@Suite("Gaussian filter")
struct GaussianFilterTests {
    @Test("A constant image keeps its value, also when the kernel is larger than the image")
    func constant() throws {
        for size in [
            Size(width: 1, height: 1), Size(width: 2, height: 5), Size(width: 9, height: 1),
        ] {
            let image = Raster<Float>(repeating: 3, size: size, channels: 2)
            let result = try image.gaussianFiltered(sigma: 4)
            #expect(result.samples.allSatisfy { abs($0 - 3) < 1e-5 })
        }
    }

    @Test("An impulse at the border is mirrored without repeating the border")
    func impulse() throws {
        var image = Raster<Float>(repeating: 0, size: Size(width: 9, height: 1))
        image[x: 1, y: 0] = 1
        let weights = [0.242036, 0.399050, 0.242036, 0.054006, 0.004433]  // sigma 1, radius 3
        let mirrored = [
            2 * weights[0], weights[1] + weights[3], weights[2] + weights[4], weights[3],
            weights[4],
        ]
        let result = try image.gaussianFiltered(sigma: 1)
        for x in 0..<5 { #expect(abs(Double(result[x: x, y: 0]) - mirrored[x]) < 1e-5) }
    }

    @Test("Channels do not mix")
    func channels() throws {
        var random = Random(seed: 9)
        let size = Size(width: 13, height: 7)
        let samples = (0..<size.count * 2).map { _ in Float.random(in: 0...1, using: &random) }
        let both = try Raster(size: size, channels: 2, samples: samples).gaussianFiltered(
            sigma: 1.7
        )
        for channel in 0..<2 {
            let plane = stride(from: channel, to: samples.count, by: 2).map { samples[$0] }
            let alone = try Raster(size: size, samples: plane).gaussianFiltered(sigma: 1.7)
            #expect(
                alone.samples
                    == stride(from: channel, to: samples.count, by: 2).map { both.samples[$0] }
            )
        }
    }

    @Test("Impossible deviations are refused", arguments: [-1, Double.nan, .infinity, 1e9])
    func refuses(sigma: Double) {
        let image = Raster<Float>(repeating: 1, size: Size(width: 2, height: 2))
        #expect(throws: ImagingError.self) { try image.gaussianFiltered(sigma: sigma) }
    }
}
