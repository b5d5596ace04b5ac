import Imaging
import Prompting

/// Objects that are missing in a few slices, and go on behind them.
///
/// An object that was merged across slices without a part in them is one already. An object that ends and another one that begins some slices higher are one object if they overlap well; each end has one
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
        let nextSlices = Self.nextSlices(graph, objects)
        var (ends, parts) = (SparseAssignment(), SparseAssignment())
        for (index, edge) in graph.edgesAcrossGaps.enumerated() {
            let (first, second) = (objects[edge.first], objects[edge.second])
            let (lower, higher) = (graph.nodes[edge.first].slice, graph.nodes[edge.second].slice)
            let gap = higher - lower
            guard gap <= options.gapClosing + 1 else { continue }
            let overlap = graph.intersectionOverUnion(edge)
            guard overlap >= options.minimumGapOverlap else { continue }
            // Of two gaps that are bridged equally well, the narrower one.
            let cost = -overlap + 0.001 * Double(gap)
            if first == second, nextSlices[edge.first] == higher {
                parts.addPair(
                    index,
                    row: UInt32(edge.first),
                    column: UInt32(edge.second),
                    cost: cost
                )
            } else if first != second, lower == extents[first]?.upperBound,
                higher == extents[second]?.lowerBound
            {
                ends.addPair(index, row: UInt32(first), column: UInt32(second), cost: cost)
            }
        }
        links = (parts.cheapest() + ends.cheapest()).sorted().map {
            Link(first: graph.edgesAcrossGaps[$0].first, second: graph.edgesAcrossGaps[$0].second)
        }
    }

    /// For each node the next slice in which its object has a part; -1 for none.
    private static func nextSlices(_ graph: ObjectGraph, _ objects: [Int]) -> [Int] {
        var result = [Int](repeating: -1, count: objects.count)
        var seen = [(slice: Int, next: Int)](
            repeating: (-1, -1),
            count: (objects.max() ?? 0) + 1
        )
        for node in objects.indices.dropFirst().reversed() {
            let (object, slice) = (objects[node], graph.nodes[node].slice)
            if seen[object].slice != slice { seen[object] = (slice, seen[object].slice) }
            result[node] = seen[object].next
        }
        return result
    }
}
