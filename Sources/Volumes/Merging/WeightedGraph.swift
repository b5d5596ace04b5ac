/// A graph as its solvers walk it: the neighbours of each node, ascending, with parallel edges added up.
struct WeightedGraph {
    struct Neighbor {
        let node: Int
        var weight: Double
    }

    /// The neighbours of all nodes, one node after the other.
    let neighbors: [Neighbor]

    /// Where the neighbours of each node begin, and at last where they end.
    private let starts: [Int]

    var nodeCount: Int { starts.count - 1 }

    init(nodeCount: Int, edges: [Multicut.Edge]) {
        var places = [Int](repeating: 0, count: nodeCount + 1)
        for edge in edges {
            places[edge.first + 1] += 1
            places[edge.second + 1] += 1
        }
        for node in 0..<nodeCount { places[node + 1] += places[node] }
        let ends = places
        var all = [Neighbor](repeating: Neighbor(node: 0, weight: 0), count: 2 * edges.count)
        for edge in edges {
            all[places[edge.first]] = Neighbor(node: edge.second, weight: edge.weight)
            all[places[edge.second]] = Neighbor(node: edge.first, weight: edge.weight)
            places[edge.first] += 1
            places[edge.second] += 1
        }
        var (neighbors, starts): ([Neighbor], [Int]) = ([], [0])
        neighbors.reserveCapacity(all.count)
        for node in 0..<nodeCount {
            // The order of the edges must not decide about the rounding of sums.
            let list = all[ends[node]..<ends[node + 1]].sorted {
                ($0.node, $0.weight) < ($1.node, $1.weight)
            }
            let start = neighbors.count
            for neighbor in list {
                if neighbors.count > start, neighbors[neighbors.count - 1].node == neighbor.node {
                    neighbors[neighbors.count - 1].weight += neighbor.weight
                } else {
                    neighbors.append(neighbor)
                }
            }
            starts.append(neighbors.count)
        }
        (self.neighbors, self.starts) = (neighbors, starts)
    }

    /// Where the neighbours of a node are in ``neighbors``.
    func range(_ node: Int) -> Range<Int> { starts[node]..<starts[node + 1] }
}
