import Annotations
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@Suite("Bodies that nobody should send")
struct BodyTests {
    @Test("A body that is too large is refused before it is read")
    func tooLarge() async throws {
        try await Site.run { site in
            for (path, limit) in [
                ("/api/1/images/1/undo", 1 << 20), ("/api/1/images/1/gestures", 32 << 20),
            ] {
                let connection = try RawConnection(port: site.port)
                defer { connection.close() }
                try connection.send(
                    site.raw(
                        "POST " + path,
                        ["Content-Type: application/json", "Content-Length: \(limit + 1)"]
                    )
                )
                let answer = try await connection.receive(until: "\"too_large\"")
                #expect(answer.hasPrefix("HTTP/1.1 413"))
            }
        }
    }

    @Test("A body of unknown length ends at the limit")
    func chunked() async throws {
        try await Site.run { site in
            let connection = try RawConnection(port: site.port)
            defer { connection.close() }
            try connection.send(
                site.raw(
                    "POST /api/1/images/1/undo",
                    ["Content-Type: application/json", "Transfer-Encoding: chunked"]
                )
            )
            let chunk = "4000\r\n" + String(repeating: " ", count: 0x4000) + "\r\n"
            for _ in 0..<70 {
                // The server may have ended the connection.
                guard (try? connection.send(chunk)) != nil else { break }
                try await Task.sleep(for: .milliseconds(1))
            }
            #expect(try await connection.receive(until: "\"too_large\"").contains(" 413 "))
            #expect(try await site.send(.get, "/api/1/project").status == .ok)
        }
    }

    @Test(
        "A malformed body is told, and changes nothing",
        arguments: [
            "", "{", "[]", "null", "\"\"", "{}", "{\"key\":1}", "\u{0}", "{\"key\":\"x\"}",
            String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 50_000),
            "{\"key\":\"11111111-1111-1111-1111-111111111111\"}", "1e999999",
        ]
    )
    func malformed(_ body: String) async throws {
        try await Site.run { site in
            for path in ["gestures", "undo", "redo", "goto", "predict", "preview"] {
                let response = try await site.send(
                    .post,
                    "/api/1/images/1/" + path,
                    body: body
                )
                #expect(response.status == .badRequest, "\(path)")
                #expect(response.code == "malformed")
            }
            #expect(try site.project.history(image: 1).isEmpty)
        }
    }

    @Test("Requests that are no HTTP, and clients that send slowly, do not stop the others")
    func slowClients() async throws {
        try await Site.run { site in
            var connections: [RawConnection] = []
            for start in [
                "GET /", "POST /api/1/images/1/gestures HTTP/1.1\r\nHost: ", "\u{16}\u{3}",
            ] {
                for _ in 0..<20 {
                    let connection = try RawConnection(port: site.port)
                    try connection.send(start)
                    connections.append(connection)
                }
            }
            for _ in 0..<20 {
                let connection = try RawConnection(port: site.port)
                let headers = ["Content-Type: application/json", "Content-Length: 1000"]
                try connection.send(site.raw("POST /api/1/images/1/gestures", headers) + "{")
                connections.append(connection)
            }
            for _ in 0..<20 {
                let response = try await site.send(.get, "/api/1/images/1/pixels/0/0/0/0/0")
                #expect(response.status == .ok)
            }
            let broken = try RawConnection(port: site.port)
            try broken.send("NONSENSE\r\n\r\n")
            #expect(try await broken.isEnded(within: .seconds(10)))
            (connections + [broken]).forEach { $0.close() }
        }
    }

    @Test("Signs in an address that no client library sends")
    func rawAddresses() async throws {
        try await Site.run { site in
            for address in ["/model\\a.js", "/a b", "/\u{7f}", "/é", "/model/a.js\u{0}"] {
                let connection = try RawConnection(port: site.port)
                defer { connection.close() }
                try connection.send(site.raw("GET " + address))
                let answer = try? await connection.receive(until: "\r\n")
                #expect(answer?.contains(" 400 ") ?? true, "\(address)")
            }
        }
    }
}
