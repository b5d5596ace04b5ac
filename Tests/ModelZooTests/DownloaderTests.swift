import Files
import Foundation
import ModelZoo
import Synchronization
import Testing

@Suite("Downloading")
struct DownloaderTests {
    private let body = (0..<300_001).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7) }
    private let downloader = Downloader(
        options: .init(attempts: 3, firstDelay: .milliseconds(5), idleTimeout: 10)
    )

    private func digest(of bytes: [UInt8]) throws -> FileDigest {
        let folder = try TemporaryFolder()
        try Data(bytes).write(to: folder.file("body"))
        return try FileDigest(of: folder.file("body"), algorithm: .xxh128)
    }

    private func file(_ server: LocalServer) throws -> RegisteredFile {
        RegisteredFile(name: "model", url: server.url, digest: try digest(of: body))
    }

    private func names(in folder: TemporaryFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    }

    @Test("A file arrives whole, with progress, and is not fetched twice")
    func plain() async throws {
        let folder = try TemporaryFolder()
        let server = try LocalServer(body: body)
        defer { server.stop() }
        let last = Mutex<Downloader.Progress?>(nil)
        let target = folder.file("models/model")
        try await downloader.fetch(try file(server), to: target) { progress in
            last.withLock { $0 = progress }
        }
        #expect(try Data(contentsOf: target) == Data(body))
        #expect(last.withLock { $0?.receivedByteCount } == body.count)
        #expect(last.withLock { $0?.totalByteCount } == body.count)
        try await downloader.fetch(try file(server), to: target)
        #expect(server.ranges == [""])
    }

    @Test("After an interruption the rest is fetched, in the same call")
    func retry() async throws {
        let folder = try TemporaryFolder()
        let server = try LocalServer(
            body: body,
            behaviors: [.cut(after: 100_000), .status(503), .cut(after: 50_000)]
        )
        defer { server.stop() }
        try await downloader.fetch(try file(server), to: folder.file("model"))
        #expect(try Data(contentsOf: folder.file("model")) == Data(body))
        #expect(server.ranges == ["", "bytes=100000-", "bytes=100000-", "bytes=150000-"])
        #expect(try names(in: folder) == ["model"])
    }

    @Test("The next call goes on from where the last one failed")
    func resume() async throws {
        let folder = try TemporaryFolder()
        let server = try LocalServer(
            body: body,
            behaviors: [.cut(after: 70_000), .status(500), .status(500), .status(500)]
        )
        defer { server.stop() }
        let file = try file(server)
        let error = try await #require(throws: ModelZooError.self) {
            try await downloader.fetch(file, to: folder.file("model"))
        }
        #expect(error.description.contains(folder.file("model").path))
        #expect(error.description.contains("usam-tiny"))
        #expect(try names(in: folder) == ["model.part"])
        #expect(error.description.contains("70000 bytes"))
        try await downloader.fetch(file, to: folder.file("model"))
        #expect(server.ranges.last == "bytes=70000-")
        #expect(try Data(contentsOf: folder.file("model")) == Data(body))
    }

    @Test("A server that cannot resume sends everything again")
    func withoutRanges() async throws {
        let folder = try TemporaryFolder()
        let server = try LocalServer(body: body, behaviors: [.cut(after: 1000), .withoutRanges])
        defer { server.stop() }
        try await downloader.fetch(try file(server), to: folder.file("model"))
        #expect(try Data(contentsOf: folder.file("model")) == Data(body))
    }

    @Test("A part of another version is thrown away and fetched anew")
    func stalePart() async throws {
        let folder = try TemporaryFolder()
        let server = try LocalServer(body: body)
        defer { server.stop() }
        try Data(repeating: 7, count: 5000).write(to: folder.file("model.part"))
        try await downloader.fetch(try file(server), to: folder.file("model"))
        #expect(try Data(contentsOf: folder.file("model")) == Data(body))
        #expect(server.ranges == ["bytes=5000-", ""])
    }

    @Test("A part that is already complete is only checked and renamed")
    func completePart() async throws {
        let folder = try TemporaryFolder()
        let server = try LocalServer(body: body)
        defer { server.stop() }
        try Data(body).write(to: folder.file("model.part"))
        try await downloader.fetch(try file(server), to: folder.file("model"))
        #expect(try Data(contentsOf: folder.file("model")) == Data(body))
        #expect(server.ranges == ["bytes=\(body.count)-"])
    }

    @Test("A wrong hash is an error, and nothing is left behind")
    func wrongHash() async throws {
        let folder = try TemporaryFolder()
        let server = try LocalServer(body: body)
        defer { server.stop() }
        let wrong = RegisteredFile(
            name: "model",
            url: server.url,
            digest: FileDigest(.xxh128, String(repeating: "0", count: 32))
        )
        let error = try await #require(throws: ModelZooError.self) {
            try await downloader.fetch(wrong, to: folder.file("model"))
        }
        guard case .wrongHash(_, let expected, let found) = error else {
            Issue.record("unexpected error: \(error)")
            return
        }
        #expect(expected == wrong.digest.description)
        #expect(found == (try digest(of: body)).description)
        #expect(try names(in: folder).isEmpty)
    }

    @Test("A missing file on the server is reported at once, with the way out")
    func notFound() async throws {
        let folder = try TemporaryFolder()
        let server = try LocalServer(body: body, behaviors: [.status(404)])
        defer { server.stop() }
        let error = try await #require(throws: ModelZooError.self) {
            try await downloader.fetch(try file(server), to: folder.file("model"))
        }
        #expect(error.description.contains("404"))
        #expect(error.description.contains("usam-tiny"))
        #expect(server.ranges.count == 1)
    }

    @Test("Without a connection the message names the file to place and the embedded model")
    func offline() async throws {
        let folder = try TemporaryFolder()
        let server = try LocalServer(body: body)
        let file = try file(server)
        server.stop()
        let error = try await #require(throws: ModelZooError.self) {
            try await downloader.fetch(file, to: folder.file("model"))
        }
        #expect(error.description.contains("cannot be reached"))
        #expect(try names(in: folder).isEmpty)
        #expect(error.description.contains(folder.file("model").path))
        #expect(error.description.contains("usam-tiny"))
    }

    @Test("A cancelled download ends before the file is complete and keeps what has arrived")
    func cancellation() async throws {
        let folder = try TemporaryFolder()
        let server = try LocalServer(body: body, behaviors: [.stalled(after: 3)])
        defer { server.stop() }
        let file = try file(server)
        // A connection that stays silent must not count as broken here, however slow the machine is.
        let patient = Downloader(options: .init(idleTimeout: 3600))
        let target = folder.file("model")
        let (arrivals, arrival) = AsyncStream.makeStream(of: Int.self)
        let task = Task {
            defer { arrival.finish() }
            try await patient.fetch(file, to: target) { arrival.yield($0.receivedByteCount) }
        }
        _ = await arrivals.first { $0 > 0 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try names(in: folder) == ["model.part"])
        #expect(try Data(contentsOf: folder.file("model.part")).count < body.count)
    }

    @Test("Two downloads of one file do not disturb each other")
    func concurrent() async throws {
        let folder = try TemporaryFolder()
        let server = try LocalServer(body: body)
        defer { server.stop() }
        let file = try file(server)
        let target = folder.file("model")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { try await downloader.fetch(file, to: target) } }
            try await group.waitForAll()
        }
        #expect(try Data(contentsOf: target) == Data(body))
        #expect(server.ranges.count == 1)
        #expect(try names(in: folder) == ["model"])
    }

    @Test("A folder that cannot be made is named")
    func unwritable() async throws {
        let folder = try TemporaryFolder()
        try Data().write(to: folder.file("blocked"))
        let server = try LocalServer(body: body)
        defer { server.stop() }
        let error = try await #require(throws: ModelZooError.self) {
            try await downloader.fetch(try file(server), to: folder.file("blocked/model"))
        }
        #expect(error.description.contains("blocked"))
    }
}
