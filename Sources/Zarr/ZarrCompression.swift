/// How the bytes of a chunk are compressed.
public enum ZarrCompression: Hashable, Sendable {
    /// Not at all.
    case none
    /// gzip, level 0 to 9.
    case gzip(level: Int)
    /// zlib, level 0 to 9; only in Zarr v2.
    case zlib(level: Int)
    /// Zstandard, level up to 22; `hasChecksum` adds a checksum of the content.
    case zstd(level: Int, hasChecksum: Bool = false)
    /// Blosc with one of its compressors.
    case blosc(Blosc)
    /// bzip2, level 1 to 9.
    case bz2(level: Int)
    /// A block of LZ4 behind its size, as numcodecs stores it; for reading.
    case lz4
    /// Blocks of LZ4 with headers, as lz4-java and with it N5 store them; for reading.
    case lz4Java

    /// The settings of Blosc.
    public struct Blosc: Hashable, Sendable {
        /// `lz4`, `lz4hc`, `zstd`, `zlib` or `blosclz`.
        public var compressor: String

        /// 0 (none) to 9 (best).
        public var level: Int

        /// What is done with the bytes before compression.
        public var shuffle: Shuffle

        /// What is done with the bytes before compression.
        public enum Shuffle: Int32, Hashable, Sendable {
            /// Nothing.
            case none = 0
            /// The first bytes of all elements come first, then the second, and so on.
            case bytes = 1
            /// The same with bits.
            case bits = 2
        }

        /// Creates settings; the defaults are those of zarr-python 2.
        public init(compressor: String = "lz4", level: Int = 5, shuffle: Shuffle = .bytes) {
            self.compressor = compressor
            self.level = level
            self.shuffle = shuffle
        }
    }
}

/// One step between the bytes of a chunk and the bytes of its file.
enum ByteCodec: Hashable, Sendable {
    case compression(ZarrCompression)
    case crc32c
    /// The first bytes of all elements of this size come first, then the second, and so on.
    case shuffle(elementSize: Int)
    /// Eight truth values in a byte, the first of them its highest bit, behind the number of bits at the end
    /// that mean nothing.
    case packBits
}
