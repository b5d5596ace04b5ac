#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Merges by a multicut of the graph, in which overlapping objects attract and hardly overlapping ones repel each other.
///
/// An object may have several partners in the next slice, so an object that is in pieces in one slice stays one. Objects of the
/// same slice do not repel each other, so two objects that are one in a slice become one.
public struct MulticutMerger: SliceMerger, Hashable {
    /// How much two objects of neighbouring slices overlap, 0...1.
    public enum Overlap: Hashable, Sendable {
        /// Shared pixels relative to the object in the lower slice, as micro-sam takes it. The result depends on the direction of
        /// the stack.
        case shareOfFirst
        /// Shared pixels relative to the mean size of both objects.
        case shareOfBoth
        /// Shared pixels relative to the pixels that either has.
        case intersectionOverUnion
    }

    /// The measure of overlap.
    public var overlap: Overlap

    /// Overlap from which two objects attract each other, 0...1.
    public var threshold: Double

    /// Measures overlaps relative to both objects.
    public init(overlap: Overlap = .shareOfBoth, threshold: Double = 0.35) {
        self.overlap = overlap
        self.threshold = threshold
    }

    /// The weights of micro-sam, whose `beta` has no effect.
    public static let reference = MulticutMerger(
        overlap: .shareOfFirst,
        threshold: 1 / (1 + exp(1))
    )

    /// The problem whose solution gives the objects; nodes are those of the graph.
    public func problem(_ graph: ObjectGraph) -> Multicut {
        let offset = Self.logit(threshold)
        return Multicut(
            nodeCount: graph.nodes.count,
            edges: graph.edges.map { edge in
                let share =
                    switch overlap {
                    case .shareOfFirst: graph.shareOfFirst(edge)
                    case .shareOfBoth: graph.shareOfBoth(edge)
                    case .intersectionOverUnion: graph.intersectionOverUnion(edge)
                    }
                // Neither a full nor a missing overlap decides alone.
                let weight = Self.logit(0.998 * share + 0.001) - offset
                return Multicut.Edge(edge.first, edge.second, weight: weight)
            }
        )
    }

    /// The object that each node belongs to, by the multicut of ``problem(_:)``.
    public func objects(in graph: ObjectGraph) -> [Int] {
        // Node 0 has no edges, so it is a group of its own, the first one.
        problem(graph).solve()
    }

    private static func logit(_ share: Double) -> Double { log(share / (1 - share)) }
}
