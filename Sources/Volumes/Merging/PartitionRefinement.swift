/// Moves of nodes between two groups, joins and splits, as long as the cost of a multicut falls.
///
/// - Source: Kernighan and Lin, 1970, as in M. Keuper et al., ICCV 2015, algorithm 2.
struct PartitionRefinement {
    private let graph: WeightedGraph
    private var groups: [Int]
    private var members: [[Int]] = []
    /// Groups that were changed since they were last looked at.
    private var isFresh: [Bool] = []

    init(_ graph: WeightedGraph, _ start: [Int]) {
        self.graph = graph
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
            for pair in adjacentPairs() where wasFresh[pair.0] || wasFresh[pair.1] {
                improved = improve(pair.0, pair.1) || improved
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

    /// Pairs of groups that an edge joins, in a stable order.
    private func adjacentPairs() -> [(Int, Int)] {
        var keys: Set<[Int]> = []
        for (node, list) in graph.neighbors.enumerated() {
            for neighbor in list where groups[neighbor.node] > groups[node] {
                keys.insert([groups[node], groups[neighbor.node]])
            }
        }
        return keys.map { ($0[0], $0[1]) }.sorted { $0 < $1 }
    }

    /// Looks for the best sequence of moves between two groups, and for their union; true if the cost falls.
    private mutating func improve(_ first: Int, _ second: Int) -> Bool {
        let nodes = members[first] + members[second]
        guard nodes.count > 1, !members[first].isEmpty else { return false }
        var index: [Int: Int] = [:]
        for (place, node) in nodes.enumerated() { index[node] = place }
        var side = nodes.map { groups[$0] == second }
        var gains = [Double](repeating: 0, count: nodes.count)
        var between = 0.0
        for (place, node) in nodes.enumerated() {
            for neighbor in graph.neighbors[node] {
                guard let other = index[neighbor.node] else { continue }
                gains[place] += side[other] == side[place] ? -neighbor.weight : neighbor.weight
                if !side[place], side[other] { between += neighbor.weight }
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
            for neighbor in graph.neighbors[nodes[chosen]] {
                guard let other = index[neighbor.node], !isMoved[other] else { continue }
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
