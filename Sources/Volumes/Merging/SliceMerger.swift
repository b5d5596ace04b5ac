/// Decides which objects of the slices of a volume are one object.
public protocol SliceMerger: Sendable {
    /// The object that each node of the graph belongs to.
    ///
    /// - Returns: A number for each node: 0 for node 0, and 1, 2, … in the order of their first nodes.
    func objects(in graph: ObjectGraph) -> [Int]
}
