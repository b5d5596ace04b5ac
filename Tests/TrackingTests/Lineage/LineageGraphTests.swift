import Foundation
import Imaging
import Testing
import Tracking

@Suite("Lineage graphs")
struct LineageGraphTests {
    @Test("Tracks end where an object divides, and go on over gaps")
    func tracks() throws {
        // 0 - 1 - - 2 < 3, 4 and 5 alone
        let graph = try graph([(0, -1), (1, 0), (4, 1), (5, 2), (6, 2), (2, -1)])
        #expect(violation(graph) == nil)
        let tracks = graph.tracks()
        #expect(tracks.map(\.number) == [1, 2, 3, 4])
        #expect(tracks[0].nodes == [ID(0), ID(1), ID(2)] && tracks[0].gaps == 2)
        #expect(tracks[0].frames == 0...4 && tracks[0].children == [3, 4])
        #expect(tracks[1].nodes == [ID(5)] && tracks[1].children.isEmpty)
        #expect(tracks[2].parent == 1 && tracks[3].parent == 1)
        #expect(graph.lineages() == [1: [3, 4], 2: [], 3: [], 4: []])
        #expect(graph.roots.map(\.id) == [ID(0), ID(5)])
    }

    @Test("What breaks a rule makes no graph")
    func invalid() {
        func error(_ nodes: [LineageNode], _ links: [(Int, Int)] = []) -> LineageError? {
            do throws(LineageError) {
                _ = try LineageGraph(
                    nodes: nodes,
                    links: links.map { (ID($0.0), ID($0.1)) }
                )
                return nil
            } catch { return error }
        }
        let nodes = [node(0, frame: 0), node(1, frame: 1), node(2, frame: 1)]
        #expect(error(nodes, [(0, 1), (0, 1)]) == nil)
        #expect(error(nodes, [(1, 0)]) == .notForward(from: ID(1), to: ID(0)))
        #expect(error(nodes, [(1, 2)]) == .notForward(from: ID(1), to: ID(2)))
        #expect(error(nodes, [(1, 1)]) == .notForward(from: ID(1), to: ID(1)))
        #expect(error(nodes, [(0, 3)]) == .unknownNode(ID(3)))
        #expect(error(nodes, [(-1, 1)]) == .unknownNode(ID(-1)))
        #expect(error(nodes + [node(0, frame: 3)]) == .nodeExists(ID(0)))
        #expect(
            error(nodes + [node(3, frame: 1, label: 2)]) == .labelInUse(frame: 1, label: 2)
        )
        let both = nodes + [node(3, frame: 0), node(4, frame: 2)]
        #expect(error(both, [(0, 1), (3, 1)]) == .hasParent(ID(1), ID(0)))
        for wrong in [
            node(0, frame: 0, label: 0), node(0, frame: -1), node(0, frame: .max),
            node(-1, frame: 0), node(1 << 30, frame: 0), node(0, frame: 0, area: -1),
            node(0, frame: 0, x: .nan), node(0, frame: 0, area: .max),
        ] {
            guard case .invalidNode = error([wrong]) else {
                Issue.record("\(wrong)")
                continue
            }
        }
    }

    @Test("Links over a list of detections make a graph; wrong positions are an error")
    func detections() throws {
        let labels = try LabelImage(size: Size(width: 4, height: 1), labels: [3, 3, 0, 7])
        let detections = try (0..<3).flatMap { frame in
            try labels.measurements().map { Detection(frame: frame, measurement: $0) }
        }
        let links = [Link(from: 0, to: 2), Link(from: 2, to: 4), Link(from: 1, to: 5)]
        let graph = try LineageGraph(detections, links: links)
        #expect(
            graph.tracks().map(\.nodes) == [[0, 2, 4], [1, 5], [3]].map { $0.map { ID($0) } }
        )
        #expect(graph.node(frame: 1, label: 7)?.id == ID(3))
        #expect(graph.trackNumbers(inFrame: 2) == [3: 1, 7: 2])
        for wrong in [Link(from: 0, to: 6), Link(from: -1, to: 2)] {
            #expect(throws: LineageError.self) { try LineageGraph(detections, links: [wrong]) }
        }
        #expect(try LineageGraph([], links: []).tracks().isEmpty)
    }

    @Test("A graph is a value: a copy does not change with it")
    func copies() throws {
        let first = try graph([(0, -1), (1, 0), (2, 1)])
        var second = first
        try second.apply(.break(ID(1)))
        #expect(first != second && first.tracks().count == 1 && second.tracks().count == 2)
    }

    @Test("A graph survives being encoded, with the names and numbers that were used")
    func coding() throws {
        var graph = try graph([(0, -1), (1, 0), (2, 1), (2, 1), (3, -1)])
        try graph.apply(.delete(ID(4)))
        let data = try JSONEncoder().encode(graph)
        let read = try JSONDecoder().decode(LineageGraph.self, from: data)
        #expect(read == graph && read.nextID == ID(5))
        var (one, other) = (graph, read)
        try one.apply(.break(ID(1)))
        try other.apply(.break(ID(1)))
        #expect(one == other)
        let text = String(decoding: data, as: UTF8.self)
        let wrong = text.replacing("\"parent\":0", with: "\"parent\":3")
        #expect(wrong != text)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(LineageGraph.self, from: Data(wrong.utf8))
        }
    }

    @Test("Graphs of other names are the same in order")
    func order() throws {
        let one = try LineageGraph(
            nodes: [node(4, frame: 1, label: 1), node(2, frame: 0, label: 1)],
            links: [(ID(2), ID(4))]
        )
        let other = try LineageGraph(
            nodes: [node(7, frame: 0, label: 1, x: 20), node(9, frame: 1, label: 1, x: 40)],
            links: [(ID(7), ID(9))]
        )
        #expect(one != other && violation(one.namedInOrder()) == nil)
        #expect(one.namedInOrder().nodes.map(\.id) == [ID(0), ID(1)])
        #expect(one.namedInOrder().links.map(\.child) == other.namedInOrder().links.map(\.child))
    }
}
