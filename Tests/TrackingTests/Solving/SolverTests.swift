import Imaging
import Testing
import Tracking

@Suite("Solvers")
struct SolverTests {
    private func edge(_ source: Int, _ target: Int, _ weight: Double) -> CandidateEdge {
        CandidateEdge(Link(from: source, to: target), weight: weight)
    }

    @Test("Greedy: the best first, one parent, two children or one")
    func greedy() {
        let edges = [
            edge(0, 3, 0.6), edge(0, 4, 0.9), edge(0, 5, 0.7), edge(1, 5, 0.8), edge(1, 3, 0.5),
            edge(2, 3, 0.49),
            edge(2, 4, .nan),
        ]
        #expect(
            GreedySolver().solve(edges) == [
                Link(from: 0, to: 3), Link(from: 0, to: 4), Link(from: 1, to: 5),
            ]
        )
        #expect(
            GreedySolver(maximumChildren: 1).solve(edges)
                == [Link(from: 0, to: 4), Link(from: 1, to: 5)]
        )
        #expect(GreedySolver().solve([]).isEmpty)
        // The first of equal ones.
        #expect(GreedySolver().solve([edge(1, 2, 0.7), edge(0, 2, 0.7)]) == [Link(from: 1, to: 2)])
    }

    @Test(
        "The integer programme finds the lowest sum of costs",
        arguments: Array(1...40) as [UInt64]
    )
    func program(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        // Costs at which detections are always taken, and others.
        let costs = LineageProgram.Costs(
            node: seed.isMultiple(of: 2) ? -10 : generator.uniform(-0.5...1),
            appear: generator.uniform(-0.2...1),
            disappear: generator.uniform(-0.2...1),
            split: generator.uniform(-0.5...1)
        )
        let nodes = 6
        var edges: [CandidateEdge] = []
        for source in 0..<nodes {
            for target in source + 1..<nodes where edges.count < 9 && generator.uniform(0...1) < 0.6
            {
                edges.append(edge(source, target, generator.uniform(-0.5...1)))
            }
        }
        let program = LineageProgram(costs: costs)
        let solution = try program.solve(nodeCount: nodes, edges: edges)
        #expect(isValid(solution.links, solution.isTaken))
        #expect(abs(solution.value - lowest(program, nodes, edges)) < 1e-9)
    }

    private func isValid(_ links: [Link], _ isTaken: [Bool]) -> Bool {
        let parents = Dictionary(grouping: links, by: \.target)
        let children = Dictionary(grouping: links, by: \.source)
        return parents.values.allSatisfy { $0.count == 1 }
            && children.values.allSatisfy { $0.count <= 2 }
            && links.allSatisfy { isTaken[$0.source] && isTaken[$0.target] }
    }

    /// The lowest value of all allowed choices, one by one.
    private func lowest(_ program: LineageProgram, _ nodes: Int, _ edges: [CandidateEdge]) -> Double
    {
        var best = Double.infinity
        for choice in 0..<1 << edges.count {
            let chosen = edges.indices.filter { choice >> $0 & 1 == 1 }.map { edges[$0] }
            for taken in 0..<1 << nodes {
                let isTaken = (0..<nodes).map { taken >> $0 & 1 == 1 }
                guard isValid(chosen.map(\.link), isTaken) else { continue }
                best = min(best, program.value(of: chosen, isTaken: isTaken))
            }
        }
        return best
    }

    @Test("Nothing to solve")
    func empty() throws {
        let none = try LineageProgram().solve(nodeCount: 0, edges: [])
        #expect(none.links.isEmpty && none.value == 0)
        let alone = try LineageProgram().solve(nodeCount: 3, edges: [])
        #expect(alone.isTaken == [true, true, true] && alone.value == 3 * -9.25)
        let costly = try LineageProgram(costs: .init(node: 1)).solve(
            nodeCount: 2,
            edges: [edge(0, 1, 0.5)]
        )
        #expect(costly.isTaken == [false, false] && costly.value == 0)
    }
}
