/// Why an integer programme was not solved.
public enum SolverError: Error, Hashable, Sendable {
    /// The library of the solver cannot be opened.
    case unavailable(reason: String)

    /// The solver ended without a best solution.
    case unsolved(variables: Int)

    /// There are more possible links than the solver can take.
    case tooLarge(Int)
}

extension SolverError: CustomStringConvertible {
    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .unavailable(let reason):
            "the solver of integer programmes, CBC, cannot be opened: \(reason). Install it (Debian: coinor-libcbc-dev, "
                + "Homebrew: cbc), or link with another solver"
        case .unsolved(let variables):
            "the solver found no best links among \(variables) variables; link with another solver"
        case .tooLarge(let variables):
            "\(variables) variables are more than the solver can take; link shorter parts of the movie"
        }
    }
}
