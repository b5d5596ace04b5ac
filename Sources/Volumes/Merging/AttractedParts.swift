import Imaging

/// The parts of a multicut that attractive edges connect, in the order of their first nodes.
///
/// Nodes and edges are sorted by part, so that the problem of a part is made when it is solved, and not kept.
struct AttractedParts {
    /// Nodes of each part, ascending.
    private let members: Sorted

    /// Numbers of the edges inside of each part, ascending.
    private let inside: Sorted

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
        members = Sorted(problem.nodeCount, into: count) { part($0) }
        inside = Sorted(problem.edges.count, into: count) { index in
            let edge = problem.edges[index]
            let first = part(edge.first)
            return first == part(edge.second) ? first : nil
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

    /// Numbers 0, 1, … sorted into parts, ascending in each.
    private struct Sorted {
        private var numbers: [UInt32]
        /// Where each part begins, and at last where the last one ends.
        private var starts: [UInt32]

        var count: Int { starts.count - 1 }

        /// - Parameter part: The part of a number; nil for none.
        init(_ numberCount: Int, into count: Int, _ part: (Int) -> Int?) {
            starts = [UInt32](repeating: 0, count: count + 1)
            for number in 0..<numberCount {
                if let part = part(number) { starts[part + 1] += 1 }
            }
            for part in 0..<count { starts[part + 1] += starts[part] }
            numbers = [UInt32](repeating: 0, count: Int(starts[count]))
            // Each start moves on to the one of the next part, and is put back afterwards.
            for number in 0..<numberCount {
                guard let part = part(number) else { continue }
                numbers[Int(starts[part])] = UInt32(number)
                starts[part] += 1
            }
            for part in stride(from: count, to: 0, by: -1) { starts[part] = starts[part - 1] }
            starts[0] = 0
        }

        subscript(_ part: Int) -> ArraySlice<UInt32> {
            numbers[Int(starts[part])..<Int(starts[part + 1])]
        }
    }
}
