import Foundation
import Synchronization

/// What happens in the server, for every page that listens.
struct ServerEvent: Sendable {
    /// The names of events.
    enum Name: String, CaseIterable, Sendable {
        case hello, state, progress, edit, job, model
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

/// Hands events to all listeners; one that does not read loses events, and is told to look again.
final class EventHub: Sendable {
    private struct State {
        var listeners: [UInt64: AsyncStream<String>.Continuation] = [:]
        var next: UInt64 = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    /// So many events wait for a listener that does not read.
    private static let patience = 256

    /// How many listen.
    var listenerCount: Int { state.withLock { $0.listeners.count } }

    /// The events from now on, as texts; ends with the server.
    ///
    /// A listener that falls behind by more than 256 events is let go; its page connects again and reads
    /// the present state.
    func listen() -> AsyncStream<String> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: String.self,
            bufferingPolicy: .bufferingOldest(Self.patience)
        )
        state.withLock { state in
            guard !state.isClosed else { return continuation.finish() }
            let number = state.next
            state.next += 1
            state.listeners[number] = continuation
            continuation.onTermination = { [weak self] _ in
                self?.state.withLock { _ = $0.listeners.removeValue(forKey: number) }
            }
        }
        return stream
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
        listeners.forEach { $0.finish() }
    }

    private func send(_ text: String) {
        let listeners = state.withLock { Array($0.listeners.values) }
        for listener in listeners {
            if case .dropped = listener.yield(text) { listener.finish() }
        }
    }
}
