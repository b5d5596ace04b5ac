import Imaging
import Testing
import Tracking

@Suite("Possible links by distance")
struct CandidateGraphTests {
    @Test("The grid finds what a look at all pairs finds", arguments: [1, 2, 3, 4] as [UInt64])
    func grid(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let limits = CandidateGraph.Limits(
            distance: generator.uniform(3...40),
            neighbors: 1 + Int(generator.next() % 5),
            gap: Int(seed % 3)
        )
        var graph = CandidateGraph(limits)
        var all: [(frame: Int, place: Point<OriginalPixels>)] = []
        for frame in 0..<6 {
            // Some frames are empty; some points lie far away from all others.
            let places = (0..<(frame == 3 ? 0 : 40)).map { index in
                Point<OriginalPixels>(
                    x: generator.uniform(0...100) + (index == 7 ? 1e6 : 0),
                    y: generator.uniform(-50...50)
                )
            }
            let found = graph.add(places)
            let first = all.count
            var expected: [Link] = []
            for (source, earlier) in all.enumerated() where frame - earlier.frame <= limits.gap + 1
            {
                let near = places.indices.map { ($0, distance(places[$0], earlier.place)) }
                    .filter { $0.1 <= limits.distance }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }
                expected += near.prefix(limits.neighbors).map {
                    Link(from: source, to: first + $0.0)
                }
            }
            #expect(found.map(\.link) == expected)
            all += places.map { (frame, $0) }
        }
        #expect(graph.count == all.count)
    }

    private func distance(_ a: Point<OriginalPixels>, _ b: Point<OriginalPixels>) -> Double {
        ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
    }

    @Test("Conditions come before the number of neighbours")
    func conditions() {
        var graph = CandidateGraph(CandidateGraph.Limits(distance: 10, neighbors: 1))
        _ = graph.add([Point(x: 0, y: 0)])
        let edges = graph.add([Point(x: 1, y: 0), Point(x: 2, y: 0)]) { $0.target != 1 }
        #expect(edges == [CandidateGraph.Edge(link: Link(from: 0, to: 2), distance: 2)])
    }
}
