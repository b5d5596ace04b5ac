public import Files
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The secret of a server: the token in the address that is opened, and the cookie it is exchanged for.
public struct AccessKey: Hashable, Sendable {
    /// The token: 32 random bytes in hexadecimal.
    public let token: String

    /// Makes a random one.
    public init() {
        var generator = SystemRandomNumberGenerator()
        token = (0..<4).map { _ in
            let text = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
    }

    /// Takes a token; nil if it is not 64 digits of a hexadecimal number.
    public init?(token: String) {
        guard token.utf8.count == 64, token.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
            return nil
        }
        self.token = token
    }

    /// The key of a project: the same after a restart, so that a page that was left open comes in again.
    ///
    /// - Parameter path: A file that only the user may read; it is made if it is not there.
    /// - Throws: `FileError` if it cannot be written.
    public init(keptIn path: String) throws(FileError) {
        if let text = try? String(contentsOfFile: path, encoding: .utf8),
            let known = AccessKey(token: text)
        {
            self = known
            return
        }
        self.init()
        unlink(path)
        // Nobody else may read it, not for a moment.
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .cannotWrite(path, code: errno) }
        defer { close(file) }
        // Safe because the bytes are written before the array goes.
        try Array(token.utf8).withUnsafeBufferPointer { bytes throws(FileError) in
            try OpenFile.write(UnsafeRawBufferPointer(bytes), to: file, path: path)
        }
    }

    /// Programs on other ports of the same machine share cookies, so each server has a name of its own.
    private var cookieName: String { "usam_session_" + token.prefix(8) }

    var cookie: String { "\(cookieName)=\(token); HttpOnly; SameSite=Strict; Path=/" }

    func matches(_ given: some StringProtocol) -> Bool {
        let (given, expected) = (Array(given.utf8), Array(token.utf8))
        guard given.count == expected.count else { return false }
        // Every byte is compared, so that the time says nothing.
        return zip(given, expected).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    func admits(_ cookies: [String]) -> Bool {
        cookies.contains { line in
            line.split(separator: ";").contains { pair in
                let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
                return parts.count == 2 && parts[0] == cookieName && matches(parts[1])
            }
        }
    }
}
