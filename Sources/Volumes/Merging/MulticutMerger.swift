import Imaging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Merges by a multicut of the graph, in which overlapping objects attract and hardly overlapping ones repel each other.
///
/// Two more forces mend single bad slices. Objects of one slice that overlap the same object of a neighbouring slice repel each
/// other, and strongly so if they go on separately behind it: two objects that are one in a slice stay two. The pieces of an
/// object that is in pieces in one slice do not go on separately, so they stay one. Objects that overlap well with one slice
/// between them attract each other, if something lies between: a slice that says otherwise is outvoted.
public struct MulticutMerger: SliceMerger, Hashable {
    /// How much two objects of different slices overlap, 0...1.
    public enum Overlap: Hashable, Sendable {
        /// Shared pixels relative to the object in the lower slice, as micro-sam takes it. The result depends on the direction of
        /// the stack.
        case shareOfFirst
        /// Shared pixels relative to the geometric mean of both sizes.
        case shareOfGeometricMean
        /// Shared pixels relative to the mean size of both objects.
        case shareOfBoth
        /// Shared pixels relative to the pixels that either has.
        case intersectionOverUnion
    }

    /// The measure of overlap.
    public var overlap = Overlap.shareOfGeometricMean

    /// Overlap from which two objects of neighbouring slices attract each other, 0...1.
    public var threshold = 0.2

    /// How strongly two objects of one slice repel each other that overlap the same object of another slice; 0 for not at all.
    ///
    /// The unit is that of attraction: the logarithm of odds.
    public var siblingRepulsion = 1.0

    /// How much more strongly they do if both go on separately behind the object that they share, by ``thresholdAcross``.
    public var repulsionApart = 2.0

    /// How strongly two objects attract each other that have a slice between them, relative to neighbours; 0 for not at all.
    public var attractionAcross = 0.8

    /// Overlap from which two objects attract each other that have a slice between them, 0...1.
    public var thresholdAcross = 0.45

    /// How often large problems are solved; see ``Multicut/solve(effort:)``.
    public var effort = 800

    /// The values that did best in the measurements of the documentation.
    public init() {}

    /// The weights of micro-sam, whose `beta` has no effect: neighbouring slices only, and no repulsion of siblings.
    public static let reference: MulticutMerger = {
        var merger = MulticutMerger()
        merger.overlap = .shareOfFirst
        merger.threshold = 1 / (1 + exp(1))
        merger.siblingRepulsion = 0
        merger.attractionAcross = 0
        merger.effort = .max
        return merger
    }()

    /// One slice may lie between objects that attract each other.
    public var reach: Int { attractionAcross > 0 ? 1 : 0 }

    /// The problem whose solution gives the objects; nodes are those of the graph.
    ///
    /// - Parameter graph: Made with a widest gap of at least ``reach``.
    public func problem(_ graph: ObjectGraph) -> Multicut {
        let (across, siblings) = forces(graph)
        let offset = Self.logit(threshold)
        var edges: [Multicut.Edge] = []
        edges.reserveCapacity(graph.edges.count + across.count + siblings.count)
        for edge in graph.edges {
            let weight = strength(graph, edge) - offset
            edges.append(Multicut.Edge(edge.first, edge.second, weight: weight))
        }
        edges += across
        for pair in siblings {
            let repulsion = siblingRepulsion + (pair.goOnApart ? repulsionApart : 0)
            edges.append(Multicut.Edge(Int(pair.first), Int(pair.second), weight: -repulsion))
        }
        return Multicut(nodeCount: graph.nodes.count, edges: edges)
    }

    /// What attracts across a slice, and what repels inside of one.
    private func forces(
        _ graph: ObjectGraph
    ) -> (across: [Multicut.Edge], siblings: [SlicePartners.Siblings]) {
        guard siblingRepulsion > 0 || attractionAcross > 0 else { return ([], []) }
        let partners = SlicePartners(graph)
        let across = attractions(graph, partners)
        guard siblingRepulsion > 0 else { return (across, []) }
        let (lower, higher) = Self.strongest(across, nodeCount: graph.nodes.count)
        return (across, partners.siblings(lower: lower, higher: higher))
    }

    /// The object that each node belongs to, by the multicut of ``problem(_:)``.
    public func objects(in graph: ObjectGraph) -> [Int] {
        // Node 0 has no edges, so it is a group of its own, the first one.
        problem(graph).solve(effort: effort)
    }

    /// Edges between objects with one slice between them, in which something overlaps both.
    private func attractions(_ graph: ObjectGraph, _ partners: SlicePartners) -> [Multicut.Edge] {
        guard attractionAcross > 0 else { return [] }
        let offset = Self.logit(thresholdAcross)
        return graph.edgesAcrossGaps.compactMap { edge in
            guard graph.nodes[edge.second].slice - graph.nodes[edge.first].slice == 2 else {
                return nil
            }
            let weight = attractionAcross * (strength(graph, edge) - offset)
            guard weight > 0, partners.isSomething(between: edge.first, edge.second) else {
                return nil
            }
            return Multicut.Edge(edge.first, edge.second, weight: weight)
        }
    }

    /// For each node the lower, and the higher node that attracts it most.
    private static func strongest(
        _ edges: [Multicut.Edge],
        nodeCount: Int
    ) -> (lower: [UInt32], higher: [UInt32]) {
        // First the numbers of the edges, counted from 1.
        var (lower, higher) = (
            [UInt32](repeating: 0, count: nodeCount), [UInt32](repeating: 0, count: nodeCount)
        )
        func weight(_ number: UInt32) -> Double { number == 0 ? 0 : edges[Int(number) - 1].weight }
        for (index, edge) in edges.enumerated() {
            let number = UInt32(index + 1)
            if edge.weight > weight(higher[edge.first]) { higher[edge.first] = number }
            if edge.weight > weight(lower[edge.second]) { lower[edge.second] = number }
        }
        for node in 0..<nodeCount {
            if lower[node] > 0 { lower[node] = UInt32(edges[Int(lower[node]) - 1].first) }
            if higher[node] > 0 { higher[node] = UInt32(edges[Int(higher[node]) - 1].second) }
        }
        return (lower, higher)
    }

    private func strength(_ graph: ObjectGraph, _ edge: ObjectGraph.Edge) -> Double {
        let share =
            switch overlap {
            case .shareOfFirst: graph.shareOfFirst(edge)
            case .shareOfGeometricMean: graph.shareOfGeometricMean(edge)
            case .shareOfBoth: graph.shareOfBoth(edge)
            case .intersectionOverUnion: graph.intersectionOverUnion(edge)
            }
        // Neither a full nor a missing overlap decides alone.
        let strength = Self.logit(0.998 * share + 0.001)
        return overlap == .shareOfFirst ? strength : strength - Self.handicap(graph, edge)
    }

    /// A tiny weight that decides between choices that are equally good, by the place in the slice: the direction of the stack
    /// must not.
    private static func handicap(_ graph: ObjectGraph, _ edge: ObjectGraph.Edge) -> Double {
        let (first, second) = (graph.nodes[edge.first].box, graph.nodes[edge.second].box)
        return 3e-8 * Double(first.x + second.x) + 5e-8 * Double(first.y + second.y)
    }

    private static func logit(_ share: Double) -> Double { log(share / (1 - share)) }
}
