import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Tells of Ctrl-C and of polite requests to end, once; a second request ends the process at once.
final class SignalWatch: Sendable {
    private static let signals = [SIGINT, SIGTERM]

    // Safe because the sources are only made here and cancelled at the end, and do their own locking.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    /// Watches until this object goes.
    init(_ handler: @escaping @Sendable (Int32) -> Void) {
        sources = Self.signals.map { signal in
            let source = DispatchSource.makeSignalSource(signal: signal, queue: .global())
            source.setEventHandler {
                Self.restoreDefaults()
                handler(signal)
            }
            return source
        }
        for number in Self.signals { signal(number, SIG_IGN) }
        sources.forEach { $0.resume() }
    }

    deinit {
        sources.forEach { $0.cancel() }
        Self.restoreDefaults()
    }

    private static func restoreDefaults() {
        for number in signals { signal(number, SIG_DFL) }
    }
}
