import Imaging
import Testing

/// A mask drawn with `#`.
private func drawn(_ rows: String...) throws -> RunLengthMask {
    try RunLengthMask(
        Raster(
            size: Size(width: rows[0].count, height: rows.count),
            samples: rows.flatMap { $0.map { $0 == "#" } }
        )
    )
}

extension RunLengthMask {
    fileprivate func contains(_ point: Point<OriginalPixels>) -> Bool {
        raster()[x: Int(point.x), y: Int(point.y)]
    }
}

@Suite("Prompts of a simulated user")
struct SimulatedUserTests {
    @Test("Differences and intersections of masks hold the right pixels", arguments: 0..<30)
    func sets(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let size = Size(width: 7, height: 5)
        func draw() throws -> Raster<Bool> {
            try Raster(
                size: size,
                samples: (0..<size.count).map { _ in random.index(below: 2) == 0 }
            )
        }
        let (a, b) = (try draw(), try draw())
        let (left, right) = (try RunLengthMask(a), try RunLengthMask(b))
        let difference = zip(a.samples, b.samples).map { $0 && !$1 }
        let both = zip(a.samples, b.samples).map { $0 && $1 }
        #expect(left.subtracting(right).raster().samples == difference)
        #expect(left.intersection(right).raster().samples == both)
        let pixels = (0..<left.area).map { left.pixel($0) }
        #expect(
            pixels.map { Int($0.y) * 7 + Int($0.x) } == a.samples.indices.filter { a.samples[$0] }
        )
    }

    @Test("Rectangles are clipped to the image")
    func rectangles() {
        let size = Size(width: 4, height: 3)
        func rows(_ region: Region) -> [Int] {
            let mask = RunLengthMask(region, in: size)
            return mask.runs.flatMap { Array($0.start..<$0.end) }
        }
        #expect(rows(Region(x: -1, y: 1, width: 3, height: 9)) == [4, 5, 8, 9])
        #expect(rows(Region(x: -1, y: -1, width: 9, height: 2)) == [0, 1, 2, 3])
        #expect(rows(Region(x: 5, y: 0, width: 2, height: 2)).isEmpty)
        #expect(rows(Region(x: 0, y: 4, width: 2, height: 2)).isEmpty)
    }

    @Test("Corrections lie where the mask is wrong")
    func corrections() throws {
        let truth = try drawn(".......", ".####..", ".####..", ".......")
        let prediction = try drawn("...#...", ".###...", ".###...", ".......")
        var random = SplitMix64(seed: 1)
        var positives: Set<Point<OriginalPixels>> = []
        for _ in 0..<50 {
            let prompts = CorrectionPrompts(correcting: prediction, to: truth, using: &random)
            positives.insert(try #require(prompts.positive))
            #expect(prompts.negative == Point(x: 3, y: 0))
        }
        #expect(positives == [Point(x: 4, y: 1), Point(x: 4, y: 2)])
    }

    @Test("A perfect mask is corrected inside the object and around it, within three pixels")
    func perfect() throws {
        var raster = Raster(repeating: false, size: Size(width: 30, height: 20))
        for y in 8..<10 { for x in 10..<15 { raster[x: x, y: y] = true } }
        let truth = try RunLengthMask(raster)
        var random = SplitMix64(seed: 2)
        for _ in 0..<200 {
            let prompts = CorrectionPrompts(correcting: truth, to: truth, using: &random)
            #expect(truth.contains(try #require(prompts.positive)))
            let negative = try #require(prompts.negative)
            #expect(!truth.contains(negative))
            #expect((7..<18).contains(Int(negative.x)) && (5..<13).contains(Int(negative.y)))
        }
    }

    @Test("A box without room is left for the whole image; an object that fills it has no negative")
    func filled() throws {
        let all = try drawn("###", "###")
        var random = SplitMix64(seed: 3)
        let prompts = CorrectionPrompts(correcting: all, to: all, using: &random)
        #expect(prompts.positive != nil && prompts.negative == nil)
        let wide = try drawn("###########.")
        let far = CorrectionPrompts(correcting: wide, to: wide, using: &random)
        #expect(far.negative == Point(x: 11, y: 0))
    }

    @Test("Objects have their boxes and pixels; the border of the image is a boundary")
    func targets() throws {
        let labels = try LabelImage(
            size: Size(width: 6, height: 4),
            labels: [
                7, 7, 7, 0, 0, 2,
                7, 7, 7, 0, 0, 2,
                7, 7, 7, 0, 0, 0,
                0, 0, 0, 0, 2, 0,
            ]
        )
        let targets = try labels.promptTargets()
        #expect(targets.map(\.label) == [2, 7])
        #expect(targets.map(\.center) == [Point(x: 5, y: 0), Point(x: 1, y: 1)])
        #expect(targets[0].region == Region(x: 4, y: 0, width: 2, height: 4))
        #expect(
            targets.map(\.mask) == [RunLengthMask(2, of: labels), RunLengthMask(7, of: labels)]
        )
        #expect(try LabelImage(size: Size(width: 2, height: 3)).promptTargets().isEmpty)
    }

    @Test(
        "Fixed prompts: the centre first, points inside without repetition, outside at a distance"
    )
    func fixed() throws {
        var labels = LabelImage(size: Size(width: 60, height: 50))
        for y in 20..<26 { for x in 30..<37 { labels[x: x, y: y] = 5 } }
        let target = try labels.promptTargets()[0]
        var options = FixedPromptOptions()
        options.positives = 8
        options.negatives = 6
        options.distance = 2
        var random = SplitMix64(seed: 4)
        let points = target.points(options, using: &random)
        let inside = points.filter(\.isPositive).map(\.point)
        let outside = points.filter { !$0.isPositive }.map(\.point)
        #expect(inside.count == 8 && outside.count == 6)
        #expect(inside[0] == target.center)
        #expect(Set(inside.dropFirst()).count == 7 && inside.allSatisfy(target.mask.contains))
        // The dilated object fills its enlarged box, so all come from the rest of the image.
        #expect(outside.allSatisfy { !target.mask.contains($0) })
        options.positives = 100
        #expect(target.points(options, using: &random).count == 106)
        #expect(FixedPromptOptions.all.count == 31)
        #expect(FixedPromptOptions.all.allSatisfy { FixedPromptOptions(name: $0.name) == $0 })
        for name in ["points", "points/p0-n4", "points/p1", "box/p-1-n2", "circle/p1-n0", "/"] {
            #expect(FixedPromptOptions(name: name) == nil)
        }
        #expect(
            FixedPromptOptions.standard.map(\.name) == [
                "points/p1-n0", "points/p2-n4", "points/p4-n8", "box/p0-n0",
            ]
        )
    }

    @Test("Negative points of an object with a hollow lie inside the box, not next to the object")
    func hollow() throws {
        var labels = LabelImage(size: Size(width: 64, height: 64))
        for index in 10..<50 { (labels[x: 10, y: index], labels[x: index, y: 49]) = (1, 1) }
        let target = try labels.promptTargets()[0]
        var options = FixedPromptOptions()
        options.negatives = 16
        var random = SplitMix64(seed: 5)
        for point in target.points(options, using: &random) where !point.isPositive {
            #expect(point.point.x > 15 && point.point.x < 55)
            #expect(point.point.y >= 5 && point.point.y < 44)
        }
    }
}
