import Foundation
import HTTPTypes
import HummingbirdTesting
import ImageFormats
import Imaging
import Testing

@Suite("Many requests", .serialized)
struct LoadTests {
    @Test("10 000 requests leave the memory where it was")
    func manyRequests() async throws {
        let small = AnyRaster.uint16(Site.ramp(Size(width: 40, height: 30)))
        try await Site.run(
            prepare: { folder in
                try small.writeTIFF(to: folder.appending(path: "small.tif"))
                return ["small.tif"]
            },
            Self.ask
        )
    }

    @Sendable
    private static func ask(_ site: Site) async throws {
        let paths = [
            "/api/1/project", "/api/1/images/2", "/api/1/images/2/pixels/0/0/0/0/0",
            "/api/1/images/2/thumbnail", "/api/1/images/1/objects",
            "/api/1/images/1/labels/0/0/0/0", "/", "/model/a.js", "/api/1/nothing", "/%2e",
        ]
        let bodies = [
            ("predict", #"{"objects":[{"prompts":[{"type":"point","y":3,"x":4}]}],"logits":true}"#),
            ("undo", "{"), ("preview", #"{"y":1,"x":2}"#), ("gestures", #"{"kind":"paint"}"#),
        ]
        func ask(_ count: Int) async throws {
            let client = TestClient(host: "127.0.0.1", port: site.port)
            client.connect()
            for number in 0..<count {
                let (path, body) = bodies[number / 5 % bodies.count]
                let request =
                    number.isMultiple(of: 5)
                    ? site.request(.post, "/api/1/images/2/" + path, body: body)
                    : site.request(.get, paths[number % paths.count])
                let response = try await client.execute(request)
                #expect(response.status.code < 500)
            }
            try await client.shutdown()
        }
        try await ask(1000)
        let before = Memory.resident
        try await ask(9000)
        let after = Memory.resident
        #expect(after - before < 64 << 20, "\((after - before) >> 20) MB more")
    }

    @Test("1 000 event streams, 200 at a time, leave the memory where it was")
    func manyStreams() async throws {
        try await Site.run { site in
            func listen() async throws {
                let streams = try (0..<200).map { _ in try RawConnection(port: site.port) }
                for stream in streams { try stream.send(site.raw("GET /api/1/events")) }
                for stream in streams { _ = try await stream.receive(until: "event: hello") }
                try await site.painted()
                for stream in streams { _ = try await stream.receive(until: "event: edit") }
                streams.forEach { $0.close() }
            }
            try await listen()
            let before = Memory.resident
            for _ in 0..<4 { try await listen() }
            let more = Memory.resident - before
            #expect(more < 48 << 20, "\(more >> 20) MB more")
            #expect(try await site.send(.get, "/api/1/project").status == .ok)
        }
    }

    @Test("Clients that do not read what they asked for are let go, and hold nobody up")
    func readers() async throws {
        let words = String(repeating: "a", count: 1 << 20)
        let trainer = FakeTrainer(isEndless: true, words: words)
        try await Site.run(trainer: trainer, patience: .seconds(1)) { site in
            let silent = try RawConnection(port: site.port)
            defer { silent.close() }
            try silent.send(site.raw("GET /api/1/events"))
            // Tiles of half a megabyte, many of them, of which nothing is read.
            let lazy = try (0..<10).map { _ in try RawConnection(port: site.port) }
            defer { lazy.forEach { $0.close() } }
            let tile = site.raw("GET /api/1/images/1/pixels/0/0/0/0/0")
            for connection in lazy { try connection.send(String(repeating: tile, count: 40)) }
            try await site.painted()
            let before = Memory.resident
            // Events of a megabyte, many more than a connection and the list of events hold together.
            try await site.post("/train", [:])
            try await Task.sleep(for: .seconds(4))
            #expect(try await site.send(.get, "/api/1/images/1/pixels/0/0/0/0/0").status == .ok)
            let more = Memory.resident - before
            #expect(more < 64 << 20, "\(more >> 20) MB more")
            // What was sent before is still there to be read; then the connections end.
            try await Task.sleep(for: .seconds(2))
            for connection in [silent] + lazy {
                #expect(try await connection.isEnded(within: .seconds(120)))
            }
        }
    }

    @Test("A client that reads slowly gets all of it")
    func slowReader() async throws {
        // The whole takes longer than the server's patience, which is long enough for a busy machine.
        try await Site.run(patience: .seconds(2)) { site in
            let slow = try RawConnection(port: site.port)
            defer { slow.close() }
            let tile = site.raw("GET /api/1/images/1/pixels/0/0/0/0/0")
            try slow.send(String(repeating: tile, count: 40))
            var count = 0
            for _ in 0..<400 where count < 40 << 19 {
                count += slow.take(1 << 20)
                try await Task.sleep(for: .milliseconds(125))
            }
            #expect(count >= 40 << 19)
        }
    }
}

extension Site {
    /// Makes an object of one pixel, of which all clients are told.
    fileprivate func painted() async throws {
        let gesture: [String: Any] = [
            "key": UUID().uuidString, "client": UUID().uuidString, "kind": "commitMany",
            "rule": "overwrite", "objects": [["mask": ["box": [0, 0, 1, 1], "runs": [0, 1]]]],
        ]
        try await post("/images/1/gestures", gesture)
    }
}

/// The memory of this process.
enum Memory {
    /// Bytes in memory; 0 where the system does not say.
    static var resident: Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
            return 0
        }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * 4096
    }
}
