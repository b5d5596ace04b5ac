import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@Suite("What happens is told")
struct EventTests {
    @Test("An edit of one page reaches the others, and so does the state of an image")
    func events() async throws {
        try await Site.run { site in
            let stream = try RawConnection(port: site.port)
            defer { stream.close() }
            try stream.send(site.raw("GET /api/1/events"))
            #expect(try await stream.receive(until: "event: hello").contains("text/event-stream"))
            let client = UUID().uuidString
            try await site.post(
                "/images/1/gestures",
                [
                    "key": UUID().uuidString, "client": client, "kind": "paint", "label": 0,
                    "mask": ["box": [0, 0, 2, 2], "runs": [0, 4]] as [String: Any],
                ]
            )
            let edit = try await stream.receive(until: "event: edit")
            let rest = try await stream.receive(until: "\n\n")
            #expect((edit + rest).contains(client.uppercased()))
            #expect(rest.contains("\"image\":1"))
            try await site.prepared()
            #expect(try await stream.receive(until: "\"state\":\"ready\"").contains("event: state"))
        }
    }

    @Test("200 streams are served, and let go when their pages are gone")
    func manyStreams() async throws {
        try await Site.run { site in
            var streams: [RawConnection] = []
            for _ in 0..<200 {
                let stream = try RawConnection(port: site.port)
                try stream.send(site.raw("GET /api/1/events"))
                streams.append(stream)
            }
            for stream in streams { _ = try await stream.receive(until: "event: hello") }
            try await site.post(
                "/images/1/gestures",
                [
                    "key": UUID().uuidString, "client": UUID().uuidString, "kind": "paint",
                    "label": 0, "mask": ["box": [0, 0, 2, 2], "runs": [0, 4]] as [String: Any],
                ]
            )
            for stream in streams { _ = try await stream.receive(until: "event: edit") }
            // Other requests are answered meanwhile.
            #expect(try await site.send(.get, "/api/1/project").status == .ok)
            streams.forEach { $0.close() }
            #expect(try await site.send(.get, "/api/1/project").status == .ok)
        }
    }
}
