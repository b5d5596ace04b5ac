import CImageCodecs
import Files

/// How the labels of a tile lie in the project file.
enum TileCodec {
    /// Rows and columns.
    static let side = LabelTile.side
    /// Number of labels.
    static let count = side * side
    /// Number of bytes of the labels.
    static let byteCount = 4 * count
    /// A tile of background alone.
    static let empty = [UInt32](repeating: 0, count: count)

    // All platforms of this package are little endian, so memory and file are the same.

    /// The labels as bytes, little endian.
    static func bytes(_ labels: [UInt32]) -> [UInt8] {
        labels.withUnsafeBytes { Array($0) }
    }

    /// The hash by which equal tiles are recognised.
    static func hash(_ bytes: [UInt8]) throws -> String {
        try FileDigest(of: bytes, algorithm: .xxh128).hexadecimal
    }

    /// Compresses any bytes.
    static func compress(_ bytes: [UInt8]) throws(ProjectError) -> [UInt8] {
        // Safe because the codec is told how much room there is, and only what it wrote counts.
        let bound = mic_zstd_bound(bytes.count)
        var written: Int64 = -1
        let stream = [UInt8](unsafeUninitializedCapacity: bound) { buffer, initialized in
            written = mic_zstd_compress(bytes, bytes.count, 1, 1, buffer.baseAddress, bound)
            initialized = max(0, Int(written))
        }
        guard written >= 0 else { throw .badGesture("the labels cannot be compressed") }
        return stream
    }

    /// The bytes of a stream, which must be exactly so many; nil if it is damaged.
    static func decompress(_ stream: [UInt8], count: Int) -> [UInt8]? {
        // Safe because the codec is told how much room there is, and the bytes count after success only.
        var code: Int32 = -1
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            code = mic_zstd_decompress(stream, stream.count, buffer.baseAddress, count)
            initialized = code == 0 ? count : 0
        }
        return code == 0 ? bytes : nil
    }

    /// The labels of a stream; nil if it is damaged.
    static func labels(_ stream: [UInt8]) -> [UInt32]? {
        // Safe because the codec is told how much room there is, and the labels count after success only.
        var code: Int32 = -1
        let labels = [UInt32](unsafeUninitializedCapacity: count) { buffer, initialized in
            let room = UnsafeMutableRawBufferPointer(buffer)
            code = mic_zstd_decompress(
                stream,
                stream.count,
                room.baseAddress?.assumingMemoryBound(to: UInt8.self),
                byteCount
            )
            initialized = code == 0 ? count : 0
        }
        return code == 0 ? labels : nil
    }
}
