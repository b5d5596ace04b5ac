public import Prompting
import Synchronization
public import Terminal

/// Ends a training after Ctrl-C: its preparation at once, what follows when everything is saved.
///
/// It listens before the folder of the training is made, so that no empty folder stays.
public final class TrainingStop: Sendable {
    private struct State {
        var signal: Int32?
        var hasBegun = false
        var preparation: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    private let work = Work()
    private let console: Console

    /// Nothing is to be stopped yet.
    public init(_ console: Console) { self.console = console }

    /// The signal that asked to stop; nil if there was none.
    public var signal: Int32? { state.withLock { $0.signal } }

    /// Takes note of a signal.
    public func receive(_ signal: Int32) {
        let (hasBegun, preparation) = state.withLock { state in
            state.signal = signal
            return (state.hasBegun, state.preparation)
        }
        guard hasBegun else { return preparation?() ?? () }
        work.cancel()
        console.printError(
            "\nusam: stopping once everything is saved; another Ctrl-C stops at once"
        )
    }

    /// Prepares the training, which a signal cancels.
    ///
    /// - Throws: What the preparation throws; `CancellationError` after a signal.
    public func preparing<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let task = Task { try await body() }
        let isStopped = state.withLock { state in
            state.preparation = { task.cancel() }
            return state.signal != nil
        }
        if isStopped { task.cancel() }
        return try await task.value
    }

    /// From now on a signal ends the training in order.
    ///
    /// - Returns: The work that a signal cancels.
    /// - Throws: `CancellationError` if a signal came before.
    public func begin() throws -> Work {
        let isStopped = state.withLock { state in
            state.hasBegun = true
            return state.signal != nil
        }
        if isStopped { throw CancellationError() }
        return work
    }
}
