import ArgumentParser
import ImageFormats
import Prompting
import Segmentation
import Synchronization
import Terminal
import Torch

/// Runs work on the engine of a device; Ctrl-C ends it at its next checkpoint, and what is finished stays.
///
/// - Parameters:
///   - notice: What is said at Ctrl-C.
///   - body: Given the work that Ctrl-C cancels.
/// - Throws: `ExitCode` with 128 and the signal after Ctrl-C, or what the body throws.
func interruptible<Result: Sendable>(
    on device: Device,
    _ console: Console,
    notice: String,
    _ body: @escaping @Sendable (Work) throws -> Result
) async throws -> Result {
    let work = Work(telling: NoteDisplay(console).receive)
    let received = ReceivedSignal()
    let watch = SignalWatch { number in
        received.note(number)
        work.cancel()
        console.printError("\nusam: \(notice)")
    }
    defer { withExtendedLifetime(watch) {} }
    do {
        return try await InferenceEngine.shared(on: device).run(.automatic, work, body)
    } catch is CancellationError {
        throw ExitCode(128 + (received.number ?? 0))
    }
}

/// The same for the evaluation of a model.
///
/// - Throws: ``CommandFailure`` for data that do not fit.
func judging<Result: Sendable>(
    on device: Device,
    _ console: Console,
    _ body: @escaping @Sendable (Work) throws -> Result
) async throws -> Result {
    do {
        return try await interruptible(
            on: device,
            console,
            notice: "stopping; finished scores are kept",
            body
        )
    } catch let error as DataSetError {
        throw CommandFailure(error.evaluationText)
    }
}

/// The signal that asked to stop.
final class ReceivedSignal: Sendable {
    private let value = Mutex<Int32?>(nil)

    /// The signal, if one was received.
    var number: Int32? { value.withLock { $0 } }

    /// Notes a signal.
    func note(_ number: Int32) { value.withLock { $0 = number } }
}
