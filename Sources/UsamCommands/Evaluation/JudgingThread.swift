import ArgumentParser
import ImageFormats
import Prompting
import Synchronization

/// Judges on a thread of its own; Ctrl-C ends it after the step that is being done, and what was measured
/// stays.
///
/// - Parameter body: Given the work that Ctrl-C cancels.
/// - Throws: `ExitCode` with 128 and the signal after Ctrl-C; ``CommandFailure`` for data that do not fit.
func judging<Result: Sendable>(
    _ console: Console,
    _ body: @escaping @Sendable (Work) throws -> Result
) async throws -> Result {
    let work = Work()
    let received = ReceivedSignal()
    let watch = SignalWatch { number in
        received.note(number)
        work.cancel()
        console.printError("\nusam: stopping after this step; once more Ctrl-C stops at once")
    }
    defer { withExtendedLifetime(watch) {} }
    do {
        return try await onWorkerThread("judging") { try body(work) }
    } catch is CancellationError {
        throw ExitCode(128 + (received.number ?? 0))
    } catch let error as DataSetError {
        throw CommandFailure(error.evaluationText)
    }
}

/// The signal that asked to stop.
private final class ReceivedSignal: Sendable {
    private let value = Mutex<Int32?>(nil)

    var number: Int32? { value.withLock { $0 } }

    func note(_ number: Int32) { value.withLock { $0 = number } }
}
