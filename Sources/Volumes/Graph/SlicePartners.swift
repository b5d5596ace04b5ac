/// The objects of the slice below and of the slice above that each object overlaps.
struct SlicePartners {
    private let below: [[Int]]
    private let above: [[Int]]

    init(_ graph: ObjectGraph) {
        var (below, above) = (
            [[Int]](repeating: [], count: graph.nodes.count),
            [[Int]](repeating: [], count: graph.nodes.count)
        )
        // Edges come by first, then by second object, so the lists ascend.
        for edge in graph.edges {
            above[edge.first].append(edge.second)
            below[edge.second].append(edge.first)
        }
        (self.below, self.above) = (below, above)
    }

    /// Pairs of objects of one slice that overlap the same object of a neighbouring slice; each pair once.
    var siblings: [(first: Int, second: Int)] {
        var seconds = [[Int]](repeating: [], count: below.count)
        for lists in [below, above] {
            for list in lists where list.count > 1 {
                for (index, first) in list.enumerated() {
                    for second in list[(index + 1)...] where !seconds[first].contains(second) {
                        seconds[first].append(second)
                    }
                }
            }
        }
        return seconds.enumerated().flatMap { first, list in list.sorted().map { (first, $0) } }
    }

    /// Whether an object of the slice between overlaps both.
    func isSomething(between lower: Int, _ upper: Int) -> Bool {
        above[lower].contains { below[upper].contains($0) }
    }
}
