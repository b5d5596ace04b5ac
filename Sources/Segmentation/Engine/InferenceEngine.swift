import Foundation
public import Prompting
import Synchronization
public import Torch

/// Runs all work of libtorch on one lasting thread per device, the most urgent first.
///
/// libtorch keeps modes and a team of threads for every thread that calls it, so a second calling thread
/// would cost a second team that fights for the same cores. One thread also is what makes precedence possible:
/// at every checkpoint of the running work (`Work/checkpoint()`: between two blocks of the encoder, tiles,
/// batches or slices) the engine does what is more urgent, and goes on afterwards.
///
/// States of a request: *waiting* → *running* → *done*, *failed* or *cancelled*; a waiting request can also be
/// *replaced* by a newer one of the same key, and a running one can be *paused* by more urgent ones.
///
/// ```swift
/// let engine = InferenceEngine.shared(on: .cpu)
/// let masks = try await engine.run(.prompt) { work in
///     try predictor.segment(objects, in: embeddings, options, work)
/// }
/// ```
public final class InferenceEngine: Sendable {
    /// How urgent a request is; a more urgent one goes first, also in the middle of a less urgent one.
    public enum Precedence: Int, Comparable, Sendable, CaseIterable {
        /// Embeddings that may be needed later.
        case prefetch
        /// Automatic segmentation and batches.
        case automatic
        /// The preview under the pointer; of several waiting ones the newest goes first.
        case hover
        /// Something that a user waits for.
        case prompt

        /// Whether one is less urgent than another.
        public static func < (left: Precedence, right: Precedence) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    /// What the engine is doing.
    public struct Status: Hashable, Sendable {
        /// Requests that wait.
        public let waiting: Int
        /// Requests that were begun and are not finished, the paused ones included.
        public let running: Int
        /// Requests that were replaced before they began, since the engine exists.
        public let replaced: Int
    }

    private let name: String
    private let condition = NSCondition()

    // Safe because it is only accessed while `condition` is locked.
    private nonisolated(unsafe) var state = State()

    private struct State {
        var waiting: [Request] = []
        var running: [Request] = []
        var replaced = 0
        var thread: Thread?
    }

    /// Creates an engine of its own; programs use ``shared(on:)``.
    public init(name: String = "inference") { self.name = name }

    private static let engines = Mutex<[Device: InferenceEngine]>([:])

    /// The engine of a device.
    public static func shared(on device: Device) -> InferenceEngine {
        engines.withLock { engines in
            if let known = engines[device] { return known }
            let engine = InferenceEngine(name: "inference on \(device)")
            engines[device] = engine
            return engine
        }
    }

    /// What the engine is doing.
    public var status: Status {
        locked { state in
            Status(
                waiting: state.waiting.count,
                running: state.running.count,
                replaced: state.replaced
            )
        }
    }

    // MARK: - Requests

