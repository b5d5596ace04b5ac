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
        let sequence = MoveSequence(graph, nodes, secondBegins: members[first].count, place)
        if sequence.between > sequence.best + Multicut.tolerance {
            put(nodes, into: second, first)
            return true
        }
        guard sequence.best > 0 else { return false }
        for index in sequence.moves {
            groups[nodes[index]] = groups[nodes[index]] == first ? second : first
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

/// Moves of single nodes between two groups, always the best one that is left, up to where the cost is lowest.
private struct MoveSequence {
    /// How much the cost falls by ``moves``; 0 without moves.
    private(set) var best = 0.0

    /// The weight of all edges between the groups: how much the cost falls if they are joined.
    private(set) var between = 0.0

    /// The nodes that change sides, by their places.
    private(set) var moves: [Int] = []

    /// A sequence ends after so many moves that did not lower the cost.
    private static let patience = 64

    /// - Parameters:
    ///   - nodes: Of the first, then of the second group.
    ///   - place: Where each node of the graph is among them; -1 for others.
    init(_ graph: WeightedGraph, _ nodes: [Int], secondBegins: Int, _ place: [Int]) {
        var isSecond = nodes.indices.map { $0 >= secondBegins }
        var gains = [Double](repeating: 0, count: nodes.count)
        for index in nodes.indices {
            for entry in graph.range(nodes[index]) {
                let other = place[graph.neighbors[entry].node]
                guard other >= 0 else { continue }
                let weight = graph.neighbors[entry].weight
                if isSecond[other] == isSecond[index] {
                    gains[index] -= weight
                } else {
                    gains[index] += weight
                    if !isSecond[index] { between += weight }
                }
            }
        }
        var open = Array(nodes.indices)
        var (sum, length) = (0.0, 0)
        while !open.isEmpty, moves.count - length < Self.patience {
            var chosen = 0
            for candidate in 1..<open.count where gains[open[candidate]] > gains[open[chosen]] {
                chosen = candidate
            }
            let index = open[chosen]
            // The order is kept, so that of equal gains the first one counts.
            open.remove(at: chosen)
            sum += gains[index]
            isSecond[index].toggle()
            moves.append(index)
            for entry in graph.range(nodes[index]) {
                let other = place[graph.neighbors[entry].node]
                guard other >= 0 else { continue }
                let change = 2 * graph.neighbors[entry].weight
                gains[other] += isSecond[other] == isSecond[index] ? -change : change
            }
            if sum > best + Multicut.tolerance { (best, length) = (sum, moves.count) }
        }
        moves.removeLast(moves.count - length)
    }
}
