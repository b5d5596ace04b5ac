import Foundation
import Synchronization

/// What happens in the server, for every page that listens.
struct ServerEvent: Sendable {
    /// The names of events.
    enum Name: String, CaseIterable, Sendable {
        case hello, state, progress, edit, job, model, volume
    }

    let name: Name

    /// JSON on one line.
    let data: String

    init(_ name: Name, _ value: some Encodable) throws {
        self.name = name
        data = String(decoding: try ServerJSON.encode(value), as: UTF8.self)
    }

    /// As it is sent.
    var text: String { "event: \(name.rawValue)\ndata: \(data)\n\n" }
}

/// The events of a page that have not been written to its connection.
final class EventListener: Sendable {
    private struct Waiting {
        var count = 0
        var bytes = 0
    }

    /// The events as texts; they end when the page falls behind, and with the server.
    let texts: AsyncStream<String>

    private let continuation: AsyncStream<String>.Continuation
    private let waiting = Mutex(Waiting())

    /// So many events wait for a page that does not read.
    private static let mostEvents = 256

    /// So many bytes wait, if they are more than one event.
    private static let mostBytes = 8 << 20

    init(_ onEnd: @escaping @Sendable () -> Void) {
        (texts, continuation) = AsyncStream.makeStream(of: String.self)
        continuation.onTermination = { _ in onEnd() }
    }

    /// Adds an event, or ends the stream of a page that is too far behind.
    func add(_ text: String) {
        let size = text.utf8.count
        let isBehind = waiting.withLock { waiting in
            guard
                waiting.count == 0
                    || (waiting.count < Self.mostEvents && waiting.bytes + size <= Self.mostBytes)
            else { return true }
            waiting.count += 1
            waiting.bytes += size
            return false
        }
        if isBehind { end() } else { continuation.yield(text) }
    }

    /// Notes that an event was written.
    func written(_ text: String) {
        waiting.withLock { waiting in
            waiting.count -= 1
            waiting.bytes -= text.utf8.count
        }
    }

    /// Ends the stream behind the events that wait.
    func end() { continuation.finish() }
}

/// Hands events to all listeners; the stream of one that does not read them ends, and its page looks again.
final class EventHub: Sendable {
    private struct State {
        var listeners: [UInt64: EventListener] = [:]
        var next: UInt64 = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    /// How many listen.
    var listenerCount: Int { state.withLock { $0.listeners.count } }

    /// The events from now on; ends with the server.
    ///
    /// A listener that falls behind by more than 256 events, or 8 MiB, is let go; its page connects again and
    /// reads the present state.
    func listen() -> EventListener {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        let listener = EventListener { [weak self] in
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: number) }
        }
        let isClosed = state.withLock { state in
            if !state.isClosed { state.listeners[number] = listener }
            return state.isClosed
        }
        if isClosed { listener.end() }
        return listener
    }

    /// Tells all listeners.
    func tell(_ event: ServerEvent) { send(event.text) }

    /// Tells all listeners, as ``tell(_:)``; a value that has no JSON form tells nothing.
    func tell(_ name: ServerEvent.Name, _ value: some Encodable) {
        if let event = try? ServerEvent(name, value) { tell(event) }
    }

    /// A sign of life, so that a connection that is gone is noticed.
    func ping() { send(": here\n\n") }

    /// Ends all streams.
    func close() {
        let listeners = state.withLock { state in
            state.isClosed = true
            return Array(state.listeners.values)
        }
        listeners.forEach { $0.end() }
    }

    private func send(_ text: String) {
        let listeners = state.withLock { Array($0.listeners.values) }
        listeners.forEach { $0.add(text) }
    }
}
