/// Decides which objects of the slices of a volume are one object.
public protocol SliceMerger: Sendable {
    /// How many slices may lie between objects that are compared; 0 if only neighbouring slices are looked at.
    ///
    /// The graph must be made with at least this as its widest gap.
    var reach: Int { get }

    /// The object that each node of the graph belongs to.
    ///
    /// - Returns: A number for each node: 0 for node 0, and 1, 2, … in the order of their first nodes.
    func objects(in graph: ObjectGraph) -> [Int]
}

extension SliceMerger {
    /// Only neighbouring slices.
    public var reach: Int { 0 }
}
