import Files

/// The time that a run has been training, earlier parts of it included.
public struct TrainingClock: Sendable {
    private let earlier: Double
    private let limit: Double?
    private let now: @Sendable () -> ContinuousClock.Instant
    private let start: ContinuousClock.Instant

    /// Starts now.
    ///
    /// - Parameters:
    ///   - earlier: Seconds of earlier runs.
    ///   - minutes: The limit, if there is one.
    ///   - now: The time; tests let it pass as they like.
    public init(
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
    public var seconds: Double { earlier + start.duration(to: now()).seconds }

    /// Seconds until the limit, or nil without one.
    public var secondsLeft: Double? { limit.map { max($0 - seconds, 0) } }

    /// When the limit is reached, or nil without one.
    public var deadline: ContinuousClock.Instant? {
        secondsLeft.map { now().advanced(by: .seconds($0)) }
    }

    /// Whether the limit is reached.
    public var isUp: Bool { secondsLeft == 0 }
}
