import Imaging

/// Merges by the way that the pixels of one slice take to the next one.
///
/// Objects of two slices are one if each is the other's main partner: the one with which it exchanges the largest share of
/// the pixels of both. Two rules
/// mend single slices. A piece without a partner whose main partners below and above are one object belongs to it. An object
/// that ends below an object of several goes on above it, if both ends overlap well.
///
/// - Source: the idea of Y. Liu et al., "CellStitch: 3D cellular anisotropic image segmentation via optimal transport", BMC
///   Bioinformatics 2023.
public struct TransportMerger: SliceMerger, Hashable {
    /// Smallest intersection over union of partners, 0...1.
    public var minimumOverlap: Double

    /// Intersection over union from which an object goes on behind a slice in which it is part of another one, 0...1.
    public var minimumOverlapAcross: Double

    /// An overlap of 0.1 makes partners, and one of 0.5 across a slice.
    public init(minimumOverlap: Double = 0.1, minimumOverlapAcross: Double = 0.5) {
        self.minimumOverlap = minimumOverlap
        self.minimumOverlapAcross = minimumOverlapAcross
    }

    /// Objects that end below a slice and go on above it have to be seen.
    public var reach: Int { 1 }

    /// The object that each node belongs to.
    public func objects(in graph: ObjectGraph) -> [Int] {
        let partners = Partners(graph, minimumOverlap: minimumOverlap)
        var sets = DisjointSets(count: graph.nodes.count - 1)
        for (node, above) in partners.above.enumerated() where above > 0 {
            if partners.below[above] == node { sets.union(UInt32(node), UInt32(above)) }
        }
        joinPieces(partners, &sets)
        goOn(graph, partners, &sets)
        return sets.rootNumbers().map(Int.init)
    }

    /// Joins pieces of a single slice with the object below and above.
    private func joinPieces(_ partners: Partners, _ sets: inout DisjointSets) {
        for node in partners.above.indices where node > 0 && partners.isAlone(node) {
            let (below, above) = (partners.below[node], partners.above[node])
            guard below > 0, above > 0, sets.root(UInt32(below)) == sets.root(UInt32(above)) else {
                continue
            }
            sets.union(UInt32(node), UInt32(below))
        }
    }

    /// Joins objects that end below a slice and begin above it, if something else lies between.
    private func goOn(_ graph: ObjectGraph, _ partners: Partners, _ sets: inout DisjointSets) {
        let (lows, highs) = graph.ends(of: sets.rootNumbers().map(Int.init))
        let candidates = graph.edgesAcrossGaps.filter { edge in
            graph.nodes[edge.second].slice - graph.nodes[edge.first].slice == 2
                && highs[edge.first] && lows[edge.second]
                && partners.above[edge.first] > 0 && partners.below[edge.second] > 0
        }
        for edge in graph.pairs(among: candidates, overlapping: minimumOverlapAcross) {
            sets.union(UInt32(edge.first), UInt32(edge.second))
        }
    }
}

/// The main partner of each object in the next slice and in the one before: the one with which it exchanges
/// the largest share of the pixels of both.
private struct Partners {
    /// By node; 0 without a partner.
    private(set) var above: [Int]
    private(set) var below: [Int]

    init(_ graph: ObjectGraph, minimumOverlap: Double) {
        above = [Int](repeating: 0, count: graph.nodes.count)
        below = above
        best = Array(repeating: (0, 0), count: graph.nodes.count)
        for edges in graph.edgesBySlice {
            let edges = edges.filter { graph.intersectionOverUnion($0) >= minimumOverlap }
            for (edge, flow) in zip(edges, Self.flows(graph, edges)) { add(edge, flow, graph) }
        }
    }

    /// Whether no partner sees the object as its own.
    func isAlone(_ node: Int) -> Bool {
        (above[node] == 0 || below[above[node]] != node)
            && (below[node] == 0 || above[below[node]] != node)
    }

    /// How well each object agrees with its main partners.
    private var best: [(above: Double, below: Double)]

    private mutating func add(_ edge: ObjectGraph.Edge, _ flow: Int, _ graph: ObjectGraph) {
        guard flow > 0 else { return }
        let sizes = graph.nodes[edge.first].size + graph.nodes[edge.second].size
        let agreement = Double(flow) / Double(sizes - flow)
        if agreement > best[edge.first].above {
            best[edge.first].above = agreement
            above[edge.first] = edge.second
        }
        if agreement > best[edge.second].below {
            best[edge.second].below = agreement
            below[edge.second] = edge.first
        }
    }

    /// The pixels that take each edge.
    private static func flows(_ graph: ObjectGraph, _ edges: [ObjectGraph.Edge]) -> [Int] {
        var (lower, upper): ([Int: Int], [Int: Int]) = ([:], [:])
        var (lowerSizes, upperSizes): ([Int], [Int]) = ([], [])
        let routes = edges.map { edge in
            let first = lower[edge.first] ?? lowerSizes.count
            if first == lowerSizes.count {
                lower[edge.first] = first
                lowerSizes.append(graph.nodes[edge.first].size)
            }
            let second = upper[edge.second] ?? upperSizes.count
            if second == upperSizes.count {
                upper[edge.second] = second
                upperSizes.append(graph.nodes[edge.second].size)
            }
            return TransportPlan.Route(
                lower: first,
                upper: second,
                gain: graph.intersectionOverUnion(edge)
            )
        }
        return TransportPlan(lower: lowerSizes, upper: upperSizes, routes).flows
    }
}
