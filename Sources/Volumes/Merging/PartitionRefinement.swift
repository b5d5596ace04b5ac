/// Moves of nodes between two groups, joins and splits, as long as the cost of a multicut falls.
///
/// - Source: Kernighan and Lin, 1970, as in M. Keuper et al., ICCV 2015, algorithm 2.
struct PartitionRefinement {
    private let graph: WeightedGraph
    private var groups: [Int]
    private var members: [[Int]] = []
    /// Groups that were changed since they were last looked at.
    private var isFresh: [Bool] = []
    /// Where a node is among those of the two groups that are looked at; -1 for others.
    private var place: [Int]

    init(_ graph: WeightedGraph, _ start: [Int]) {
        self.graph = graph
        place = Array(repeating: -1, count: graph.nodeCount)
        var numbers: [Int: Int] = [:]
        groups = []
        for (node, group) in start.enumerated() {
            let number = numbers[group] ?? members.count
            if number == members.count {
                numbers[group] = number
                members.append([])
                isFresh.append(true)
            }
            members[number].append(node)
            groups.append(number)
        }
    }

    /// The group of each node.
    consuming func refined() -> [Int] {
        for _ in 0..<Self.rounds {
            let wasFresh = isFresh
            isFresh = Array(repeating: false, count: members.count)
            var improved = false
            for pair in adjacentPairs(wasFresh) {
                improved = improve(pair.first, pair.second) || improved
            }
            for group in wasFresh.indices where wasFresh[group] && members[group].count > 2 {
                let empty = members.count
                members.append([])
                isFresh.append(false)
                improved = improve(group, empty) || improved
                if members[empty].isEmpty {
                    members.removeLast()
                    isFresh.removeLast()
                }
            }
            guard improved else { break }
        }
        return groups
    }

    private static let rounds = 100

    /// A sequence of moves ends after so many that did not lower the cost.
    private static let patience = 64

    /// Pairs of groups that an edge joins and of which one was changed, in a stable order.
    private func adjacentPairs(_ wasFresh: [Bool]) -> [(first: Int, second: Int)] {
        var keys: [UInt64] = []
        for node in groups.indices {
            let group = groups[node]
            for index in graph.range(node) {
                let other = groups[graph.neighbors[index].node]
                if other > group, wasFresh[group] || wasFresh[other] {
                    keys.append(UInt64(group) << 32 | UInt64(other))
                }
            }
        }
        keys.sort()
        var last = UInt64.max
        return keys.compactMap { key in
            guard key != last else { return nil }
            last = key
            return (Int(key >> 32), Int(key & 0xFFFF_FFFF))
        }
    }

    /// Looks for the best sequence of moves between two groups, and for their union; true if the cost falls.
    private mutating func improve(_ first: Int, _ second: Int) -> Bool {
        let nodes = members[first] + members[second]
        guard nodes.count > 1, !members[first].isEmpty else { return false }
        for (index, node) in nodes.enumerated() { place[node] = index }
        defer { for node in nodes { place[node] = -1 } }
        var side = nodes.map { groups[$0] == second }
        var gains = [Double](repeating: 0, count: nodes.count)
        var between = 0.0
        for (index, node) in nodes.enumerated() {
            for neighbor in graph.neighbors[graph.range(node)] {
                let other = place[neighbor.node]
                guard other >= 0 else { continue }
                gains[index] += side[other] == side[index] ? -neighbor.weight : neighbor.weight
                if !side[index], side[other] { between += neighbor.weight }
            }
        }
        var isMoved = [Bool](repeating: false, count: nodes.count)
        var moves: [Int] = []
        var (sum, best, bestLength) = (0.0, 0.0, 0)
        while moves.count < nodes.count, moves.count - bestLength < Self.patience {
            var chosen = -1
            for place in nodes.indices where !isMoved[place] {
                if chosen < 0 || gains[place] > gains[chosen] { chosen = place }
            }
            sum += gains[chosen]
            isMoved[chosen] = true
            side[chosen].toggle()
            moves.append(chosen)
            for neighbor in graph.neighbors[graph.range(nodes[chosen])] {
                let other = place[neighbor.node]
                guard other >= 0, !isMoved[other] else { continue }
                gains[other] +=
                    side[other] == side[chosen] ? -2 * neighbor.weight : 2 * neighbor.weight
            }
            if sum > best + Multicut.tolerance { (best, bestLength) = (sum, moves.count) }
        }
        if between > best + Multicut.tolerance {
            put(nodes, into: second, first)
            return true
        }
        guard bestLength > 0 else { return false }
        for place in moves[..<bestLength] {
            groups[nodes[place]] = groups[nodes[place]] == first ? second : first
        }
        members[first] = nodes.filter { groups[$0] == first }
        members[second] = nodes.filter { groups[$0] == second }
        (isFresh[first], isFresh[second]) = (true, true)
        return true
    }

    /// Joins two groups.
    private mutating func put(_ nodes: [Int], into kept: Int, _ gone: Int) {
        for node in nodes { groups[node] = kept }
        members[kept] = nodes
        members[gone] = []
        (isFresh[kept], isFresh[gone]) = (true, false)
    }
}
