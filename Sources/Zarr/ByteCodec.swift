import CImageCodecs
import Files

extension ZarrCompression {
    /// The most bytes that one stored byte can stand for; larger claims are refused before memory is
    /// taken for them.
    fileprivate var ratio: Int {
        switch self {
        case .none: 1
        case .gzip, .zlib: 1032
        case .zstd, .blosc: 32768
        // A block of 900 000 bytes of one value takes some 40 bytes.
        case .bz2: 1 << 15
        case .lz4, .lz4Java: 255
        }
    }

    /// The content of a stream, exactly `count` bytes; nil if it is damaged.
    fileprivate func decoded(_ bytes: [UInt8], count: Int) -> [UInt8]? {
        // Safe because the codecs are told how much room there is, and bytes count as initialized
        // only after success.
        if case .none = self { return bytes.count == count ? bytes : nil }
        let believable = bytes.count.multipliedReportingOverflow(by: ratio)
        guard believable.overflow || count <= believable.partialValue + 1 << 20,
            MachineMemory.holds(count)
        else { return nil }
        var code: Int32 = -1
        let content = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            code =
                switch self {
                case .none: -1
                case .gzip, .zlib: mic_inflate(bytes, bytes.count, buffer.baseAddress, count)
                case .zstd: mic_zstd_decompress(bytes, bytes.count, buffer.baseAddress, count)
                case .blosc: mic_blosc_decompress(bytes, bytes.count, buffer.baseAddress, count)
                case .bz2: mic_bz2_decompress(bytes, bytes.count, buffer.baseAddress, count)
                case .lz4: mic_lz4_decompress(bytes, bytes.count, buffer.baseAddress, count)
                case .lz4Java:
                    mic_lz4_java_decompress(bytes, bytes.count, buffer.baseAddress, count)
                }
            initialized = code == 0 ? count : 0
        }
        return code == 0 ? content : nil
    }

    /// The stream of some content; nil if the compressor refuses its settings or the size.
    fileprivate func encoded(_ bytes: [UInt8], elementSize: Int) -> [UInt8]? {
        // Safe because the codecs are told how much room there is, and only what they wrote counts
        // as initialized.
        let bound: Int
        switch self {
        case .none: return bytes
        case .gzip, .zlib: bound = mic_deflate_bound(bytes.count)
        case .zstd: bound = mic_zstd_bound(bytes.count)
        case .blosc: bound = mic_blosc_bound(bytes.count)
        case .bz2: bound = mic_bz2_bound(bytes.count)
        case .lz4, .lz4Java: return nil
        }
        var written: Int64 = -1
        let stream = [UInt8](unsafeUninitializedCapacity: bound) { buffer, initialized in
            let result = buffer.baseAddress
            switch self {
            case .none, .lz4, .lz4Java: break
            case .bz2(let level):
                written = mic_bz2_compress(
                    bytes,
                    bytes.count,
                    Int32(clamping: level),
                    result,
                    bound
                )
            case .gzip(let level):
                written = mic_deflate(bytes, bytes.count, 1, Int32(clamping: level), result, bound)
            case .zlib(let level):
                written = mic_deflate(bytes, bytes.count, 0, Int32(clamping: level), result, bound)
            case .zstd(let level, let hasChecksum):
                written = mic_zstd_compress(
                    bytes,
                    bytes.count,
                    Int32(clamping: level),
                    hasChecksum ? 1 : 0,
                    result,
                    bound
                )
            case .blosc(let blosc):
                written = mic_blosc_compress(
                    bytes,
                    bytes.count,
                    blosc.compressor,
                    Int32(clamping: blosc.level),
                    blosc.shuffle.rawValue,
                    elementSize,
                    result,
                    bound
                )
            }
            initialized = max(0, Int(written))
        }
        return written >= 0 ? stream : nil
    }
}

extension [ByteCodec] {
    /// Undoes all steps; nil if the bytes are damaged or do not become `count` bytes.
    func decoded(_ bytes: [UInt8], count: Int) -> [UInt8]? {
        var bytes = bytes
        for (position, codec) in enumerated().reversed() {
            switch codec {
            case .crc32c:
                guard bytes.count >= 4 else { return nil }
                let stored = (0..<4).reduce(UInt32(0)) {
                    $0 | UInt32(bytes[bytes.count - 4 + $1]) << UInt32(8 * $1)
                }
                bytes.removeLast(4)
                guard CRC32C.checksum(bytes) == stored else { return nil }
            case .compression(let compression):
                let expected = self[..<position].reduce(count) { $1.storedCount(of: $0) }
                guard let content = compression.decoded(bytes, count: expected) else { return nil }
                bytes = content
            case .shuffle(let size):
                bytes = unshuffledBytes(bytes, elementSize: size)
            case .packBits:
                guard let content = unpackedBits(bytes) else { return nil }
                bytes = content
            }
        }
        return bytes.count == count ? bytes : nil
    }

    /// Applies all steps; nil if a compressor refuses.
    func encoded(_ bytes: [UInt8], elementSize: Int) -> [UInt8]? {
        var bytes = bytes
        for codec in self {
            switch codec {
            case .crc32c:
                let sum = CRC32C.checksum(bytes)
                bytes += (0..<4).map { UInt8(truncatingIfNeeded: sum >> UInt32(8 * $0)) }
            case .compression(let compression):
                guard let stream = compression.encoded(bytes, elementSize: elementSize) else {
                    return nil
                }
                bytes = stream
            case .shuffle(let size):
                bytes = shuffledBytes(bytes, elementSize: size)
            // Arrays with packed bits are only read.
            case .packBits: return nil
            }
        }
        return bytes
    }
}

extension ByteCodec {
    /// How many bytes the step makes of so many, where that does not depend on them.
    fileprivate func storedCount(of count: Int) -> Int {
        switch self {
        case .compression, .shuffle: count
        case .crc32c: count + 4
        case .packBits: 1 + (count + 7) / 8
        }
    }
}

/// A byte for each bit, as NumPy packs them; nil if the bytes are no packed bits.
private func unpackedBits(_ bytes: [UInt8]) -> [UInt8]? {
    guard let unused = bytes.first, unused < 8, bytes.count > 1 || unused == 0 else { return nil }
    return (0..<8 * (bytes.count - 1) - Int(unused)).map { bytes[1 + $0 / 8] >> (7 - $0 % 8) & 1 }
}

/// The bytes of elements by their place in the element; what is no whole element stays at the end.
private func shuffledBytes(_ bytes: [UInt8], elementSize size: Int) -> [UInt8] {
    let count = bytes.count / size
    var result = bytes
    for place in 0..<size {
        for index in 0..<count { result[place * count + index] = bytes[index * size + place] }
    }
    return result
}

/// The reverse of ``shuffledBytes(_:elementSize:)``.
private func unshuffledBytes(_ bytes: [UInt8], elementSize size: Int) -> [UInt8] {
    let count = bytes.count / size
    var result = bytes
    for place in 0..<size {
        for index in 0..<count { result[index * size + place] = bytes[place * count + index] }
    }
    return result
}
