/// Takes the time of steps, tells which one begins, and ends the work when it is no longer wanted.
public struct StageClock {
    /// What was measured so far.
    public private(set) var times = StageTimes()

    private let onBegin: (Stage) -> Void
    private let isStopped: () -> Bool

    /// Told how many parts of the present step are done, and of how many.
    public let onAdvance: (Int, Int) -> Void

    /// Told of a decision that the user did not make.
    public let onDecide: (String) -> Void

    /// Creates a clock.
    ///
    /// - Parameters:
    ///   - isStopped: Asked before each step; true ends the work.
    ///   - onBegin: Told of each step that begins.
    ///   - onAdvance: Told how many parts of the present step are done, and of how many.
    ///   - onDecide: Told of a decision that the user did not make.
    public init(
        isStopped: @escaping () -> Bool = { false },
        onBegin: @escaping (Stage) -> Void = { _ in },
        onAdvance: @escaping (Int, Int) -> Void = { _, _ in },
        onDecide: @escaping (String) -> Void = { _ in }
    ) {
        self.isStopped = isStopped
        self.onBegin = onBegin
        self.onAdvance = onAdvance
        self.onDecide = onDecide
    }

    /// Runs one step.
    ///
    /// - Throws: ``WorkStopped``, or what the step throws.
    public mutating func measure<Result>(_ stage: Stage, _ body: () throws -> Result) throws
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
public struct WorkStopped: Error {
    /// Creates the error.
    public init() {}
}
