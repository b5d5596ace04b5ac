public import Foundation

/// The expected or computed hash of a file.
public struct FileDigest: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The hash functions that the registries use.
    public enum Algorithm: String, Codable, Hashable, Sendable {
        /// XXH3 of 128 bits.
        case xxh128
        /// SHA-2 of 256 bits.
        case sha256
    }

    /// The hash function.
    public let algorithm: Algorithm
    /// The hash in lower-case hexadecimal digits.
    public let hexadecimal: String

    /// Names a hash.
    public init(_ algorithm: Algorithm, _ hexadecimal: String) {
        self.algorithm = algorithm
        self.hexadecimal = hexadecimal.lowercased()
    }

    /// `algorithm:digits`, as micro-sam writes it into embedding files.
    public var description: String { "\(algorithm.rawValue):\(hexadecimal)" }

    /// Computes the hash of a file, reading it in pieces.
    ///
    /// - Throws: ``FileError`` if it cannot be read.
    public init(of url: URL, algorithm: Algorithm) throws(FileError) {
        // Safe because the hasher keeps no pointer to the piece.
        var hasher: any StreamHasher =
            switch algorithm {
            case .xxh128: try XXH128(file: url.path)
            case .sha256: SHA256()
            }
        do {
            let file = try FileHandle(forReadingFrom: url)
            defer { file.closeFile() }
            while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
                piece.withUnsafeBytes { hasher.update($0) }
            }
        } catch {
            throw FileError(
                .cannotRead,
                path: url.path,
                "cannot be read: \(error.localizedDescription)",
                reason: error.localizedDescription
            )
        }
        self.init(algorithm, hasher.finish().hexadecimal)
    }
}

extension FileDigest {
    /// Computes the hash of bytes in memory.
    public init(of bytes: [UInt8], algorithm: Algorithm) throws(FileError) {
        // Safe because the hasher keeps no pointer to the bytes.
        var hasher: any StreamHasher =
            switch algorithm {
            case .xxh128: try XXH128(file: "memory")
            case .sha256: SHA256()
            }
        bytes.withUnsafeBytes { hasher.update($0) }
        self.init(algorithm, hasher.finish().hexadecimal)
    }
}
