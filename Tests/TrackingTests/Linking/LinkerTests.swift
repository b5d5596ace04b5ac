import Imaging
import Testing
import Tracking

@Suite("The default linker")
struct LinkerTests {
    private func found(
        _ movie: DiscMovie,
        _ options: Linker.Options = Linker.Options()
    ) throws -> Set<Link> {
        let (detections, links) = try Linker.link(movie.frames, options)
        #expect(detections.count == movie.nodeCount)
        #expect(Set(links).count == links.count)
        return Set(links)
    }

    @Test(
        "Objects that wander are followed, whatever their labels are",
        arguments: [1, 2, 3] as [UInt64]
    )
    func wandering(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var movie = DiscMovie.grid(columns: 6, rows: 4, spacing: 40, radius: 9, seed: seed)
        for _ in 0..<10 {
            movie.paint()
            movie.wander(2.5, &generator)
        }
        #expect(try found(movie) == movie.links)
    }

    @Test("Divisions are found, also those of daughters")
    func divisions() throws {
        var generator = SplitMix64(seed: 5)
        var movie = DiscMovie.grid(columns: 5, rows: 4, spacing: 50, radius: 12, seed: 5)
        for frame in 0..<12 {
            movie.paint()
            movie.wander(1.5, &generator)
            if frame == 2 { movie.divide(7, along: (1, 0)) }
            if frame == 5 { movie.divide(12, along: (0.6, 0.8)) }
            if frame == 8 { movie.divide(7, along: (0, 1)) }
        }
        #expect(try found(movie) == movie.links)
        var options = Linker.Options()
        options.findsDivisions = false
        let single = Dictionary(grouping: try found(movie, options), by: \.source)
        #expect(single.values.allSatisfy { $0.count == 1 })
    }

    @Test("A jump of the stage is no motion of the objects")
    func drift() throws {
        var generator = SplitMix64(seed: 8)
        let grid = DiscMovie.grid(columns: 7, rows: 5, spacing: 45, radius: 9, jitter: 12, seed: 8)
        var movie = DiscMovie(size: Size(width: 400, height: 320), discs: grid.discs)
        func shift(_ dx: Double, _ dy: Double) {
            for index in movie.discs.indices {
                movie.discs[index].x += dx
                movie.discs[index].y += dy
            }
        }
        shift(10, 60)
        for frame in 0..<6 {
            movie.paint()
            movie.wander(1, &generator)
            if frame == 2 { shift(28, -21) }
        }
        #expect(try found(movie) == movie.links)
    }

    @Test("Objects that keep their velocity are followed farther than they are wide")
    func velocity() throws {
        var movie = DiscMovie(size: Size(width: 400, height: 120), discs: [])
        for row in 0..<4 {
            let sign = row.isMultiple(of: 2) ? 1.0 : -1.0
            movie.discs.append(
                DiscMovie.Disc(
                    x: sign > 0 ? 20 : 380,
                    y: 15 + 30 * Double(row),
                    radius: 5,
                    velocity: (x: sign * 2, y: 0)
                )
            )
        }
        for _ in 0..<16 {
            movie.paint()
            for index in movie.discs.indices {
                movie.discs[index].x += movie.discs[index].velocity.x
                movie.discs[index].velocity.x *= 1.2
            }
        }
        #expect(try found(movie) == movie.links)
    }

    @Test("An object that is missing for two frames is found again, for three frames it is not")
    func gaps() throws {
        for missing in 1...3 {
            var movie = DiscMovie.grid(columns: 3, rows: 3, spacing: 40, radius: 9, seed: 2)
            for frame in 0..<8 {
                movie.paint(hidden: (3..<3 + missing).contains(frame) ? [4] : [])
            }
            let links = try found(movie)
            #expect((links == movie.links) == (missing <= 2), "missing \(missing)")
            var options = Linker.Options()
            options.maximumGap = 0
            #expect(try found(movie, options).count == movie.links.count - 1)
        }
    }

    @Test("Objects without links are kept; one frame and empty frames are no problem")
    func small() throws {
        let empty = LabelImage(size: Size(width: 20, height: 10))
        var one = empty
        one[x: 3, y: 4] = 7
        #expect(try Linker.link([]).detections.isEmpty)
        #expect(try Linker.link([empty]).detections.isEmpty)
        let single = try Linker.link([one])
        #expect(single.detections.map(\.label) == [7] && single.links.isEmpty)
        let between = try Linker.link([empty, one, empty, empty, empty, one, empty])
        #expect(between.detections.map(\.frame) == [1, 5] && between.links.isEmpty)
        let twice = try Linker.link([one, one])
        #expect(twice.links == [Link(from: 0, to: 1)])
    }

