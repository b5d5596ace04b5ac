import Imaging

/// Greedy additive edge contraction: the most attractive edge is contracted until none attracts.
struct EdgeContraction {
    private var weights: [[Int: Double]]
    private var parents: [Int]
    private var queue = Heap()

    /// - Parameter seed: Weights are multiplied with random factors around 1 for the order of contractions; nil for none.
    init(_ graph: WeightedGraph, disturbedBy seed: UInt64? = nil) {
        parents = Array(0..<graph.nodeCount)
        weights = graph.neighbors.map { list in
            Dictionary(uniqueKeysWithValues: list.map { ($0.node, $0.weight) })
        }
        guard let seed else { return }
        var random = SplitMix64(seed: seed)
        for (node, list) in graph.neighbors.enumerated() {
            for neighbor in list where neighbor.node > node {
                let factor = Double.random(in: 0.6...1.4, using: &random)
                weights[node][neighbor.node] = neighbor.weight * factor
                weights[neighbor.node][node] = neighbor.weight * factor
            }
        }
    }

    /// The group of each node, named by one of its nodes.
    consuming func groups() -> [Int] {
        for (node, list) in weights.enumerated() {
            for (other, weight) in list where other > node && weight > 0 {
                queue.push(.init(weight: weight, first: node, second: other))
            }
        }
        while let top = queue.pop() {
            // Contracted or changed since it was put in: the newer entry is in the queue, too.
            guard weights[top.first][top.second] == top.weight else { continue }
            contract(top.first, top.second)
        }
        return parents.indices.map { root($0) }
    }

    private mutating func contract(_ first: Int, _ second: Int) {
        let (kept, gone) =
            weights[first].count >= weights[second].count ? (first, second) : (second, first)
        parents[gone] = kept
        weights[kept][gone] = nil
        for (other, weight) in weights[gone] where other != kept {
            let sum = (weights[kept][other] ?? 0) + weight
            weights[kept][other] = sum
            weights[other][gone] = nil
            weights[other][kept] = sum
            if sum > 0 {
                queue.push(.init(weight: sum, first: min(kept, other), second: max(kept, other)))
            }
        }
        weights[gone] = [:]
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
                for child in [2 * place + 1, 2 * place + 2] where child < entries.count {
                    if entries[child].precedes(entries[next]) { next = child }
                }
                if next == place { return first }
                entries.swapAt(place, next)
                place = next
            }
        }
    }
}
