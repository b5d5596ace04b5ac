import Files
public import Jobs
public import Prompting
import Synchronization
public import Terminal

/// Shows how far a movie is.
public final class TrackingPresenter: Sendable {
    private let line: SharedLine
    private let told = Mutex<Set<WorkDecision.Kind>>([])
    private let frames: Int
    private let start = ContinuousClock.now
    private let isQuiet: Bool

    /// Creates a presenter for a movie of so many frames.
    public init(_ console: Console, frames: Int, isQuiet: Bool) {
        (self.frames, self.isQuiet) = (frames, isQuiet)
        line = SharedLine(console, isQuiet: isQuiet)
    }

    /// Says what the frames cost before it is paid; they are alike, so that each kind of decision is said once.
    @Sendable public func receive(_ event: WorkEvent) {
        guard case .decided(let decision) = event, !decision.isHint, !isQuiet,
            told.withLock({ $0.insert(decision.kind).inserted })
        else { return }
        line.say("usam: each of \(Wording.count(frames, "frame")): \(decision.words)")
    }

    /// Shows that a frame is done; in a pipe, the first one that tells how long the others will take.
    public func show(_ progress: TrackingRun.Progress) {
        let done = progress.frame + 1
        let seconds = start.duration(to: .now) / .seconds(1)
        let left = seconds / Double(done) * Double(frames - done)
        line.show(
            "frame \(done) of \(frames), \(Wording.count(progress.objects, "object"))",
            at: seconds,
            remaining: left,
            isUrgent: done == 1 && left > 20
        )
    }

    /// Shows that the results of so many frames are written.
    public func showWriting(_ done: Int) { line.show("writing frame \(done) of \(frames)") }

    /// Removes the line.
    public func clear() { line.clear() }
}

extension SharedLine {
    /// Shows a rate and the time that is left.
    fileprivate func show(
        _ text: String,
        at seconds: Double,
        remaining: Double,
        isUrgent: Bool
    ) {
        guard remaining > 0 else { return show(text, at: seconds) }
        let outlook = "about \(Wording.duration(remaining)) left"
        show("\(text); \(outlook)", at: seconds, isUrgent: isUrgent)
    }
}

extension TrackingSummary {
    /// One line for people.
    public var line: String {
        "\(movie): \(Wording.count(objects, "object")) in \(Wording.count(frames, "frame")), "
            + "\(Wording.count(tracks, "track")), \(Wording.count(divisions, "division")); results in \(output)"
    }
}
