import Synchronization

/// The signal that asked to stop.
public final class ReceivedSignal: Sendable {
    private let value = Mutex<Int32?>(nil)

    /// Nothing was received yet.
    public init() {}

    /// The signal, if one was received.
    public var number: Int32? { value.withLock { $0 } }

    /// Notes a signal.
    public func note(_ number: Int32) { value.withLock { $0 = number } }
}
