/// What may become of one source, with scores; only what scores above 0 is listed.
struct LinkHypotheses: Sendable {
    struct Continuation: Sendable {
        let target: Int
        let score: Double
    }

    struct Division: Sendable {
        let first: Int
        let second: Int
        let score: Double
    }

    var continuations: [Continuation] = []
    var divisions: [Division] = []
}

/// What becomes of one source.
enum LinkChoice: Hashable, Sendable {
    case end
    case continuation(Int)
    case division(Int, Int)

    var targets: [Int] {
        switch self {
        case .end: []
        case .continuation(let target): [target]
        case .division(let first, let second): [first, second]
        }
    }
}
