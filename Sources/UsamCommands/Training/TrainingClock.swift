import Jobs
package import Training

/// The time that a run has been training, earlier parts of it included.
package struct TrainingClock: Sendable {
    private let earlier: Double
    private let limit: Double?
    private let now: @Sendable () -> ContinuousClock.Instant
    private let start: ContinuousClock.Instant

    /// Starts now.
    ///
    /// - Parameters:
    ///   - earlier: Seconds of earlier runs.
    ///   - minutes: The limit, if there is one.
    package init(
        earlier: Double = 0,
        minutes: Double? = nil,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock().now }
    ) {
        self.earlier = earlier
        limit = minutes.map { $0 * 60 }
        self.now = now
        start = now()
    }

    /// Seconds of training so far.
    package var seconds: Double { earlier + start.duration(to: now()).seconds }

    /// Seconds until the limit, or nil without one.
    package var secondsLeft: Double? { limit.map { max($0 - seconds, 0) } }

    /// Whether the limit is reached.
    package var isUp: Bool { secondsLeft == 0 }
}

extension TrainingLog.History {
    /// The validation of the best model.
    package var best: ValidationReport? { validations.last { $0.isBest } }
}
