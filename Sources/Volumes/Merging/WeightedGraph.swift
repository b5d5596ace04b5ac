/// A graph as its solvers walk it: the neighbours of each node, with parallel edges added up.
struct WeightedGraph {
    struct Neighbor {
        let node: Int
        let weight: Double
    }

    let neighbors: [[Neighbor]]

    var nodeCount: Int { neighbors.count }

    init(nodeCount: Int, edges: [Multicut.Edge]) {
        var weights: [[Int: Double]] = Array(repeating: [:], count: nodeCount)
        for edge in edges {
            weights[edge.first][edge.second, default: 0] += edge.weight
            weights[edge.second][edge.first, default: 0] += edge.weight
        }
        neighbors = weights.map { list in
            list.sorted { $0.key < $1.key }.map { Neighbor(node: $0.key, weight: $0.value) }
        }
    }
}
