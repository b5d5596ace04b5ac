import Imaging

/// The division of a graph into groups at the lowest cost: edges between groups cost their weight.
///
/// A positive weight attracts, a negative one repels. The problem is NP-hard; the solver contracts edges greedily and then
/// moves, joins and splits groups as long as the cost falls.
///
/// - Source: M. Keuper et al., "Efficient decomposition of image and mesh graphs by lifted multicuts", ICCV 2015 (greedy
///   additive edge contraction; Kernighan-Lin with joins).
public struct Multicut: Sendable {
    /// An edge between two nodes.
    public struct Edge: Hashable, Sendable {
        private let one: UInt32
        private let other: UInt32

        /// One node.
        public var first: Int { Int(one) }

        /// The other node.
        public var second: Int { Int(other) }

        /// Cost of an end of the edge in different groups; positive weights attract.
        public var weight: Double

        /// An edge between two different nodes, below 2^32.
        public init(_ first: Int, _ second: Int, weight: Double) {
            (one, other) = (UInt32(first), UInt32(second))
            self.weight = weight
        }
    }

    /// Number of nodes.
    public let nodeCount: Int

    /// The edges; several edges between the same nodes count together.
    public let edges: [Edge]

    /// A problem.
    ///
    /// - Parameter edges: Their ends are below `nodeCount` and differ.
    public init(nodeCount: Int, edges: [Edge]) {
        for edge in edges {
            precondition(
                edge.first != edge.second && (0..<nodeCount).contains(edge.first)
                    && (0..<nodeCount).contains(edge.second),
                "an edge of the multicut leads out of the graph or to its own start"
            )
        }
        self.nodeCount = nodeCount
        self.edges = edges
    }

    /// The sum of the weights of all edges between different groups.
    ///
    /// - Parameter groups: The group of each node.
    public func energy(_ groups: [Int]) -> Double {
        edges.reduce(0) { groups[$1.first] == groups[$1.second] ? $0 : $0 + $1.weight }
    }

    /// The group of each node: 0, 1, … in the order of their first nodes.
    ///
    /// Parts that no attractive edge connects are solved one by one; this loses nothing.
    ///
    /// - Parameter effort: A part is solved up to eight times from disturbed starts, and not more often than this number says
    ///   when it is divided by the number of its nodes, but once at least. The best solution counts.
    public func solve(effort: Int = .max) -> [Int] {
        let parts = AttractedParts(self)
        var groups = [UInt32](repeating: 0, count: nodeCount)
        var next = 0
        for part in 0..<parts.count {
            let nodes = parts.nodes(part)
            if nodes.count == 1 {
                for node in nodes { groups[Int(node)] = UInt32(next) }
                next += 1
                continue
            }
            let restarts = max(1, min(8, effort / nodes.count))
            let solved = parts.problem(part, of: self).solvePart(restarts: restarts)
            for (node, group) in zip(nodes, solved) { groups[Int(node)] = UInt32(next + group) }
            next += (solved.max() ?? 0) + 1
        }
        return connected(groups)
    }

    /// The groups, divided where nothing inside attracts; this never costs more.
    private func connected(_ groups: [UInt32]) -> [Int] {
        var sets = DisjointSets(count: nodeCount)
        for edge in edges where edge.weight > 0 && groups[edge.first] == groups[edge.second] {
            sets.union(UInt32(edge.first + 1), UInt32(edge.second + 1))
        }
        return sets.rootNumbers().dropFirst().map { Int($0) - 1 }
    }

    private func solvePart(restarts: Int) -> [Int] {
        let graph = WeightedGraph(nodeCount: nodeCount, edges: edges)
        var best = PartitionRefinement(graph, EdgeContraction(graph).groups()).refined()
        var lowest = energy(best)
        // Greedy contraction from another order of the same edges may lead to another valley.
        let bound = edges.reduce(0) { $0 + min($1.weight, 0) }
        guard lowest > bound + Self.tolerance else { return best }
        for seed in 0..<restarts {
            let start = EdgeContraction(graph, disturbedBy: UInt64(seed + 1)).groups()
            let groups = PartitionRefinement(graph, start).refined()
            let energy = energy(groups)
            if energy < lowest - Self.tolerance { (best, lowest) = (groups, energy) }
        }
        return best
    }

    /// Costs that differ by less are equal.
    static let tolerance = 1e-9
}
