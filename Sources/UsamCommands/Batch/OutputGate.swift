import Synchronization

/// Lets results be written until the user asks to stop.
///
/// Closing waits for a result that is just being written, so that afterwards every result is either
/// complete or not there.
package final class OutputGate: Sendable {
    private let isClosedState = Atomic(false)
    private let writing = Mutex(())

    /// Creates an open gate.
    package init() {}

    /// Whether nothing may be written any more.
    package var isClosed: Bool { isClosedState.load(ordering: .acquiring) }

    /// Forbids further results; returns when the current one is complete.
    package func close() {
        isClosedState.store(true, ordering: .releasing)
        writing.withLock { _ in }
    }

    /// Writes a result.
    ///
    /// - Throws: ``WorkStopped`` if the gate is closed, or what `body` throws.
    package func pass(_ body: () throws -> Void) throws {
        try writing.withLock { _ in
            if isClosed { throw WorkStopped() }
            try body()
        }
    }
}
