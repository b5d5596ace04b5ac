import Foundation
public import Prompting

extension TrainingRun {
    /// Trains on a thread of its own, and tells what happens.
    ///
    /// ```swift
    /// for try await event in run.events() {
    ///     if case .ended(let summary) = event { print(summary.outcome) }
    /// }
    /// ```
    ///
    /// A task that does not wait for the end cancels the work: the run saves and stops.
    ///
    /// - Parameters:
    ///   - pictures: Number of validation images in the report.
    ///   - work: See ``run(pictures:_:telling:)``.
    public func events(
        pictures: Int = 4,
        _ work: Work = Work()
    ) -> AsyncThrowingStream<TrainingRunEvent, any Error> {
        AsyncThrowingStream { stream in
            stream.onTermination = { if case .cancelled = $0 { work.cancel() } }
            let thread = Thread {
                do {
                    _ = try self.run(pictures: pictures, work) { stream.yield($0) }
                    stream.finish()
                } catch {
                    stream.finish(throwing: error)
                }
            }
            thread.name = "training"
            thread.stackSize = 16 << 20
            thread.start()
        }
    }
}
