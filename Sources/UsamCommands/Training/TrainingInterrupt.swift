import Synchronization

/// Remembers that the user asked a training to stop.
package final class TrainingInterrupt: Sendable {
    private let number = Mutex<Int32?>(nil)

    package init() {}

    /// The signal that asked for it, if one did.
    package var signal: Int32? { number.withLock { $0 } }

    /// Asks to stop.
    package func request(_ signal: Int32) { number.withLock { $0 = signal } }
}
