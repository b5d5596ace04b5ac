/// Decompression of zlib streams (RFC 1950, RFC 1951), for the tests' own PNG reader.
enum Inflate {
    /// Decompresses a whole zlib stream; the checksum is not verified.
    static func zlib(_ bytes: [UInt8]) throws -> [UInt8] {
        var bits = BitReader(bytes: bytes, position: 2)
        var output: [UInt8] = []
        var isLast = false
        while !isLast {
            isLast = try bits.take(1) == 1
            switch try bits.take(2) {
            case 0: try copyStored(&bits, &output)
            case 1: try inflate(&bits, &output, fixedLiterals, fixedDistances)
            case 2:
                let (literals, distances) = try dynamicTables(&bits)
                try inflate(&bits, &output, literals, distances)
            default: throw FixtureError("zlib: bad block type")
            }
        }
        return output
    }

    private struct BitReader {
        let bytes: [UInt8]
        var position: Int
        var held = 0
        var heldCount = 0

        mutating func take(_ count: Int) throws -> Int {
            while heldCount < count {
                guard position < bytes.count else { throw FixtureError("zlib: truncated") }
                held |= Int(bytes[position]) << heldCount
                position += 1
                heldCount += 8
            }
            defer {
                held >>= count
                heldCount -= count
            }
            return held & (1 << count - 1)
        }
    }

    /// Canonical Huffman codes: how many of each length, and the symbols in order of their codes.
    private struct Table {
        var counts = [Int](repeating: 0, count: 16)
        var symbols: [Int]

        init(lengths: [Int]) {
            for length in lengths where length > 0 { counts[length] += 1 }
            symbols = lengths.indices.filter { lengths[$0] > 0 }
                .sorted { (lengths[$0], $0) < (lengths[$1], $1) }
        }

        func next(_ bits: inout BitReader) throws -> Int {
            var (code, first, index) = (0, 0, 0)
            for length in 1...15 {
                code |= try bits.take(1)
                if code - first < counts[length] { return symbols[index + code - first] }
                index += counts[length]
                first = (first + counts[length]) << 1
                code <<= 1
            }
            throw FixtureError("zlib: bad code")
        }
    }

    private static let fixedLiterals = Table(
        lengths: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
    )
    private static let fixedDistances = Table(lengths: [Int](repeating: 5, count: 30))

    private static func copyStored(_ bits: inout BitReader, _ output: inout [UInt8]) throws {
        bits.held = 0
        bits.heldCount = 0
        let length = try bits.take(16)
        _ = try bits.take(16)
        guard bits.position + length <= bits.bytes.count else { throw FixtureError("zlib: short") }
        output += bits.bytes[bits.position..<bits.position + length]
        bits.position += length
    }

    private static func dynamicTables(_ bits: inout BitReader) throws -> (Table, Table) {
        let literalCount = try bits.take(5) + 257
        let distanceCount = try bits.take(5) + 1
        let codeCount = try bits.take(4) + 4
        let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
        var codeLengths = [Int](repeating: 0, count: 19)
        for index in 0..<codeCount { codeLengths[order[index]] = try bits.take(3) }
        let codes = Table(lengths: codeLengths)
        var lengths: [Int] = []
        while lengths.count < literalCount + distanceCount {
            switch try codes.next(&bits) {
            case 16:
                let previous = lengths.last ?? 0
                lengths += [Int](repeating: previous, count: try bits.take(2) + 3)
            case 17: lengths += [Int](repeating: 0, count: try bits.take(3) + 3)
            case 18: lengths += [Int](repeating: 0, count: try bits.take(7) + 11)
            case let length: lengths.append(length)
            }
        }
        return (
            Table(lengths: Array(lengths[..<literalCount])),
            Table(lengths: Array(lengths[literalCount...]))
        )
    }

    private static func inflate(
        _ bits: inout BitReader,
        _ output: inout [UInt8],
        _ literals: Table,
        _ distances: Table
    ) throws {
        while true {
            let symbol = try literals.next(&bits)
            if symbol < 256 {
                output.append(UInt8(symbol))
                continue
            }
            if symbol == 256 { return }
            let length = try value(&bits, symbol - 257, perGroup: 4, first: 3, last: (28, 258))
            let code = try distances.next(&bits)
            let distance = try value(&bits, code, perGroup: 2, first: 1, last: nil)
            guard distance <= output.count else { throw FixtureError("zlib: bad distance") }
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
    }

    /// The value of a length or distance code: groups of codes with growing numbers of extra bits.
    private static func value(
        _ bits: inout BitReader,
        _ code: Int,
        perGroup: Int,
        first: Int,
        last: (Int, Int)?
    ) throws -> Int {
        if let last, code == last.0 { return last.1 }
        if code < 2 * perGroup { return first + code }
        let extra = code / perGroup - 1
        let base = first + (perGroup + code % perGroup) << extra
        return try base + bits.take(extra)
    }
}
