public import Imaging

/// Makes the graph of a volume from its slices, one after the other.
///
/// Memory: the runs of the last slices, as many as the widest gap has and one more, and the graph.
public struct ObjectGraphBuilder: Sendable {
    private var graph = ObjectGraph()
    private var latest: [NumberedSlice] = []
    private let widestGap: Int

    /// Prepares for the first slice.
    ///
    /// - Parameter widestGap: How many slices may lie between two objects that share pixels; 0 for neighbouring slices only.
    public init(widestGap: Int = 0) {
        precondition(widestGap >= 0, "negative gap")
        self.widestGap = widestGap
    }

    /// Adds the next slice.
    ///
    /// - Parameter labels: Objects of the slice; labels of different slices do not have to differ.
    /// - Throws: `ImagingError` if the size differs from that of the slices before, or the numbers exceed 32 bits.
    public mutating func add(_ labels: LabelImage) throws(ImagingError) {
        if let before = latest.last, before.size != labels.size {
            throw .sizeMismatch(
                "slice \(graph.sliceCount)",
                expected: before.size,
                found: labels.size
            )
        }
        let slice = try numbered(labels)
        for (distance, earlier) in latest.reversed().enumerated() {
            let edges = SliceOverlap.edges(earlier, slice)
            if distance == 0 {
                graph.edges.appendCompactly(edges)
            } else {
                graph.edgesAcrossGaps.appendCompactly(edges)
            }
        }
        latest.append(slice)
        if latest.count > widestGap + 1 { latest.removeFirst() }
    }

    /// The graph of all slices so far.
    public consuming func finish() -> ObjectGraph { graph }

    /// The slice with numbers that go on from those of the slices before, in the order of the labels.
    private mutating func numbered(_ labels: LabelImage) throws(ImagingError) -> NumberedSlice {
        let result = NumberedSlice(labels, from: graph.nodes.count)
        guard result.first + result.sizes.count <= Int(UInt32.max) else {
            throw .invalidParameter(
                "slice \(graph.sliceCount)",
                reason: "more than 2^32 - 2 objects in all slices"
            )
        }
        let slice = graph.sliceCount
        graph.nodes.appendCompactly(
            zip(result.sizes, result.boxes).map { size, box in
                ObjectGraph.Node(slice: slice, size: size, box: box)
            }
        )
        graph.firstNodes.append(result.first)
        graph.labels.append(result.labels)
        return result
    }
}

extension Array {
    /// Appends elements without doubling the memory: there is room for an eighth more at most.
    fileprivate mutating func appendCompactly(_ elements: [Element]) {
        let needed = count + elements.count
        if needed > capacity { reserveCapacity(Swift.max(needed, count + count / 8)) }
        append(contentsOf: elements)
    }
}
