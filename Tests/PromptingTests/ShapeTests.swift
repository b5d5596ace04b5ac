import Imaging
import Prompting
import Testing

@Suite("Scribbles become points")
struct ScribbleTests {
    /// One pixel of the image is two of the model's frame.
    private func transform() throws -> ResizeLongestSide {
        try ResizeLongestSide(from: Size(width: 512, height: 300))
    }

    @Test("A straight line gets a point for every 32 pixels of the frame, ends included")
    func straight() throws {
        let line = ScribbleSampling.Stroke([Point(x: 10, y: 20), Point(x: 90, y: 20)], .positive)
        let points = ScribbleSampling().samples(of: [line], try transform()).map(\.point)
        #expect(points.count == 5)
        #expect(abs(points[0].x - 10) < 1e-9 && abs(points[4].x - 90) < 1e-9)
        #expect(points.allSatisfy { abs($0.y - 20) < 1e-9 })
    }

    @Test("A quarter turn adds a point; small wiggles and short strokes do not")
    func turns() throws {
        let corner = [Point<OriginalPixels>(x: 0, y: 0), Point(x: 40, y: 0), Point(x: 40, y: 40)]
        let straight = [
            Point<OriginalPixels>(x: 0, y: 100), Point(x: 40, y: 101), Point(x: 80, y: 100),
        ]
        let dot = [Point<OriginalPixels>(x: 200, y: 200)]
        let count = { (points: [Point<OriginalPixels>]) in
            ScribbleSampling().samples(
                of: [.init(points, .negative)],
                try self.transform()
            ).count
        }
        #expect(try count(corner) == 6)
        #expect(try count(straight) == 5)
        #expect(try count(dot) == 1)
    }

    @Test("Points beside an earlier stroke of the same label are left out, 64 is the most")
    func limits() throws {
        let line = [Point<OriginalPixels>(x: 10, y: 20), Point(x: 90, y: 20)]
        let both = ScribbleSampling().samples(
            of: [.init(line, .positive), .init(line, .positive), .init(line, .negative)],
            try transform()
        )
        #expect(
            both.map(\.label) == Array(repeating: .positive, count: 5)
                + Array(repeating: .negative, count: 5)
        )
        let many = (0..<100).map { index in
            ScribbleSampling.Stroke(
                [Point(x: 0, y: Double(index) * 3), Point(x: 500, y: Double(index) * 3)],
                .positive
            )
        }
        #expect(ScribbleSampling().samples(of: many, try transform()).count == 64)
    }
}

@Suite("Filled shapes")
struct ShapeTests {
    private let size = Size(width: 9, height: 6)

    private func picture(_ mask: RunLengthMask) -> [String] {
        let raster = mask.raster()
        return (0..<size.height).map { y in
            String((0..<size.width).map { raster[x: $0, y: y] ? "#" : "." })
        }
    }

    @Test("A polygon contains the pixels on its outline")
    func polygon() {
        let triangle = [Point<OriginalPixels>(x: 1, y: 1), Point(x: 5, y: 1), Point(x: 1, y: 5)]
        #expect(
            picture(RunLengthMask(filling: [triangle], size: size)) == [
                ".........", ".#####...", ".####....", ".###.....", ".##......", ".#.......",
            ]
        )
    }

    @Test("Parts beyond the image are left out; an outline that crosses itself has a hole")
    func clipped() {
        let large = [
            Point<OriginalPixels>(x: -9, y: -9), Point(x: 99, y: -9), Point(x: 99, y: 99),
            Point(x: -9, y: 99),
        ]
        #expect(RunLengthMask(filling: [large], size: size).area == size.count)
        let inner = [
            Point<OriginalPixels>(x: 2.5, y: 1.5), Point(x: 5.5, y: 1.5), Point(x: 5.5, y: 3.5),
            Point(x: 2.5, y: 3.5),
        ]
        let ring = picture(RunLengthMask(filling: [large, inner], size: size))
        #expect(
            ring == ["#########", "#########", "###...###", "###...###", "#########", "#########"]
        )
        let outside = large.map { Point<OriginalPixels>(x: $0.x + 500, y: $0.y) }
        #expect(RunLengthMask(filling: [outside], size: size).isEmpty)
    }

    @Test("An ellipse is that of skimage.draw.ellipse")
    func ellipse() {
        // skimage.draw.ellipse(2.5, 4, 2.5, 3)
        let box = Box<OriginalPixels>(minX: 1, minY: 0, maxX: 7, maxY: 5)
        #expect(
            picture(RunLengthMask(ellipseIn: box, size: size)) == [
                ".........", "..#####..", "..#####..", "..#####..", "..#####..", ".........",
            ]
        )
        #expect(
            RunLengthMask(
                ellipseIn: Box(minX: -1e9, minY: -1e9, maxX: 1e9, maxY: 1e9),
                size: size
            ).area == size.count
        )
    }

    @Test("Masks are united")
    func union() {
        let a = RunLengthMask(ellipseIn: Box(minX: -1, minY: -1, maxX: 3, maxY: 3), size: size)
        let b = RunLengthMask(ellipseIn: Box(minX: 1, minY: 0, maxX: 7, maxY: 5), size: size)
        let pixels = zip(a.raster().samples, b.raster().samples).map { $0 || $1 }
        #expect(a.union(b).raster().samples == pixels)
    }
}

@Suite("Predictions as labels")
struct PaintingTests {
    private let size = Size(width: 5, height: 1)

    private func mask(_ object: Int, _ range: Range<Int>, _ score: Double) throws -> PredictedMask {
        let raster = try Raster(size: size, samples: (0..<5).map { range.contains($0) })
        return PredictedMask(
            object: object,
            pixels: try RunLengthMask(raster),
            score: score,
            stability: 1
        )
    }

    private func objects(_ ids: UInt32...) -> [PromptedObject] {
        ids.map { PromptedObject(id: $0, prompts: [.point(Point(x: 0, y: 0))]) }
    }

    private func options(
        _ overlap: PromptOptions.Overlap,
        minimumSize: Int = 0
    ) -> PromptOptions {
        var options = PromptOptions()
        (options.overlap, options.minimumSize) = (overlap, minimumSize)
        return options
    }

    @Test(
        "Shared pixels go to the one that the rule names",
        arguments: [
            (PromptOptions.Overlap.larger, [9, 9, 9, 9, 4]), (.smaller, [9, 9, 4, 4, 4]),
            (.score, [9, 9, 4, 4, 4]), (.order, [9, 9, 9, 9, 4]),
        ] as [(PromptOptions.Overlap, [UInt32])]
    )
    func overlap(rule: PromptOptions.Overlap, expected: [UInt32]) throws {
        let masks = [try mask(0, 2..<5, 0.9), try mask(1, 0..<4, 0.5)]
        let labels = try LabelImage(
            painting: masks,
            of: objects(4, 9),
            size: size,
            options(rule)
        )
        #expect(labels.labels == expected)
    }

    @Test("Of several masks of an object the best is painted; small ones are left out")
    func best() throws {
        let masks = [try mask(0, 0..<1, 0.2), try mask(0, 1..<4, 0.8), try mask(1, 4..<5, 1)]
        let objects = objects(1, 2)
        #expect(
            try LabelImage(
                painting: masks,
                of: objects,
                size: size,
                options(.larger, minimumSize: 2)
            ).labels == [0, 1, 1, 1, 0]
        )
        let other = Size(width: 4, height: 1)
        #expect(throws: ImagingError.self) {
            try LabelImage(painting: masks, of: objects, size: other, options(.order))
        }
    }
}
