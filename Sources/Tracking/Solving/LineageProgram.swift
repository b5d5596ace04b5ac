/// The best lineages for given costs, found by integer programming.
///
/// Every detection and every possible link is taken or not, at a cost. Each detection has at most one parent and two children.
///
/// ```
/// minimise  Σ node + Σ −weight + Σ appear (taken, no parent) + Σ disappear (taken, no child) + Σ split (two children)
/// ```
///
/// Parts of the graph that are not connected are solved one by one. Where every detection is worth its costs, it is taken for sure;
/// then its parents and its children do not depend on each other, and the parts are those of one frame and the next.
///
/// - Source: The mode `ilp` of Trackastra, which uses motile: Funke Lab, `motile`, with its costs `Appear`, `Disappear`, `Split`,
///   `NodeSelection` and `EdgeSelection` and the constraints `MaxParents(1)` and `MaxChildren(2)`.
public struct LineageProgram: Hashable, Codable, Sendable {
    /// Costs of what can be in a solution.
    public struct Costs: Hashable, Codable, Sendable {
        /// Of each detection that is taken.
        public var node: Double
        /// Of each detection that is taken and has no parent.
        public var appear: Double
        /// Of each detection that is taken and has no child.
        public var disappear: Double
        /// Of each detection with two children.
        public var split: Double

        /// The costs of the reference by default.
        public init(
            node: Double = -10,
            appear: Double = 0.25,
            disappear: Double = 0.5,
            split: Double = 0.25
        ) {
            self.node = node
            self.appear = appear
            self.disappear = disappear
            self.split = split
        }
    }

    /// What is taken, and what it costs.
    public struct Solution: Hashable, Sendable {
        /// The links, in the order of the edges that were given.
        public var links: [Link]
        /// For each detection, whether it is taken.
        public var isTaken: [Bool]
        /// The sum of all costs, which is the lowest possible one.
        public var value: Double
    }

    /// The costs.
    public var costs: Costs

    /// A programme with these costs.
    public init(costs: Costs = Costs()) { self.costs = costs }

    /// Whether every detection is taken in some best solution, whatever the links are.
    package var takesAll: Bool { costs.node + costs.appear + costs.disappear <= 0 }

    /// Finds a best solution.
    ///
    /// - Parameters:
    ///   - nodeCount: The number of detections; links count them from 0.
    ///   - edges: The possible links, each at most once.
    /// - Throws: ``SolverError``.
    public func solve(nodeCount: Int, edges: [CandidateEdge]) throws(SolverError) -> Solution {
        let edges = edges.map {
            $0.weight.isFinite ? $0 : CandidateEdge($0.link, weight: -.greatestFiniteMagnitude)
        }
        var isChosen = [Bool](repeating: false, count: edges.count)
        var isTaken = [Bool](repeating: takesAll, count: nodeCount)
        if takesAll {
            for part in parts(
                of: edges,
                places: 2 * nodeCount,
                { ($0.source, nodeCount + $0.target) }
            ) {
                try solveLinks(part, edges, &isChosen)
            }
        } else {
            var rest = [Bool](repeating: true, count: nodeCount)
            for part in parts(of: edges, places: nodeCount, { ($0.source, $0.target) }) {
                for edge in part {
                    (rest[edges[edge].link.source], rest[edges[edge].link.target]) = (false, false)
                }
                try solveAll(part, edges, &isChosen, &isTaken)
            }
            let alone = costs.node + costs.appear + costs.disappear
            for node in 0..<nodeCount where rest[node] { isTaken[node] = alone < 0 }
        }
        let links = edges.indices.filter { isChosen[$0] }
        return Solution(
            links: links.map { edges[$0].link },
            isTaken: isTaken,
            value: value(of: links.map { edges[$0] }, isTaken: isTaken)
        )
    }

    /// The cost of a solution that is given: of these links, and of the detections that are taken.
    public func value(of edges: [CandidateEdge], isTaken: [Bool]) -> Double {
        var parents = [Int](repeating: 0, count: isTaken.count)
        var children = parents
        var value = 0.0
        for edge in edges {
            value -= edge.weight
            children[edge.link.source] += 1
            parents[edge.link.target] += 1
        }
        for node in isTaken.indices where isTaken[node] {
            value += costs.node
            if parents[node] == 0 { value += costs.appear }
            if children[node] == 0 { value += costs.disappear }
            if children[node] > 1 { value += costs.split }
        }
        return value
    }

