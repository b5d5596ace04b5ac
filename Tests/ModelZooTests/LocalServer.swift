import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A tiny HTTP server on 127.0.0.1 that serves one body and misbehaves on request.
final class LocalServer: @unchecked Sendable {
    // Safe because everything mutable is read and written under `lock`.

    /// What the server does with one request.
    enum Behavior {
        /// Serves the body, with ranges.
        case normal
        /// Announces everything, but closes the connection after so many bytes of this answer.
        case cut(after: Int)
        /// Ignores the `Range` header.
        case withoutRanges
        /// Answers with a status and no body.
        case status(Int)
        /// Sends so many bytes, then nothing until the client closes the connection.
        case stalled(after: Int)
    }

    private let lock = NSLock()
    private let body: [UInt8]
    private var behaviors: [Behavior]
    private var seen: [String] = []
    private let socketDescriptor: Int32
    private let port: UInt16

    /// Starts the server.
    ///
    /// - Parameter behaviors: What to do with the first requests; later ones are served normally.
    init(body: [UInt8], behaviors: [Behavior] = []) throws {
        self.body = body
        self.behaviors = behaviors
        #if canImport(Glibc)
            let kind = Int32(SOCK_STREAM.rawValue)
        #else
            let kind = SOCK_STREAM
        #endif
        socketDescriptor = socket(AF_INET, kind, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = socketDescriptor
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRINUSE) }
        port = UInt16(bigEndian: address.sin_port)
        let thread = Thread { [self] in serve() }
        thread.start()
    }

    /// Stops the server; the thread ends with the next request.
    func stop() {
        shutdown(socketDescriptor, Int32(SHUT_RDWR))
        close(socketDescriptor)
    }

    var url: URL {
        URL(string: "http://127.0.0.1:\(port)/file") ?? URL(fileURLWithPath: "/")
    }

    /// The `Range` headers of the requests so far, empty where there was none.
    var ranges: [String] {
        lock.withLock { seen }
    }

    private func serve() {
        while true {
            let connection = accept(socketDescriptor, nil, nil)
            guard connection >= 0 else { return }
            answer(connection)
            close(connection)
        }
    }

    private func answer(_ connection: Int32) {
        var request: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !request.contains(sequence: Array("\r\n\r\n".utf8)) {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            request += buffer[..<count]
        }
        let lines = String(decoding: request, as: UTF8.self).split(separator: "\r\n")
        let range = lines.first { $0.lowercased().hasPrefix("range: ") }.map {
            String($0.dropFirst(7))
        }
        let behavior = lock.withLock {
            seen.append(range ?? "")
            return behaviors.isEmpty ? Behavior.normal : behaviors.removeFirst()
        }
        respond(
            connection,
            behavior,
            from: range.flatMap { Int($0.dropFirst(6).prefix { $0.isNumber }) }
        )
    }

    private func respond(_ connection: Int32, _ behavior: Behavior, from start: Int?) {
        if case .status(let code) = behavior {
            send(
                connection,
                Array("HTTP/1.1 \(code) No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
            )
            return
        }
        var first = start ?? 0
        if case .withoutRanges = behavior { first = 0 }
        if first >= body.count, first > 0 {
            send(
                connection,
                Array(
                    ("HTTP/1.1 416 Range\r\nContent-Range: bytes */\(body.count)\r\n"
                        + "Content-Length: 0\r\nConnection: close\r\n\r\n").utf8
                )
            )
            return
        }
        let rest = Array(body[first...])
        let head =
            first > 0
            ? "206 Partial\r\nContent-Range: bytes \(first)-\(body.count - 1)/\(body.count)"
            : "200 OK"
        send(
            connection,
            Array(
                "HTTP/1.1 \(head)\r\nContent-Length: \(rest.count)\r\nConnection: close\r\n\r\n"
                    .utf8
            )
        )
        switch behavior {
        case .cut(let count): send(connection, Array(rest.prefix(count)))
        case .stalled(let count):
            send(connection, Array(rest.prefix(count)))
            var byte: UInt8 = 0
            while recv(connection, &byte, 1, 0) > 0 {}
        default: send(connection, rest)
        }
    }

    @discardableResult
    private func send(_ connection: Int32, _ bytes: [UInt8]) -> Bool {
        var position = 0
        while position < bytes.count {
            #if canImport(Glibc)
                let flags = Int32(MSG_NOSIGNAL)
            #else
                let flags: Int32 = 0
            #endif
            let count = bytes[position...].withUnsafeBytes {
                systemSend(connection, $0.baseAddress, $0.count, flags)
            }
            guard count > 0 else { return false }
            position += count
        }
        return true
    }
}

/// The system's `send`, which the method of that name would hide.
private func systemSend(
    _ socket: Int32,
    _ bytes: UnsafeRawPointer?,
    _ count: Int,
    _ flags: Int32
) -> Int {
    send(socket, bytes, count, flags)
}

extension [UInt8] {
    fileprivate func contains(sequence: [UInt8]) -> Bool {
        guard count >= sequence.count else { return false }
        return (0...(count - sequence.count)).contains {
            Array(self[$0..<($0 + sequence.count)]) == sequence
        }
    }
}

/// A folder of its own that vanishes with the test.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent(
            "usam-test-\(UUID().uuidString)",
            isDirectory: true
        )
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        do {
            try FileManager.default.removeItem(at: url)
        } catch {
            print("could not remove \(url.path): \(error)")
        }
    }

    func file(_ name: String) -> URL {
        url.appendingPathComponent(name)
    }
}
