import Prompting

/// Takes the time of steps, tells which one begins, and ends the work when it is no longer wanted.
package struct StageClock {
    /// What was measured so far.
    package private(set) var times = StageTimes()

    private let onBegin: (Stage) -> Void
    private let isStopped: () -> Bool

    /// Told how many parts of the present step are done, and of how many.
    package let onAdvance: @Sendable (Int, Int) -> Void

    /// Told of a decision that the user did not make.
    package let onDecide: (String) -> Void

    /// Creates a clock.
    ///
    /// - Parameters:
    ///   - isStopped: Asked before each step; true ends the work.
    ///   - onBegin: Told of each step that begins.
    ///   - onAdvance: Told how many parts of the present step are done, and of how many.
    ///   - onDecide: Told of a decision that the user did not make.
    package init(
        isStopped: @escaping () -> Bool = { false },
        onBegin: @escaping (Stage) -> Void = { _ in },
        onAdvance: @escaping @Sendable (Int, Int) -> Void = { _, _ in },
        onDecide: @escaping (String) -> Void = { _ in }
    ) {
        self.isStopped = isStopped
        self.onBegin = onBegin
        self.onAdvance = onAdvance
        self.onDecide = onDecide
    }

    /// The context of the present step for functions that tell how far they are.
    var work: Work {
        Work { [onAdvance] event in
            if case .advanced(let done, let total) = event { onAdvance(done, total) }
        }
    }

    /// Runs one step.
    ///
    /// - Throws: ``WorkStopped``, or what the step throws.
    package mutating func measure<Result>(_ stage: Stage, _ body: () throws -> Result) throws
        -> Result
    {
        guard !isStopped() else { throw WorkStopped() }
        onBegin(stage)
        let clock = ContinuousClock()
        let start = clock.now
        defer { times.add(start.duration(to: clock.now), to: stage) }
        return try body()
    }
}

/// The user has asked to stop.
package struct WorkStopped: Error {}
