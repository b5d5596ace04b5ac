import Imaging

/// Greedy additive edge contraction: the most attractive edge is contracted until none attracts.
struct EdgeContraction {
    /// The neighbours of each node that was not contracted into another one, in no order.
    private var lists: [[WeightedGraph.Neighbor]]
    private var parents: [Int]
    private var queue = Heap()
    /// Where a node is in the list that is extended; valid only where ``isListed`` has the number of the contraction.
    private var place: [Int]
    private var isListed: [Int]
    private var contractions = 0

    /// - Parameter seed: Weights are multiplied with random factors around 1 for the order of contractions; nil for none.
    init(_ graph: WeightedGraph, disturbedBy seed: UInt64? = nil) {
        parents = Array(0..<graph.nodeCount)
        place = Array(repeating: 0, count: graph.nodeCount)
        isListed = place
        lists = parents.map { Array(graph.neighbors[graph.range($0)]) }
        guard let seed else { return }
        var random = SplitMix64(seed: seed)
        // Neighbours ascend, so those below a node come in the order in which these had it as their neighbour.
        var seen = [Int](repeating: 0, count: graph.nodeCount)
        for node in lists.indices {
            for index in lists[node].indices where lists[node][index].node > node {
                let other = lists[node][index].node
                lists[node][index].weight *= Double.random(in: 0.6...1.4, using: &random)
                lists[other][seen[other]].weight = lists[node][index].weight
                seen[other] += 1
            }
        }
    }

    /// The group of each node, named by one of its nodes.
    consuming func groups() -> [Int] {
        for (node, list) in lists.enumerated() {
            for neighbor in list where neighbor.node > node && neighbor.weight > 0 {
                queue.push(.init(weight: neighbor.weight, first: node, second: neighbor.node))
            }
        }
        while let top = queue.pop() {
            // Contracted or changed since it was put in: the newer entry is in the queue, too.
            guard
                lists[top.first].contains(where: {
                    $0.node == top.second && $0.weight == top.weight
                })
            else { continue }
            contract(top.first, top.second)
        }
        return parents.indices.map { root($0) }
    }

    private mutating func contract(_ first: Int, _ second: Int) {
        let (kept, gone) =
            lists[first].count >= lists[second].count ? (first, second) : (second, first)
        parents[gone] = kept
        Self.remove(gone, from: &lists[kept])
        contractions += 1
        for (index, neighbor) in lists[kept].enumerated() {
            (place[neighbor.node], isListed[neighbor.node]) = (index, contractions)
        }
        for neighbor in lists[gone] where neighbor.node != kept {
            let other = neighbor.node
            var sum = neighbor.weight
            if isListed[other] == contractions {
                Self.remove(gone, from: &lists[other])
                lists[kept][place[other]].weight += sum
                sum = lists[kept][place[other]].weight
                Self.change(kept, kept, sum, in: &lists[other])
            } else {
                lists[kept].append(neighbor)
                Self.change(gone, kept, sum, in: &lists[other])
            }
            if sum > 0 {
                queue.push(.init(weight: sum, first: min(kept, other), second: max(kept, other)))
            }
        }
        lists[gone] = []
    }

    private static func remove(_ node: Int, from list: inout [WeightedGraph.Neighbor]) {
        guard let index = list.firstIndex(where: { $0.node == node }) else { return }
        list.swapAt(index, list.count - 1)
        list.removeLast()
    }

    /// Gives the entry of a node another node and weight.
    private static func change(
        _ node: Int,
        _ other: Int,
        _ weight: Double,
        in list: inout [WeightedGraph.Neighbor]
    ) {
        guard let index = list.firstIndex(where: { $0.node == node }) else { return }
        list[index] = WeightedGraph.Neighbor(node: other, weight: weight)
    }

    private func root(_ node: Int) -> Int {
        var node = node
        while parents[node] != node { node = parents[node] }
        return node
    }

    /// A queue whose first entry has the largest weight; equal ones come by their nodes, so that results are stable.
    private struct Heap {
        struct Entry {
            let weight: Double
            let first: Int
            let second: Int

            func precedes(_ other: Entry) -> Bool {
                if weight != other.weight { return weight > other.weight }
                return (first, second) < (other.first, other.second)
            }
        }

        private var entries: [Entry] = []

        mutating func push(_ entry: Entry) {
            entries.append(entry)
            var place = entries.count - 1
            while place > 0, entries[place].precedes(entries[(place - 1) / 2]) {
                entries.swapAt(place, (place - 1) / 2)
                place = (place - 1) / 2
            }
        }

        mutating func pop() -> Entry? {
            guard let first = entries.first else { return nil }
            let last = entries.removeLast()
            guard !entries.isEmpty else { return first }
            entries[0] = last
            var place = 0
            while true {
                var next = place
                let (left, right) = (2 * place + 1, 2 * place + 2)
                if left < entries.count, entries[left].precedes(entries[next]) { next = left }
                if right < entries.count, entries[right].precedes(entries[next]) { next = right }
                if next == place { return first }
                entries.swapAt(place, next)
                place = next
            }
        }
    }
}