    /// Runs something on the thread of the engine, and waits without blocking a thread.
    ///
    /// - Parameters:
    ///   - precedence: How urgent it is.
    ///   - key: A waiting request of the same key is dropped, and a running one is cancelled: both throw
    ///     `CancellationError`. Nil for none.
    ///   - work: Its context; it is cancelled with the task.
    ///   - body: Does the work, and calls `checkpoint()` between its steps.
    /// - Throws: What `body` throws; `CancellationError`.
    public func run<Result: Sendable>(
        _ precedence: Precedence,
        replacing key: String? = nil,
        _ work: Work = Work(),
        _ body: @escaping @Sendable (Work) throws -> Result
    ) async throws -> Result {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                submit(
                    Request(
                        precedence: precedence,
                        key: key,
                        work: work,
                        run: {
                            let result = Swift.Result { try body(work) }
                            return { continuation.resume(with: result) }
                        },
                        drop: { continuation.resume(throwing: CancellationError()) }
                    )
                )
            }
        } onCancel: {
            work.cancel()
            dropCancelled()
        }
    }

    /// The same for a caller with a thread of its own, which is blocked meanwhile.
    ///
    /// On the thread of the engine itself, the work is done at once.
    public func perform<Result: Sendable>(
        _ precedence: Precedence,
        _ work: Work = Work(),
        _ body: (Work) throws -> Result
    ) throws -> Result {
        if isOnThread { return try body(work) }
        let done = DispatchSemaphore(value: 0)
        let outcome = Mutex<Swift.Result<Result, any Error>?>(nil)
        // Safe because the body is let go before the caller, who waits, goes on.
        withoutActuallyEscaping(body) { body in
            let once = CalledOnce(body)
            submit(
                Request(
                    precedence: precedence,
                    key: nil,
                    work: work,
                    run: {
                        let result = Swift.Result { try once(work) }
                        outcome.withLock { $0 = result }
                        return { done.signal() }
                    },
                    drop: {
                        once.forget()
                        outcome.withLock { $0 = .failure(CancellationError()) }
                        done.signal()
                    }
                )
            )
            done.wait()
        }
        guard let result = outcome.withLock({ $0 }) else { throw CancellationError() }
        return try result.get()
    }

    /// Cancels the waiting and running requests of a key.
    public func cancel(_ key: String) {
        for request in locked({ $0.waiting + $0.running }) where request.key == key {
            request.work.cancel()
        }
        dropCancelled()
    }

    // MARK: - The queue

    private final class Request: Sendable {
        let precedence: Precedence
        let key: String?
        let work: Work
        /// Does the work; what it returns tells the caller, who then finds the request gone.
        let run: @Sendable () -> @Sendable () -> Void
        let drop: @Sendable () -> Void

        init(
            precedence: Precedence,
            key: String?,
            work: Work,
            run: @escaping @Sendable () -> @Sendable () -> Void,
            drop: @escaping @Sendable () -> Void
        ) {
            self.precedence = precedence
            self.key = key
            self.work = work
            self.run = run
            self.drop = drop
        }
    }

    private func locked<Result>(_ body: (inout State) -> Result) -> Result {
        condition.lock()
        defer { condition.unlock() }
        return body(&state)
    }

    private func submit(_ request: Request) {
        let dropped = locked { state -> [Request] in
            let replaced = state.waiting.filter { $0.key != nil && $0.key == request.key }
            state.waiting.removeAll { old in replaced.contains { $0 === old } }
            state.replaced += replaced.count
            for running in state.running where running.key != nil && running.key == request.key {
                running.work.cancel()
            }
            state.waiting.append(request)
            if state.thread == nil { state.thread = startThread() }
            condition.broadcast()
            return replaced
        }
        dropped.forEach { $0.drop() }
        // A task that was cancelled before it got here.
        if request.work.isCancelled { dropCancelled() }
    }

    private func dropCancelled() {
        let dropped = locked { state -> [Request] in
            let cancelled = state.waiting.filter { $0.work.isCancelled }
            state.waiting.removeAll { $0.work.isCancelled }
            return cancelled
        }
        dropped.forEach { $0.drop() }
    }

    /// Takes the most urgent request that is more urgent than another.
    private static func take(_ state: inout State, above: Precedence? = nil) -> Request? {
        let candidates = state.waiting.indices.filter { index in
            above.map { state.waiting[index].precedence > $0 } ?? true
        }
        guard let most = candidates.map({ state.waiting[$0].precedence }).max() else { return nil }
        let equals = candidates.filter { state.waiting[$0].precedence == most }
        // Of previews only the newest is worth anything; everything else goes in its order.
        guard let index = most == .hover ? equals.last : equals.first else { return nil }
        let request = state.waiting.remove(at: index)
        state.running.append(request)
        return request
    }

    // MARK: - The thread

    private var isOnThread: Bool { locked { $0.thread === Thread.current } }

    private func startThread() -> Thread {
        let thread = Thread { [self] in loop() }
        thread.name = name
        thread.stackSize = 16 << 20
        thread.start()
        return thread
    }

    private func loop() -> Never {
        while true {
            condition.lock()
            var next = Self.take(&state)
            while next == nil {
                condition.wait()
                next = Self.take(&state)
            }
            condition.unlock()
            if let next { execute(next) }
        }
    }

    private func execute(_ request: Request) {
        let precedence = request.precedence
        let before = request.work.setUrgent { [self] in doUrgent(above: precedence) }
        let tellCaller = request.run()
        request.work.setUrgent(before)
        locked { state in state.running.removeAll { $0 === request } }
        tellCaller()
    }

    /// Does everything that is more urgent than the running work; called at its checkpoints.
    private func doUrgent(above precedence: Precedence) {
        // Parts of the work may run on other threads, such as the reading of files.
        guard isOnThread else { return }
        while let request = locked({ Self.take(&$0, above: precedence) }) { execute(request) }
    }
}

/// A closure that is called at most once and is gone afterwards, so that nothing holds it when its caller
/// goes on.
private final class CalledOnce<Result>: @unchecked Sendable {
    // Safe because the caller waits until the closure was called or forgotten, so that only one thread
    // uses it at any time.
    private var body: ((Work) throws -> Result)?

    init(_ body: @escaping (Work) throws -> Result) { self.body = body }

    func callAsFunction(_ work: Work) throws -> Result {
        guard let body else { throw CancellationError() }
        forget()
        return try body(work)
    }

    func forget() { body = nil }
}
