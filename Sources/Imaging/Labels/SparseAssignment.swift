/// The assignment problem where few pairs are possible: rows to columns, each at most once, at the
/// lowest sum of costs; a row may also stay alone, at no cost.
///
/// - Source: H. W. Kuhn, "The Hungarian method for the assignment problem", 1955, with shortest
///   augmenting paths as in R. Jonker and A. Volgenant, 1987.
package struct SparseAssignment {
    private struct Edge {
        let pair: Int
        let column: Int
        let cost: Double
    }

    private var rows: [UInt32: Int] = [:]
    private var columns: [UInt32: Int] = [:]
    private var edges: [[Edge]] = []

    /// Without any pair.
    package init() {}

    /// Allows a pair.
    package mutating func addPair(_ pair: Int, row: UInt32, column: UInt32, cost: Double) {
        let place = rows[row] ?? edges.count
        if place == edges.count {
            rows[row] = place
            edges.append([])
        }
        let target = columns[column] ?? columns.count
        columns[column] = target
        edges[place].append(Edge(pair: pair, column: target, cost: cost))
    }

    /// The chosen pairs.
    package consuming func cheapest() -> [Int] {
        // Each row has a column of its own, behind the others, that stands for staying alone.
        let count = columns.count
        for row in edges.indices { edges[row].append(Edge(pair: -1, column: count + row, cost: 0)) }
        var search = Search(edges: edges, columnCount: count + edges.count)
        for row in edges.indices { search.insert(row) }
        return search.chosen.compactMap { $0 }.map(\.pair).filter { $0 >= 0 }
    }

    /// Rows are inserted one by one; potentials keep all reduced costs at 0 or above.
    private struct Search {
        let edges: [[Edge]]
        var chosen: [Edge?]
        private var rowOfColumn: [Int]
        private var rowPotentials: [Double]
        private var columnPotentials: [Double]

        init(edges: [[Edge]], columnCount: Int) {
            self.edges = edges
            chosen = Array(repeating: nil, count: edges.count)
            rowOfColumn = Array(repeating: -1, count: columnCount)
            rowPotentials = Array(repeating: 0, count: edges.count)
            columnPotentials = Array(repeating: 0, count: columnCount)
        }

        /// A column that the search has reached, and from which row.
        private struct Reached {
            var distance: Double
            var row: Int
            var edge: Edge
        }

        mutating func insert(_ start: Int) {
            rowPotentials[start] =
                edges[start].map { $0.cost - columnPotentials[$0.column] }.min() ?? 0
            var open: [Int: Reached] = [:]
            var closed: [Int: Reached] = [:]
            var row = start
            var distance = 0.0
            var last = -1
            while last < 0 {
                for edge in edges[row] where closed[edge.column] == nil {
                    let reduced = edge.cost - rowPotentials[row] - columnPotentials[edge.column]
                    let total = distance + max(reduced, 0)
                    if total < open[edge.column]?.distance ?? .infinity {
                        open[edge.column] = Reached(distance: total, row: row, edge: edge)
                    }
                }
                // The lowest column of equally near ones, so that results do not depend on hashes.
                guard
                    let next = open.min(by: {
                        ($0.value.distance, $0.key) < ($1.value.distance, $1.key)
                    })
                else { return }
                open[next.key] = nil
                closed[next.key] = next.value
                distance = next.value.distance
                if rowOfColumn[next.key] < 0 {
                    last = next.key
                } else {
                    row = rowOfColumn[next.key]
                }
            }
            updatePotentials(start, closed, distance)
            augment(from: last, to: start, closed)
        }

        private mutating func updatePotentials(
            _ start: Int,
            _ closed: [Int: Reached],
            _ distance: Double
        ) {
            rowPotentials[start] += distance
            for (column, reached) in closed where rowOfColumn[column] >= 0 {
                columnPotentials[column] -= distance - reached.distance
                rowPotentials[rowOfColumn[column]] += distance - reached.distance
            }
        }

        private mutating func augment(
            from last: Int,
            to start: Int,
            _ closed: [Int: Reached]
        ) {
            var column = last
            while let reached = closed[column] {
                let previous = chosen[reached.row]?.column
                chosen[reached.row] = reached.edge
                rowOfColumn[column] = reached.row
                guard reached.row != start, let previous else { return }
                column = previous
            }
        }
    }
}
