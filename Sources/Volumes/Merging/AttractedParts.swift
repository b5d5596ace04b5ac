import Imaging

/// The parts of a multicut that attractive edges connect, in the order of their first nodes.
///
/// Nodes and edges are sorted by part, so that the problem of a part is made when it is solved, and not kept.
struct AttractedParts {
    /// Nodes of each part, ascending.
    private let members: NumberLists

    /// Numbers of the edges inside of each part, ascending.
    private let inside: NumberLists

    /// Where each node is among those of its part.
    private let place: [UInt32]

    /// Number of parts.
    var count: Int { members.count }

    init(_ problem: Multicut) {
        var sets = DisjointSets(count: problem.nodeCount)
        for edge in problem.edges where edge.weight > 0 {
            sets.union(UInt32(edge.first + 1), UInt32(edge.second + 1))
        }
        // Ranks count from 1, and those of nodes begin behind that of 0.
        let ranks = sets.rootNumbers()
        func part(_ node: Int) -> Int { Int(ranks[node + 1]) - 1 }
        let count = Int(ranks.max() ?? 0)
        members = NumberLists(count, from: problem.nodeCount) { (part($0), $0) }
        inside = NumberLists(count, from: problem.edges.count) { index in
            let edge = problem.edges[index]
            let first = part(edge.first)
            return first == part(edge.second) ? (first, index) : nil
        }
        var place = [UInt32](repeating: 0, count: problem.nodeCount)
        for number in 0..<count {
            for (index, node) in members[number].enumerated() { place[Int(node)] = UInt32(index) }
        }
        self.place = place
    }

    /// The nodes of a part.
    func nodes(_ part: Int) -> ArraySlice<UInt32> { members[part] }

    /// A part as a problem whose nodes are numbered anew, with all edges inside.
    func problem(_ part: Int, of whole: Multicut) -> Multicut {
        let edges = inside[part].map { index in
            let edge = whole.edges[Int(index)]
            return Multicut.Edge(
                Int(place[edge.first]),
                Int(place[edge.second]),
                weight: edge.weight
            )
        }
        return Multicut(nodeCount: members[part].count, edges: edges)
    }
}
