import Imaging

/// Merges by pairs: each object has at most one partner in the next slice, chosen for the largest sum of overlaps.
///
/// - Source: H. W. Kuhn, "The Hungarian method for the assignment problem", 1955.
public struct AssignmentMerger: SliceMerger, Hashable {
    /// Smallest intersection over union of partners, 0...1.
    public var minimumOverlap: Double

    /// An overlap of 0.05 makes a pair.
    public init(minimumOverlap: Double = 0.05) {
        self.minimumOverlap = minimumOverlap
    }

    /// The object that each node belongs to, by the pairs of neighbouring slices.
    public func objects(in graph: ObjectGraph) -> [Int] {
        var sets = DisjointSets(count: graph.nodes.count - 1)
        for edges in graph.edgesBySlice {
            for edge in graph.pairs(among: edges, overlapping: minimumOverlap) {
                sets.union(UInt32(edge.first), UInt32(edge.second))
            }
        }
        return sets.rootNumbers().map(Int.init)
    }
}
