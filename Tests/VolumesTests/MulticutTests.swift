import Imaging
import Testing
import Volumes

@Suite("Multicut")
struct MulticutTests {
    @Test("Small random problems are solved as well as by trying everything")
    func exact() {
        var solved = 0
        for seed in 1...200 {
            var random = SplitMix64(seed: UInt64(seed))
            let count = Int.random(in: 2...7, using: &random)
            var edges: [Multicut.Edge] = []
            for first in 0..<count {
                for second in first + 1..<count where Bool.random(using: &random) {
                    edges.append(
                        .init(first, second, weight: Double.random(in: -1...1, using: &random))
                    )
                }
            }
            let problem = Multicut(nodeCount: count, edges: edges)
            let groups = problem.solve()
            let best = partitions(of: count).map(problem.energy).min() ?? 0
            #expect(problem.energy(groups) >= best - 1e-9)
            if problem.energy(groups) <= best + 1e-9 { solved += 1 }
        }
        #expect(solved >= 198)
    }

    @Test("No nodes, no edges, parallel edges, and only repulsion")
    func odd() {
        #expect(Multicut(nodeCount: 0, edges: []).solve() == [])
        #expect(Multicut(nodeCount: 3, edges: []).solve() == [0, 1, 2])
        let twice = Multicut(
            nodeCount: 2,
            edges: [.init(0, 1, weight: -1), .init(1, 0, weight: 1.5)]
        )
        #expect(twice.solve() == [0, 0] && twice.energy([0, 1]) == 0.5)
        #expect(Multicut(nodeCount: 2, edges: [.init(0, 1, weight: -2)]).solve() == [0, 1])
    }

    @Test("The result is the same each time, and does not depend on the order of the edges")
    func stable() {
        var random = SplitMix64(seed: 7)
        var edges: [Multicut.Edge] = []
        for first in 0..<60 {
            for second in first + 1..<min(60, first + 6) {
                edges.append(
                    .init(first, second, weight: Double.random(in: -1...1, using: &random))
                )
            }
        }
        let groups = Multicut(nodeCount: 60, edges: edges).solve()
        #expect(Multicut(nodeCount: 60, edges: edges).solve() == groups)
        #expect(Multicut(nodeCount: 60, edges: edges.reversed()).solve() == groups)
    }

    /// All ways to divide so many nodes into groups.
    private func partitions(of count: Int) -> [[Int]] {
        var result: [[Int]] = [[]]
        for _ in 0..<count {
            result = result.flatMap { groups in (0...(groups.max() ?? -1) + 1).map { groups + [$0] }
            }
        }
        return result
    }
}
