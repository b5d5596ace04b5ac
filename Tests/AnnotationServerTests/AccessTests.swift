import AnnotationServer
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@Suite("Who may come in")
struct AccessTests {
    @Test("The address with the token gives a cookie, and the cookie opens the page")
    func token() async throws {
        try await Site.run { site in
            let entry = try await site.send(
                .get,
                "/?token=\(site.key.token)",
                withCookie: false
            )
            #expect(entry.status == .seeOther)
            #expect(entry.header("Location") == "/")
            let cookie = try #require(entry.header("Set-Cookie"))
            #expect(cookie.hasPrefix(site.cookie + ";"))
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
            let page = try await site.send(.get, "/")
            #expect(page.status == .ok)
            #expect(page.text == "<!doctype html>page")
        }
    }

    @Test("A link on another page leads in by a step that sends the cookie")
    func linked() async throws {
        try await Site.run { site in
            let entry = try await site.send(
                .get,
                "/?token=\(site.key.token)",
                headers: ["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"],
                withCookie: false
            )
            #expect(entry.status == .ok)
            #expect(entry.header("Set-Cookie")?.hasPrefix(site.cookie) == true)
            #expect(entry.text.contains("http-equiv=\"refresh\""))
        }
    }

    @Test("No route answers without the cookie, or with a wrong one")
    func everyRoute() async throws {
        try await Site.run { site in
            #expect(site.server.operations.count > 20)
            let wrong = String(site.cookie.dropLast()) + (site.cookie.hasSuffix("0") ? "1" : "0")
            for operation in site.server.operations {
                let path = operation.path.replacing(/\{[a-z]+\}/, with: "1")
                let body = operation.takesBody ? "{}" : nil
                for cookie in [nil, wrong, "usam_session_=", "token=\(site.key.token)"] {
                    let response = try await site.send(
                        operation.method,
                        path,
                        body: body,
                        headers: cookie.map { ["Cookie": $0] } ?? [:],
                        withCookie: false
                    )
                    #expect(response.status == .unauthorized, "\(operation.name)")
                    #expect(response.code == "no_token")
                }
            }
            for path in ["/", "/index.html", "/model/a.js", "/?token=\(wrong.suffix(64))"] {
                let response = try await site.send(.get, path, withCookie: false)
                #expect(response.status == .unauthorized)
            }
        }
    }

    @Test(
        "Foreign names of the server are refused",
        arguments: [
            "evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example",
            "169.254.169.254", "0.0.0.0", "[::2]", "[::1", "localhost:99999", "localhost:x", "",
            "user@localhost", "127.0.0.1:80:80",
        ]
    )
    func foreignHost(_ host: String) async throws {
        try await Site.run { site in
            let response = try await site.send(.get, "/api/1/project", host: host)
            #expect(response.status == .forbidden || response.status == .badRequest)
        }
    }

    @Test("The names of the loopback interface are ours at any port, for tunnels")
    func ownHost() async throws {
        try await Site.run { site in
            for host in ["127.0.0.1", "localhost:9999", "LOCALHOST", "[::1]:80"] {
                let response = try await site.send(.get, "/api/1/project", host: host)
                #expect(response.status == .ok, "\(host)")
            }
        }
    }

    @Test(
        "Requests of other pages are refused",
        arguments: [
            ["Origin": "http://evil.example"], ["Origin": "null"], ["Origin": ""],
            ["Origin": "http://127.0.0.1:1"], ["Origin": "https://127.0.0.1:PORT"],
            ["Origin": "http://localhost:PORT"], ["Sec-Fetch-Site": "cross-site"],
            ["Sec-Fetch-Site": "same-site"],
        ]
    )
    func foreignOrigin(_ headers: [String: String]) async throws {
        try await Site.run { site in
            let headers = headers.mapValues { $0.replacing("PORT", with: "\(site.port)") }
            for (method, path) in [
                (HTTPRequest.Method.get, "/api/1/project"), (.get, "/"),
                (.post, "/api/1/images/1/gestures"), (.delete, "/api/1/jobs/1"),
            ] {
                let response = try await site.send(
                    method,
                    path,
                    body: method == .post ? "{}" : nil,
                    headers: headers
                )
                #expect(response.status == .forbidden, "\(path) \(headers)")
                #expect(response.code == "foreign_origin")
            }
        }
    }

    @Test("The page itself may ask")
    func ownOrigin() async throws {
        try await Site.run { site in
            let response = try await site.send(
                .get,
                "/api/1/project",
                headers: [
                    "Origin": "http://127.0.0.1:\(site.port)", "Sec-Fetch-Site": "same-origin",
                ]
            )
            #expect(response.status == .ok)
        }
    }

    @Test(
        "What a form of another page can send is refused",
        arguments: [
            "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain",
            "text/plain; application/json", "application/jsonx",
        ]
    )
    func forms(_ type: String) async throws {
        try await Site.run { site in
            let response = try await site.send(
                .post,
                "/api/1/images/1/undo",
                body: "{}",
                headers: ["Content-Type": type]
            )
            #expect(response.status == .unsupportedMediaType)
        }
    }

    @Test("Every answer forbids scripts of others, frames and guessing of types")
    func headers() async throws {
        try await Site.run { site in
            for (path, hasCookie) in [("/", true), ("/api/1/project", true), ("/", false)] {
                let response = try await site.send(.get, path, withCookie: hasCookie)
                let policy = try #require(response.header("Content-Security-Policy"))
                #expect(policy.contains("default-src 'none'"))
                #expect(policy.contains("script-src 'self'"))
                #expect(!policy.contains("unsafe"))
                #expect(policy.contains("frame-ancestors 'none'"))
                #expect(response.header("X-Content-Type-Options") == "nosniff")
                #expect(response.header("Referrer-Policy") == "no-referrer")
                #expect(response.header("Access-Control-Allow-Origin") == nil)
            }
        }
    }

    @Test("A key is kept for the user alone, and is the same after a restart")
    func keptKey() throws {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "key-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let first = try AccessKey(keptIn: file)
        #expect(try AccessKey(keptIn: file) == first)
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        try Data("damaged".utf8).write(to: URL(filePath: file))
        let second = try AccessKey(keptIn: file)
        #expect(second != first)
        #expect(second.token.count == 64)
    }
}
