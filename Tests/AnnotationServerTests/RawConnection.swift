import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A connection on which any bytes can be sent, at any speed.
final class RawConnection: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let socket: Int32

    /// Connects to a port of this machine.
    init(port: Int) throws {
        #if canImport(Glibc)
            socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, size)
            }
        }
        guard code == 0 else { throw Failure(description: "not connected: \(errno)") }
        let flags = fcntl(socket, F_GETFL)
        _ = fcntl(socket, F_SETFL, flags | O_NONBLOCK)
    }

    func close() {
        #if canImport(Glibc)
            _ = Glibc.close(socket)
        #else
            _ = Darwin.close(socket)
        #endif
    }

    /// Sends text.
    func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        let count = bytes.withUnsafeBytes {
            write(socket, $0.baseAddress, $0.count)
        }
        guard count == bytes.count else { throw Failure(description: "not sent: \(errno)") }
    }

    /// What comes until a text was seen, without what comes after it in the same piece.
    ///
    /// - Throws: ``Failure`` after half a minute, or when the connection ends.
    func receive(until text: String) async throws -> String {
        var received: [UInt8] = []
        let wanted = Array(text.utf8)
        let end = ContinuousClock.now + .seconds(30)
        var byte: UInt8 = 0
        while ContinuousClock.now < end {
            let count = read(socket, &byte, 1)
            if count == 1 {
                received.append(byte)
                if received.suffix(wanted.count).elementsEqual(wanted) {
                    return String(decoding: received, as: UTF8.self)
                }
            } else if count == 0 {
                throw Failure(description: "ended: " + String(decoding: received, as: UTF8.self))
            } else {
                try await Task.sleep(for: .milliseconds(2))
            }
        }
        throw Failure(description: "too late: " + String(decoding: received, as: UTF8.self))
    }

    /// Reads what has come, so many bytes at most; how many there were.
    func take(_ most: Int) -> Int {
        var bytes = [UInt8](repeating: 0, count: most)
        return max(0, recv(socket, &bytes, most, 0))
    }

    /// Whether the other side ends the connection within a time.
    func isEnded(within time: Duration) async throws -> Bool {
        let end = ContinuousClock.now + time
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while ContinuousClock.now < end {
            let count = read(socket, &bytes, bytes.count)
            if count == 0 || (count < 0 && errno == ECONNRESET) { return true }
            if count < 0 { try await Task.sleep(for: .milliseconds(5)) }
        }
        return false
    }
}

extension Site {
    /// The head of a request as it is written to a connection.
    func raw(_ line: String, _ headers: [String] = []) -> String {
        ([line + " HTTP/1.1", "Host: 127.0.0.1:\(port)", "Cookie: \(cookie)"] + headers)
            .joined(separator: "\r\n") + "\r\n\r\n"
    }
}
