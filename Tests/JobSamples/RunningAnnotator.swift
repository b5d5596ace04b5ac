public import Foundation
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `usam annotate` as a process of its own that serves; it is killed when this object goes.
public final class RunningAnnotator {
    /// It ended before it served.
    public struct NotServed: Error {
        /// How it ended.
        public let ending: Program.Ending
    }

    /// An answer over HTTP.
    public struct Answer: Sendable {
        /// The status of HTTP.
        public let status: Int
        /// The body.
        public let data: Data

        /// The body as a JSON object; empty if it is none.
        public var object: [String: Any] {
            (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] ?? [:]
        }
    }

    /// The process.
    public let process = Process()

    /// The address that was printed, with the token.
    public let address: URL

    /// The token of the address.
    public let token: String

    private let output: String
    private let error: String

    /// Starts it without a browser, on any free port unless one is given, and waits until it serves.
    ///
    /// - Parameters:
    ///   - arguments: What to annotate, and options.
    ///   - folder: Where it runs.
    ///   - variables: Replace variables of the environment; nil takes one out. Without others nobody sits elsewhere.
    /// - Throws: ``NotServed`` if it ends instead.
    public init(
        _ arguments: [String],
        in folder: String,
        variables: [String: String?] = [:]
    ) throws {
        // Files and no pipes: a process that is killed leaves what it printed.
        let name = "\(folder)/annotator-\(UUID().uuidString)"
        (output, error) = (name + ".out", name + ".err")
        for file in [output, error] { try Data().write(to: URL(filePath: file)) }
        let hasPort = arguments.contains("--port")
        process.executableURL = Program.url
        process.arguments =
            ["annotate"] + arguments + ["--device", "cpu"] + (hasPort ? [] : ["--port", "0"])
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = Program.environment(
            in: folder,
            Self.atHome.merging(variables) { $1 }
        )
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: error))
        try process.run()
        let deadline = Date.now + 60
        while true {
            let isRunning = process.isRunning
            let text = try String(contentsOfFile: output, encoding: .utf8)
            if text.hasSuffix("\n"), let line = text.split(separator: "\n").first,
                let url = URL(string: String(line)), let query = url.query
            {
                address = url
                token = String(query.dropFirst("token=".count))
                break
            }
            guard isRunning, Date.now < deadline else {
                kill(process.processIdentifier, SIGKILL)
                throw NotServed(ending: try Self.ending(process, output, error))
            }
            Thread.sleep(forTimeInterval: 0.005)
        }
    }

    deinit { crash() }

    /// Variables that tell of a user who sits at this machine, without a desktop.
    private static let atHome: [String: String?] = [
        "SSH_CONNECTION": nil, "SSH_CLIENT": nil, "SSH_TTY": nil, "DISPLAY": nil,
        "WAYLAND_DISPLAY": nil,
    ]

    /// Ends the process as a loss of power would.
    public func crash() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Sends a signal, and waits for the end.
    public func end(_ signal: Int32) throws -> Program.Ending {
        kill(process.processIdentifier, signal)
        return try Self.ending(process, output, error)
    }

    /// What was printed to the standard error.
    public func complaints() throws -> String { try String(contentsOfFile: error, encoding: .utf8) }

    private static func ending(
        _ process: Process,
        _ output: String,
        _ error: String
    ) throws -> Program.Ending {
        process.waitUntilExit()
        return Program.Ending(
            status: process.terminationStatus,
            output: try String(contentsOfFile: output, encoding: .utf8),
            error: try String(contentsOfFile: error, encoding: .utf8)
        )
    }

    /// Where requests go.
    public var target: Target { Target(address: address, token: token) }

    /// Asks, or sends JSON, as ``Target/send(_:body:hasCookie:)``.
    public func send(_ path: String, hasCookie: Bool = true) async throws -> Answer {
        try await target.send(path, hasCookie: hasCookie)
    }

    /// Sends a JSON object.
    public func post(_ path: String, _ body: [String: Any]) async throws -> Answer {
        try await target.send(path, body: JSONSerialization.data(withJSONObject: body))
    }
}

extension RunningAnnotator {
    /// A server, for those who send requests to it.
    public struct Target: Sendable {
        let address: URL
        let token: String

        /// Asks, or sends JSON.
        ///
        /// - Parameters:
        ///   - path: Below the contract's prefix.
        ///   - hasCookie: Whether the request is one of the page.
        /// - Throws: `URLError` if the server is gone.
        public func send(
            _ path: String,
            body: Data? = nil,
            hasCookie: Bool = true
        ) async throws -> Answer {
            var parts = URLComponents()
            (parts.scheme, parts.host, parts.port) = ("http", address.host(), address.port)
            parts.path = "/api/1" + path
            var request = URLRequest(url: try #require(parts.url), timeoutInterval: 60)
            request.httpShouldHandleCookies = false
            if hasCookie {
                let cookie = "usam_session_\(token.prefix(8))=\(token)"
                request.setValue(cookie, forHTTPHeaderField: "Cookie")
            }
            if let body {
                request.httpMethod = "POST"
                request.httpBody = body
                request.setValue("application/json", forHTTPHeaderField: "Content-Type")
            }
            let (data, response) = try await URLSession.shared.data(for: request)
            return Answer(status: (response as? HTTPURLResponse)?.statusCode ?? 0, data: data)
        }
    }
}
