import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Tells of Ctrl-C and of polite requests to end, once; a second request ends the process at once.
///
/// Several may follow each other, or lie in each other: the newest one is told.
public final class SignalWatch: Sendable {
    private let number: Int

    /// Watches until this object goes.
    public init(_ handler: @escaping @Sendable (Int32) -> Void) {
        number = SignalSources.shared.add(handler)
    }

    deinit { SignalSources.shared.remove(number) }
}

/// The signals of the process, which are caught from the first watch on.
///
/// The sources live as long as the process: one that is made while another for the same signal goes would
/// miss its signals on Linux.
private final class SignalSources: Sendable {
    static let shared = SignalSources()

    private struct State {
        var handlers: [(number: Int, handler: @Sendable (Int32) -> Void)] = []
        var next = 0
        var isEnding = false
    }

    private let state = Mutex(State())

    // Safe because the sources are only made here, and do their own locking.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    private init() {
        let signals = [SIGINT, SIGTERM]
        let sources = signals.map {
            DispatchSource.makeSignalSource(signal: $0, queue: .global())
        }
        self.sources = sources
        // Sources are registered beside this thread. Until then a signal ends the process as usual. On Linux
        // the registration installs a handler, which must not be replaced; elsewhere the default would end
        // the process.
        let registered = DispatchSemaphore(value: 0)
        for (number, source) in zip(signals, sources) {
            source.setEventHandler { SignalSources.shared.receive(number) }
            source.setRegistrationHandler {
                #if canImport(Darwin)
                    signal(number, SIG_IGN)
                #endif
                registered.signal()
            }
            source.resume()
        }
        for _ in sources { registered.wait() }
    }

    func add(_ handler: @escaping @Sendable (Int32) -> Void) -> Int {
        state.withLock { state in
            state.next += 1
            state.handlers.append((state.next, handler))
            return state.next
        }
    }

    func remove(_ number: Int) {
        state.withLock { $0.handlers.removeAll { $0.number == number } }
    }

    private func receive(_ number: Int32) {
        let handler = state.withLock { state in
            defer { state.isEnding = true }
            return state.isEnding ? nil : state.handlers.last?.handler
        }
        // A second request, or one while nobody watches.
        guard let handler else { ProcessEnd.exit(128 + number) }
        handler(number)
    }
}
