import Imaging
import Testing
import Tracking

@Suite("Scores of links")
struct LinkScoreTests {
    /// Squares of 10 x 10 pixels at these columns.
    private func frame(_ columns: [Int]) -> LabelImage {
        var labels = LabelImage(size: Size(width: 260, height: 40))
        for (index, left) in columns.enumerated() {
            for y in 10..<20 {
                for x in left..<left + 10 { labels[x: x, y: y] = UInt32(index + 1) }
            }
        }
        return labels
    }

    /// Objects that stay where they are, so that nothing is taken for a drift.
    private let others = [120, 160, 200, 240]

    private func scores(
        _ movie: [[Int]],
        divisions: Bool = true
    ) throws -> (graph: LineageGraph, scores: LinkScores) {
        var options = Linker.Options()
        options.findsDivisions = divisions
        var linker = try Linker(options)
        var scores = LinkScores(margin: Linker.clearMargin)
        var (detections, links): ([Detection], [Link]) = ([], [])
        for columns in movie {
            let linked = try linker.add(frame(columns + others))
            #expect(linked.candidates.count <= 2 * linked.detections.count)
            detections += linked.detections
            links += linked.links
            scores.add(linked.candidates)
        }
        return (try LineageGraph(detections, links: links + linker.finish()), scores)
    }

    @Test("Each chosen link has its score, and links that are clear have none that is close")
    func clear() throws {
        let (graph, scores) = try scores([[20, 60], [22, 62], [24, 64]])
        for link in graph.links {
            let found = scores.links.filter { $0.child == link.child }
            let chosen = try #require(found.first { $0.parent == link.parent })
            #expect(found.allSatisfy { $0.score <= chosen.score })
        }
        #expect(graph.suspicions(SuspicionLimits(), scores).isEmpty)
    }

    @Test(
        "Neighbours side by side are clear: another link would take an object away from its neighbour"
    )
    func neighbours() throws {
        let (graph, scores) = try scores([[20, 31, 42], [22, 33, 44], [24, 35, 46]])
        #expect(graph.suspicions(SuspicionLimits(), scores).isEmpty)
    }

    @Test("An object between two others is listed, with the one that it might have been")
    func betweenTwo() throws {
        let (graph, scores) = try scores([[20, 44], [32], [32]])
        let places = graph.suspicions(SuspicionLimits(), scores).filter { $0.kind == .closeSecond }
        let place = try #require(places.first)
        #expect(places.count == 1 && place.frame == 1 && graph[place.node]?.centroid.x == 36.5)
        #expect(Set(place.others.compactMap { graph[$0]?.centroid.x }) == [24.5, 48.5])
        #expect(place.excess > 1 && place.excess <= 2)
        #expect(graph.suspicions(SuspicionLimits(), nil).allSatisfy { $0.kind != .closeSecond })
    }

    @Test("An object that might have become another one, which comes from nowhere, is listed")
    func intoTwo() throws {
        let (graph, scores) = try scores([[32], [20, 44], [20, 44]], divisions: false)
        let places = graph.suspicions(SuspicionLimits(), scores).filter { $0.kind == .closeSecond }
        let place = try #require(places.first)
        #expect(places.count == 1 && place.frame == 1)
        #expect(graph[place.others[0]]?.frame == 0 && graph[place.others[1]]?.frame == 1)
    }

    @Test("A division has a score for each daughter")
    func division() throws {
        let (graph, scores) = try scores([[30], [30], [24, 36]])
        let divided = graph.tracks().filter { !$0.children.isEmpty }
        guard divided.count == 1 else { return }
        let daughters = graph.children(of: divided[0].nodes[divided[0].nodes.count - 1])
        #expect(daughters.allSatisfy { daughter in scores.links.contains { $0.child == daughter } })
    }

    @Test("Of many candidates, the chosen one and the best other one are kept")
    func bestTwo() {
        let edges = [(0, 0.2), (1, 0.9), (2, 0.7), (3, 0.8)].map {
            CandidateEdge(Link(from: $0.0, to: 9), weight: $0.1)
        }
        let kept = edges.bestTwo(chosen: [Link(from: 2, to: 9)])
        #expect(kept.map(\.link.source) == [2, 1])
        #expect(edges.bestTwo(chosen: []).map(\.link.source) == [1])
    }
}
