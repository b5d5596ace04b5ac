/// Decides which objects of the slices of a volume are one object.
public protocol SliceMerger: Sendable {
    /// The object that each node of the graph belongs to.
    ///
    /// - Returns: A number for each node: 0 for node 0, and 1, 2, … in the order of their first nodes.
    func objects(in graph: ObjectGraph) -> [Int]
}

extension SliceMerger {
    /// Numbers groups of nodes, whatever their names, by their first nodes; node 0 gets 0.
    static func numbered(_ groups: some Collection<Int>) -> [Int] {
        var numbers: [Int: Int] = [:]
        var result = [0]
        for group in groups.dropFirst() {
            let number = numbers[group] ?? numbers.count + 1
            numbers[group] = number
            result.append(number)
        }
        return result
    }
}
