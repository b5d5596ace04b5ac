import CIntegerSolver

/// Variables that are 0 or 1, with costs, and limits of sums of them.
struct BinaryProgram {
    private var costs: [Double] = []
    private var entries: [[(row: Int32, factor: Double)]] = []
    private var lower: [Double] = []
    private var upper: [Double] = []

    /// Adds a variable and returns its position.
    mutating func addVariable(cost: Double) -> Int {
        costs.append(cost)
        entries.append([])
        return costs.count - 1
    }

    /// Demands `lower <= Σ factor · variable <= upper`.
    mutating func addRow(_ terms: [(Int, Double)], lower: Double = -.infinity, upper: Double) {
        let row = Int32(self.lower.count)
        for (variable, factor) in terms { entries[variable].append((row, factor)) }
        self.lower.append(lower)
        self.upper.append(upper)
    }

    /// Values at which the sum of costs is lowest.
    func minimized() throws(SolverError) -> [Bool] {
        guard costs.count < 1 << 30, lower.count < 1 << 30 else { throw .tooLarge(costs.count) }
        var starts: [Int32] = [0]
        for column in entries { starts.append((starts.last ?? 0) + Int32(column.count)) }
        let all = entries.flatMap { $0 }
        // Infinite limits as the solver writes them.
        let lowest = lower.map { $0 == -.infinity ? -Double.greatestFiniteMagnitude : $0 }
        var solution = [Int8](repeating: 0, count: costs.count)
        let status = cis_minimize(
            Int32(costs.count),
            Int32(lower.count),
            starts,
            all.map(\.row),
            all.map(\.factor),
            costs,
            lowest,
            upper,
            &solution
        )
        switch status {
        case CIS_OK: return solution.map { $0 != 0 }
        case CIS_UNAVAILABLE: throw .unavailable(reason: String(cString: cis_problem()))
        default: throw .unsolved(variables: costs.count)
        }
    }
}
