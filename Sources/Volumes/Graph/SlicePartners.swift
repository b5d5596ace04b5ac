/// The objects of the slice below and of the slice above that each object overlaps.
struct SlicePartners {
    private let below: NumberLists
    private let above: NumberLists

    init(_ graph: ObjectGraph) {
        // Edges come by first, then by second object, so the lists ascend.
        let (count, edges) = (graph.nodes.count, graph.edges)
        above = NumberLists(count, from: edges.count) { (edges[$0].first, edges[$0].second) }
        below = NumberLists(count, from: edges.count) { (edges[$0].second, edges[$0].first) }
    }

    /// Two objects of one slice that overlap the same object of a neighbouring slice.
    struct Siblings {
        let first: UInt32
        let second: UInt32
        /// Whether both go on separately behind the object that they share.
        var goOnApart: Bool
    }

    /// All siblings, each pair once, by first, then by second object.
    ///
    /// - Parameters:
    ///   - lower: The object two slices below that each object agrees with best; 0 for none.
    ///   - higher: The same for two slices above.
    func siblings(lower: [UInt32], higher: [UInt32]) -> [Siblings] {
        var pairs: [Siblings] = []
        // Objects below the same one go on above it, and the other way round.
        for (lists, across) in [(below, higher), (above, lower)] {
            for node in 0..<lists.count {
                let list = lists[node]
                guard list.count > 1 else { continue }
                for index in list.indices {
                    let first = list[index]
                    for second in list[(index + 1)...] {
                        let (one, other) = (across[Int(first)], across[Int(second)])
                        let goOnApart = one > 0 && other > 0 && one != other
                        pairs.append(
                            Siblings(first: first, second: second, goOnApart: goOnApart)
                        )
                    }
                }
            }
        }
        pairs.sort { ($0.first, $0.second) < ($1.first, $1.second) }
        return Self.united(pairs)
    }

    /// Sorted pairs, each once.
    private static func united(_ pairs: [Siblings]) -> [Siblings] {
        var result: [Siblings] = []
        for pair in pairs {
            if let last = result.last, last.first == pair.first, last.second == pair.second {
                result[result.count - 1].goOnApart = last.goOnApart || pair.goOnApart
            } else {
                result.append(pair)
            }
        }
        return result
    }

    /// Whether an object of the slice between overlaps both.
    func isSomething(between lower: Int, _ upper: Int) -> Bool {
        above[lower].contains { below[upper].contains($0) }
    }
}