    /// Groups of edges that share no place with another group.
    private func parts(
        of edges: [CandidateEdge],
        places: Int,
        _ ends: (Link) -> (Int, Int)
    ) -> [[Int]] {
        var roots = Array(0..<places)
        func root(_ place: Int) -> Int {
            var place = place
            while roots[place] != place {
                roots[place] = roots[roots[place]]
                place = roots[place]
            }
            return place
        }
        for edge in edges {
            let (first, second) = (root(ends(edge.link).0), root(ends(edge.link).1))
            roots[max(first, second)] = min(first, second)
        }
        var numbers: [Int: Int] = [:]
        var groups: [[Int]] = []
        for index in edges.indices {
            let place = root(ends(edges[index].link).0)
            if let number = numbers[place] {
                groups[number].append(index)
            } else {
                numbers[place] = groups.count
                groups.append([index])
            }
        }
        return groups
    }

    /// Solves a part in which all detections are taken: a link spares the target its appearance, the first link of a source its
    /// disappearance.
    private func solveLinks(
        _ part: [Int],
        _ edges: [CandidateEdge],
        _ isChosen: inout [Bool]
    ) throws(SolverError) {
        if part.count == 1 {
            isChosen[part[0]] = edges[part[0]].weight + costs.appear + costs.disappear > 0
            return
        }
        var program = BinaryProgram()
        let columns = part.map { program.addVariable(cost: -edges[$0].weight - costs.appear) }
        let (parents, children) = ends(part, edges, columns)
        for key in parents.keys.sorted() { program.addRow(parents[key] ?? [], upper: 1) }
        for key in children.keys.sorted() {
            let links = children[key] ?? []
            // children − 1 = split − ends, both 0 or 1.
            let ends = program.addVariable(cost: costs.disappear)
            if links.count > 1 {
                let split = program.addVariable(cost: costs.split)
                program.addRow(links + [(ends, 1), (split, -1)], lower: 1, upper: 1)
                program.addRow([(ends, 1), (split, 1)], upper: 1)
            } else {
                program.addRow(links + [(ends, 1)], lower: 1, upper: 1)
            }
        }
        let solution = try program.minimized()
        for (edge, column) in zip(part, columns) { isChosen[edge] = solution[column] }
    }

    /// Solves a part in which detections may be left out.
    private func solveAll(
        _ part: [Int],
        _ edges: [CandidateEdge],
        _ isChosen: inout [Bool],
        _ isTaken: inout [Bool]
    ) throws(SolverError) {
        var program = BinaryProgram()
        let columns = part.map { program.addVariable(cost: -edges[$0].weight) }
        let (parents, children) = ends(part, edges, columns)
        let nodes = Set(parents.keys).union(children.keys).sorted()
        let taken = nodes.map { _ in program.addVariable(cost: costs.node) }
        for (node, column) in zip(nodes, taken) {
            // parents + appears = taken; children + disappears − split = taken; split needs two children.
            let appears = program.addVariable(cost: costs.appear)
            program.addRow(
                (parents[node] ?? []) + [(appears, 1), (column, -1)],
                lower: 0,
                upper: 0
            )
            let disappears = program.addVariable(cost: costs.disappear)
            let links = children[node] ?? []
            if links.count > 1 {
                let split = program.addVariable(cost: costs.split)
                program.addRow(
                    links + [(disappears, 1), (split, -1), (column, -1)],
                    lower: 0,
                    upper: 0
                )
                program.addRow([(disappears, 1), (split, 1), (column, -1)], upper: 0)
            } else {
                program.addRow(links + [(disappears, 1), (column, -1)], lower: 0, upper: 0)
            }
        }
        let solution = try program.minimized()
        for (edge, column) in zip(part, columns) { isChosen[edge] = solution[column] }
        for (node, column) in zip(nodes, taken) { isTaken[node] = solution[column] }
    }

    /// The variables of the links into and out of each detection, each with the factor 1.
    private func ends(
        _ part: [Int],
        _ edges: [CandidateEdge],
        _ columns: [Int]
    ) -> (parents: [Int: [(Int, Double)]], children: [Int: [(Int, Double)]]) {
        var parents: [Int: [(Int, Double)]] = [:]
        var children: [Int: [(Int, Double)]] = [:]
        for (edge, column) in zip(part, columns) {
            parents[edges[edge].link.target, default: []].append((column, 1))
            children[edges[edge].link.source, default: []].append((column, 1))
        }
        return (parents, children)
    }
}
