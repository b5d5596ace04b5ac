/// The simplest valid streams of each compression: nothing is really compressed.
package enum SimpleCodecs {
    /// A zlib stream of stored blocks.
    package static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var position = 0
        repeat {
            let end = min(position + 65_535, bytes.count)
            let count = UInt16(end - position)
            stream.append(end == bytes.count ? 1 : 0)
            stream += [
                UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8),
            ]
            stream += bytes[position..<end]
            position = end
        } while position < bytes.count
        var a: UInt32 = 1
        var b: UInt32 = 0
        for byte in bytes {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return stream + bigEndian(b << 16 | a)
    }

    /// PackBits with literal runs.
    package static func packBits(_ bytes: [UInt8]) -> [UInt8] {
        stride(from: 0, to: bytes.count, by: 128).flatMap { start in
            let run = bytes[start..<min(start + 128, bytes.count)]
            return [UInt8(run.count - 1)] + run
        }
    }

    /// LZW of TIFF with codes of 9 bits: the table is cleared before it needs more.
    package static func lzw(_ bytes: [UInt8]) -> [UInt8] {
        var codes: [UInt16] = []
        for (index, byte) in bytes.enumerated() {
            if index % 250 == 0 { codes.append(256) }
            codes.append(UInt16(byte))
        }
        codes.append(257)
        var stream: [UInt8] = []
        var window: UInt32 = 0
        var available = 0
        for code in codes {
            window = window << 9 | UInt32(code)
            available += 9
            while available >= 8 {
                stream.append(UInt8(truncatingIfNeeded: window >> UInt32(available - 8)))
                available -= 8
            }
        }
        if available > 0 {
            stream.append(UInt8(truncatingIfNeeded: window << UInt32(8 - available)))
        }
        return stream
    }

    /// A Zstandard frame of one raw block; up to 255 bytes.
    package static func zstd(_ bytes: [UInt8]) -> [UInt8] {
        let header = UInt32(bytes.count) << 3 | 1
        return [0x28, 0xB5, 0x2F, 0xFD, 0x20, UInt8(bytes.count)]
            + [UInt8(header & 255), UInt8(header >> 8 & 255), UInt8(header >> 16)] + bytes
    }

    static func bigEndian(_ value: UInt32) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian, Array.init)
    }
}
