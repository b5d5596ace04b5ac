public import Prompting

/// Takes the time of the steps of some work, and tells which one begins.
public struct StageClock {
    /// What was measured so far.
    public private(set) var times = StageTimes()

    /// What the steps are part of.
    public let work: Work

    /// Creates a clock.
    public init(_ work: Work = Work()) { self.work = work }

    /// Runs one step.
    ///
    /// - Throws: `CancellationError` if the work was cancelled, or what the step throws.
    public mutating func measure<Result>(
        _ stage: WorkStage,
        _ body: () throws -> Result
    ) throws -> Result {
        try work.checkpoint()
        work.begin(stage)
        let clock = ContinuousClock()
        let start = clock.now
        defer { times.add(start.duration(to: clock.now), to: stage) }
        return try body()
    }
}
