import Imaging

extension ObjectGraph {
    /// The pairs with the largest sum of overlaps, in which each object has at most one partner on each side.
    ///
    /// - Parameters:
    ///   - edges: What may become a pair.
    ///   - minimumOverlap: Smallest intersection over union of a pair, 0...1.
    func pairs(among edges: some Sequence<Edge>, overlapping minimumOverlap: Double) -> [Edge] {
        var assignment = SparseAssignment()
        var candidates: [Edge] = []
        for edge in edges {
            let overlap = intersectionOverUnion(edge)
            guard overlap >= minimumOverlap else { continue }
            assignment.addPair(
                candidates.count,
                row: UInt32(edge.first),
                column: UInt32(edge.second),
                cost: -overlap
            )
            candidates.append(edge)
        }
        return assignment.cheapest().map { candidates[$0] }
    }
}
