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

    /// Two objects of one slice that overlap the same object of a neighbouring slice.
    struct Siblings {
        let first: Int
        let second: Int
        /// Whether both go on separately behind the object that they share.
        var goOnApart: Bool
    }

    /// All siblings, each pair once, by first, then by second object.
    ///
    /// - Parameters:
    ///   - lower: The object two slices below that each object agrees with best; 0 for none.
    ///   - higher: The same for two slices above.
    func siblings(lower: [Int], higher: [Int]) -> [Siblings] {
        var pairs = [[Siblings]](repeating: [], count: below.count)
        // Objects below the same one go on above it, and the other way round.
        for (lists, across) in [(below, higher), (above, lower)] {
            for list in lists where list.count > 1 {
                for (index, first) in list.enumerated() {
                    for second in list[(index + 1)...] {
                        let goOnApart =
                            across[first] > 0 && across[second] > 0
                            && across[first] != across[second]
                        if let place = pairs[first].firstIndex(where: { $0.second == second }) {
                            pairs[first][place].goOnApart =
                                pairs[first][place].goOnApart || goOnApart
                        } else {
                            pairs[first].append(
                                Siblings(first: first, second: second, goOnApart: goOnApart)
                            )
                        }
                    }
                }
            }
        }
        return pairs.flatMap { $0.sorted { $0.second < $1.second } }
    }

    /// Whether an object of the slice between overlaps both.
    func isSomething(between lower: Int, _ upper: Int) -> Bool {
        above[lower].contains { below[upper].contains($0) }
    }
}
