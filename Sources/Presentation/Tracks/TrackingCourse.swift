public import Jobs
import Prompting
public import Terminal

/// A movie on its way to tracks and their files, as the user sees it.
public struct TrackingCourse: Sendable {
    private let tracking: TrackingRun
    private let results: TrackResults
    private let model: String?

    /// Describes the way; nothing happens yet.
    ///
    /// - Parameter model: The name of the model, for results; nil for labels that were given.
    public init(_ tracking: TrackingRun, _ results: TrackResults, model: String?) {
        (self.tracking, self.results, self.model) = (tracking, results, model)
    }

    /// Finds and links the objects and writes the results; Ctrl-C ends it, and the same command goes on.
    ///
    /// - Throws: ``StoppedBySignal`` after Ctrl-C; what tracking and writing throw.
    public func run(_ console: Console, isQuiet: Bool) async throws -> TrackingSummary {
        let frames = tracking.movie.count
        let presenter = TrackingPresenter(console, frames: frames, isQuiet: isQuiet)
        defer { presenter.clear() }
        let notice = "stopping; the same command continues"
        return try await interruptible(console, notice: notice) { work in
            let finding = work.part(telling: presenter.receive)
            let tracked = try tracking.tracked(finding) { presenter.show($0) }
            try results.write(tracked, settings: tracking.settings, model: model, work) {
                presenter.showWriting($0)
            }
            tracked.discardWorkingFolder()
            return tracked.summary(in: results)
        }
    }
}
