import Foundation
import Prompting
import Segmentation
import Synchronization
import Testing

@Suite("The engine")
struct EngineTests {
    /// What happened, in order.
    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    /// Holds a request on the engine's thread until it is opened; tests themselves never block a thread.
    private final class Gate: Sendable {
        private let opened = Mutex(false)
        var isOpen: Bool { opened.withLock { $0 } }
        func open() { opened.withLock { $0 = true } }
        func wait() { while !isOpen { Thread.sleep(forTimeInterval: 0.001) } }
    }

    /// Waits until something is so.
    private func until(_ condition: () -> Bool) async throws {
        for _ in 0..<20_000 where !condition() { try await Task.sleep(for: .milliseconds(5)) }
        #expect(condition())
    }

    @Test("All requests run on one thread, whoever makes them")
    func oneThread() async throws {
        let engine = InferenceEngine()
        let names = try await withThrowingTaskGroup(of: ObjectIdentifier.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await engine.run(.automatic) { _ in ObjectIdentifier(Thread.current) }
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(names.count == 1)
        let inner = try engine.perform(.automatic) { _ in
            try engine.perform(.prompt) { _ in ObjectIdentifier(Thread.current) }
        }
        #expect(names == [inner])
    }

    @Test("A prompt goes first at the next checkpoint of running work, which then goes on")
    func precedence() async throws {
        let (engine, log, begun) = (InferenceEngine(), Log(), Gate())
        let first = Gate()
        async let long: Void = engine.run(.automatic) { work in
            log.add("one")
            begun.open()
            first.wait()
            try work.checkpoint()
            log.add("two")
        }
        try await until { begun.isOpen }
        async let later: Void = engine.run(.prefetch) { _ in log.add("prefetch") }
        try await until { engine.status.waiting == 1 }
        async let same: Void = engine.run(.automatic) { _ in log.add("automatic") }
        try await until { engine.status.waiting == 2 }
        async let prompt: Void = engine.run(.prompt) { _ in log.add("prompt") }
        try await until { engine.status.waiting == 3 }
        async let hover: Void = engine.run(.hover) { _ in log.add("hover") }
        try await until { engine.status.waiting == 4 }
        first.open()
        _ = try await (long, later, same, prompt, hover)
        #expect(log.all == ["one", "prompt", "hover", "two", "automatic", "prefetch"])
    }

    @Test("A newer preview replaces those that wait, and cancels the one that runs")
    func replacement() async throws {
        let (engine, log, begun, go) = (InferenceEngine(), Log(), Gate(), Gate())
        let running = Task {
            try await engine.run(.hover, replacing: "pointer") { work in
                begun.open()
                go.wait()
                try work.checkpoint()
                log.add("first")
            }
        }
        try await until { begun.isOpen }
        let waiting = Task {
            try await engine.run(.hover, replacing: "pointer") { _ in log.add("second") }
        }
        try await until { engine.status.waiting == 1 }
        let newest = Task {
            try await engine.run(.hover, replacing: "pointer") { _ in log.add("third") }
        }
        try await until { engine.status.replaced == 1 }
        go.open()
        await #expect(throws: CancellationError.self) { try await running.value }
        await #expect(throws: CancellationError.self) { try await waiting.value }
        try await newest.value
        #expect(log.all == ["third"])
    }

    @Test("A cancelled task ends at the next checkpoint, and a waiting one never begins")
    func cancellation() async throws {
        let (engine, log, begun, go) = (InferenceEngine(), Log(), Gate(), Gate())
        let running = Task {
            try await engine.run(.automatic) { work in
                begun.open()
                go.wait()
                for step in 0..<100 {
                    try work.checkpoint()
                    log.add("\(step)")
                }
            }
        }
        try await until { begun.isOpen }
        let waiting = Task { try await engine.run(.automatic) { _ in log.add("waiting") } }
        try await until { engine.status.waiting == 1 }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        running.cancel()
        go.open()
        await #expect(throws: CancellationError.self) { try await running.value }
        #expect(log.all.isEmpty)
        #expect(try await engine.run(.automatic) { _ in 7 } == 7)
    }

    @Test("Errors go to whoever asked, and the engine lives on")
    func errors() async throws {
        struct Broken: Error {}
        let engine = InferenceEngine()
        await #expect(throws: Broken.self) {
            try await engine.run(.prompt) { _ in throw Broken() }
        }
        #expect(throws: Broken.self) { try engine.perform(.prompt) { _ in throw Broken() } }
        #expect(engine.status.waiting == 0 && engine.status.running == 0)
    }
}
