import ImageFormats
public import Prompting
import Segmentation
public import Terminal
public import Torch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Runs work on the engine of a device; Ctrl-C ends it at its next checkpoint, and what is finished stays.
///
/// - Parameters:
///   - notice: What is said at Ctrl-C.
///   - body: Given the work that Ctrl-C cancels.
/// - Throws: ``StoppedBySignal`` after Ctrl-C, or what the body throws.
public func interruptible<Result: Sendable>(
    on device: Device,
    _ console: Console,
    notice: String,
    _ body: @escaping @Sendable (Work) throws -> Result
) async throws -> Result {
    try await interruptible(console, notice: notice) { work in
        try await InferenceEngine.shared(on: device).run(.automatic, work, body)
    }
}

/// Runs work that asks the engine itself; Ctrl-C ends it at its next checkpoint.
///
/// - Throws: ``StoppedBySignal`` after Ctrl-C, or what the body throws.
public func interruptible<Result: Sendable>(
    _ console: Console,
    notice: String,
    _ body: (Work) async throws -> Result
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
        return try await body(work)
    } catch is CancellationError {
        throw StoppedBySignal(received.number ?? SIGINT)
    }
}

/// The same for the evaluation of a model.
///
/// - Parameter keepsScores: Whether finished scores lie in a folder, so that another run goes on with them.
/// - Throws: ``CommandFailure`` for data that do not fit.
public func judging<Result: Sendable>(
    on device: Device,
    _ console: Console,
    keepsScores: Bool,
    _ body: @escaping @Sendable (Work) throws -> Result
) async throws -> Result {
    do {
        return try await interruptible(
            on: device,
            console,
            notice: keepsScores ? "stopping; finished scores are kept" : "stopping",
            body
        )
    } catch let error as DataSetError {
        throw CommandFailure(error.evaluationText)
    }
}
