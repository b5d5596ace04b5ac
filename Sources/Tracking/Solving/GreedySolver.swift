/// Takes possible links one by one, the best first, as long as they fit those taken before.
///
/// - Source: The modes `greedy` and `greedy_nodiv` of Trackastra (Gallusser and Weigert, ECCV 2024).
public struct GreedySolver: Hashable, Sendable {
    /// The most successors of a detection: 1 without divisions, 2 with them.
    public var maximumChildren: Int

    /// Links with a lower weight are not taken.
    public var minimumWeight: Double

    /// A solver with or without divisions.
    public init(maximumChildren: Int = 2, minimumWeight: Double = 0.5) {
        self.maximumChildren = maximumChildren
        self.minimumWeight = minimumWeight
    }

    /// The links that are taken, in the order of `edges`.
    ///
    /// Each detection has at most one predecessor and ``maximumChildren`` successors. Of links with the same weight the one that
    /// comes first in `edges` goes first. Links with a weight that is no number are never taken. Cost: sorting.
    public func solve(_ edges: [CandidateEdge]) -> [Link] {
        let allowed = edges.indices.filter { edges[$0].weight >= minimumWeight }
        let order = allowed.sorted { (edges[$1].weight, $0) < (edges[$0].weight, $1) }
        var children: [Int: Int] = [:]
        var hasParent: Set<Int> = []
        var taken: [Int] = []
        for index in order {
            let link = edges[index].link
            guard !hasParent.contains(link.target),
                children[link.source, default: 0] < maximumChildren
            else { continue }
            hasParent.insert(link.target)
            children[link.source, default: 0] += 1
            taken.append(index)
        }
        return taken.sorted().map { edges[$0].link }
    }
}
