import Synchronization

/// Lets results be written until the user asks to stop.
///
/// Closing waits for a result that is just being written, so that afterwards every result is either
/// complete or not there.
public final class OutputGate: Sendable {
    private let isClosedState = Atomic(false)
    private let staging = Mutex<BatchItem?>(nil)

    /// Creates an open gate.
    public init() {}

    /// Whether nothing may be written any more.
    public var isClosed: Bool { isClosedState.load(ordering: .acquiring) }

    /// Forbids further results; returns when nothing is being written.
    ///
    /// - Returns: The image of which a part was written, but not all.
    @discardableResult
    public func close() -> BatchItem? {
        isClosedState.store(true, ordering: .releasing)
        return staging.withLock { $0 }
    }

    /// Writes something.
    ///
    /// - Parameter body: Sets the image whose results are unfinished afterwards; nil if there is none.
    /// - Throws: ``WorkStopped`` if the gate is closed, or what `body` throws.
    public func pass(_ body: (inout BatchItem?) throws -> Void) throws {
        try staging.withLock { staging in
            if isClosed { throw WorkStopped() }
            try body(&staging)
        }
    }

    /// Notes that nothing unfinished is left.
    public func clear() { staging.withLock { $0 = nil } }
}