    @Test("Frames given one by one get the numbers and links of all")
    func streaming() throws {
        var generator = SplitMix64(seed: 3)
        var movie = DiscMovie.grid(columns: 4, rows: 3, spacing: 40, radius: 9, seed: 3)
        for _ in 0..<5 {
            movie.paint()
            movie.wander(2, &generator)
        }
        var linker = try Linker()
        var links: [Link] = []
        for (number, labels) in movie.frames.enumerated() {
            let frame = try linker.add(labels, measurements: labels.measurements())
            #expect(
                frame.first == 12 * number && frame.detections.map(\.label) == labels.objectLabels()
            )
            #expect(
                frame.links.allSatisfy {
                    $0.source < $0.target && $0.target < linker.detectionCount
                }
            )
            links += frame.links
        }
        #expect(try links + linker.finish() == Linker.link(movie.frames).links)
    }

    @Test("Features tell objects apart that change places")
    func features() throws {
        let size = Size(width: 60, height: 30)
        func frame(_ first: UInt32, _ second: UInt32) -> LabelImage {
            var labels = LabelImage(size: size)
            for y in 10..<20 {
                for x in 10..<20 { labels[x: x, y: y] = first }
                for x in 22..<32 { labels[x: x, y: y] = second }
            }
            return labels
        }
        let looks: [UInt32: [Float]] = [1: [1, 0, 0.1], 2: [0, 1, 0.1]]
        var options = Linker.Options()
        options.maximumDistance = 40
        func links(_ features: [UInt32: [Float]]) throws -> [Link] {
            var linker = try Linker(options)
            _ = try linker.add(frame(1, 2), features: features)
            return try linker.add(frame(2, 1), features: features).links
        }
        #expect(try links(looks) == [Link(from: 0, to: 2), Link(from: 1, to: 3)])
        #expect(try links([:]) == [Link(from: 1, to: 2), Link(from: 0, to: 3)])
    }

    @Test("A ring around a disc: neither is lost, although the centroid of the ring is not on it")
    func ring() throws {
        let movie = (0..<4).map { frame in
            var labels = LabelImage(size: Size(width: 70, height: 60))
            for y in 0..<60 {
                for x in 0..<70 {
                    let (dx, dy) = (x - 30 - frame, y - 30)
                    let square = dx * dx + dy * dy
                    if square <= 36 { labels[x: x, y: y] = frame.isMultiple(of: 2) ? 1 : 2 }
                    let isOpen = dx > 0 && abs(dy) < 4
                    if square >= 169, square <= 400, !isOpen {
                        labels[x: x, y: y] = frame.isMultiple(of: 2) ? 2 : 1
                    }
                }
            }
            return labels
        }
        let (detections, links) = try Linker.link(movie)
        #expect(detections.count == 8 && links.count == 6)
        // The label of an object alternates from frame to frame.
        #expect(links.allSatisfy { detections[$0.source].label != detections[$0.target].label })
    }

    @Test("Frames that do not fit are refused, and change nothing")
    func refusals() throws {
        var linker = try Linker()
        let labels = try LabelImage(size: Size(width: 2, height: 1), labels: [1, 2])
        _ = try linker.add(labels, features: [1: [1, 2]])
        let wide = LabelImage(size: Size(width: 3, height: 1))
        #expect(
            throws: LinkingError.sizeMismatch(frame: 1, expected: labels.size, found: wide.size)
        ) {
            try linker.add(wide)
        }
        #expect(throws: LinkingError.wrongMeasurements(frame: 1)) {
            try linker.add(labels, measurements: [])
        }
        #expect(throws: LinkingError.unevenFeatures(frame: 1, label: 2, expected: 2, found: 1)) {
            try linker.add(labels, features: [2: [1]])
        }
        #expect(linker.frameCount == 1 && linker.detectionCount == 2)
        #expect(try linker.add(labels).links.count == 2)
        var options = Linker.Options()
        options.areaSpread = 0
        #expect(throws: LinkingError.self) { try Linker(options) }
    }
}
