import Imaging
import Prompting

/// Objects that are missing in a few slices, and go on behind them.
///
/// An object that ends and another one that begins some slices higher are one object if they overlap well; each end has one
/// partner, so that two objects missing in the same slice stay two.
struct GapLinks {
    /// An object of a slice, and the one that goes on with it.
    struct Link: Hashable {
        let first: Int
        let second: Int
    }

    let links: [Link]

    /// - Parameter objects: The object of each node.
    init(_ graph: ObjectGraph, _ objects: [Int], _ options: VolumeOptions) {
        let extents = graph.extents(of: objects)
        var assignment = SparseAssignment()
        for (index, edge) in graph.edgesAcrossGaps.enumerated() {
            let (first, second) = (objects[edge.first], objects[edge.second])
            let gap = graph.nodes[edge.second].slice - graph.nodes[edge.first].slice
            guard first != second, gap <= options.gapClosing + 1,
                graph.nodes[edge.first].slice == extents[first]?.upperBound,
                graph.nodes[edge.second].slice == extents[second]?.lowerBound
            else { continue }
            let overlap = graph.intersectionOverUnion(edge)
            guard overlap >= options.minimumGapOverlap else { continue }
            // Of two gaps that are bridged equally well, the narrower one.
            assignment.addPair(
                index,
                row: UInt32(first),
                column: UInt32(second),
                cost: -overlap + 0.001 * Double(gap)
            )
        }
        links = assignment.cheapest().sorted().map {
            Link(first: graph.edgesAcrossGaps[$0].first, second: graph.edgesAcrossGaps[$0].second)
        }
    }
}
