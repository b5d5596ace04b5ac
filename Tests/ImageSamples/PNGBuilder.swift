/// Builds PNG files byte by byte: any colour type, bit depth and interlacing.
package struct PNGBuilder {
    package var width: Int
    package var height: Int
    package var bits: Int

    /// 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA.
    package var colorType: UInt8
    package var isInterlaced: Bool
    package var palette: [UInt8]
    package var transparency: [UInt8]

    package init(
        width: Int,
        height: Int,
        bits: Int,
        colorType: UInt8,
        isInterlaced: Bool = false,
        palette: [UInt8] = [],
        transparency: [UInt8] = []
    ) {
        self.width = width
        self.height = height
        self.bits = bits
        self.colorType = colorType
        self.isInterlaced = isInterlaced
        self.palette = palette
        self.transparency = transparency
    }

    /// Samples of one pixel.
    package var channels: Int { [1, 0, 3, 1, 2, 0, 4][Int(colorType)] }

    /// The whole file; `sample` gives the value at column, row and channel.
    package func file(_ sample: (Int, Int, Int) -> UInt16) -> [UInt8] {
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let header =
            SimpleCodecs.bigEndian(UInt32(width)) + SimpleCodecs.bigEndian(UInt32(height))
            + [UInt8(bits), colorType, 0, 0, isInterlaced ? 1 : 0]
        bytes += PNGBuilder.chunk("IHDR", header)
        if !palette.isEmpty { bytes += PNGBuilder.chunk("PLTE", palette) }
        if !transparency.isEmpty { bytes += PNGBuilder.chunk("tRNS", transparency) }
        var rows: [UInt8] = []
        for pass in isInterlaced ? PNGBuilder.adam7 : [(0, 0, 1, 1)] {
            guard pass.x < width else { continue }
            for y in stride(from: pass.y, to: height, by: pass.stepY) {
                let columns = stride(from: pass.x, to: width, by: pass.stepX)
                rows += [0] + row(columns.flatMap { x in (0..<channels).map { sample(x, y, $0) } })
            }
        }
        bytes += PNGBuilder.chunk("IDAT", SimpleCodecs.zlib(rows))
        return bytes + PNGBuilder.chunk("IEND", [])
    }

    private typealias Pass = (x: Int, y: Int, stepX: Int, stepY: Int)

    private static let adam7: [Pass] = [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
        (0, 1, 1, 2),
    ]

    private func row(_ samples: [UInt16]) -> [UInt8] {
        if bits == 16 { return samples.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } }
        var bytes = [UInt8](repeating: 0, count: (samples.count * bits + 7) / 8)
        for (index, sample) in samples.enumerated() {
            let shift = 8 - bits - index * bits % 8
            bytes[index * bits / 8] |= UInt8(sample) << UInt8(shift)
        }
        return bytes
    }

    /// One chunk with its length and checksum.
    package static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + data
        return SimpleCodecs.bigEndian(UInt32(data.count)) + body + SimpleCodecs.bigEndian(crc(body))
    }

    /// Puts right the checksum of every chunk that lies wholly in the file.
    package static func repairChecksums(_ bytes: inout [UInt8]) {
        var position = 8
        while position + 12 <= bytes.count {
            let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            let end = position + 8 + length
            guard end + 4 <= bytes.count else { return }
            let sum = SimpleCodecs.bigEndian(crc(Array(bytes[position + 4..<end])))
            bytes.replaceSubrange(end..<end + 4, with: sum)
            position = end + 4
        }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        var value: UInt32 = ~0
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
        }
        return ~value
    }
}
