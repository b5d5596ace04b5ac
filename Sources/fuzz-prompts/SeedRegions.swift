import Imaging

/// Small valid files of ImageJ: regions of every kind that is read, and archives of them.
enum SeedRegions {
    static let files: [[UInt8]] = {
        let corners: [(Int, Int)] = [(0, 0), (9, 1), (8, 12), (2, 7)]
        let regions = [
            region(kind: 0, corners: corners), region(kind: 7, corners: corners, name: "a"),
            region(kind: 5, corners: corners, name: "a-negative"), region(kind: 1), region(kind: 2),
            region(kind: 10, corners: corners, name: "\u{00E9}", hasFractions: true),
            region(kind: 3, line: [1.5, 2, 30, 25.25]),
            region(kind: 1, line: [3.5, 4.5, 10.25, 8], hasFractions: true),
            region(
                kind: 1,
                outlines: [0, 1, 2, 1, 20, 2, 1, 20, 30, 4, 0, 5, 5, 1, 9, 5, 1, 7, 9, 4]
            ),
        ]
        return regions + [archive(Array(regions[0..<3])), archive(regions)]
    }()

    /// A region; all numbers are big-endian.
    private static func region(
        kind: Int,
        corners: [(Int, Int)] = [],
        line: [Float] = [],
        outlines: [Float] = [],
        name: String = "",
        hasFractions: Bool = false
    ) -> [UInt8] {
        var bytes = Array("Iout".utf8) + big(228, 2) + big(kind, 1) + [0]
        for side in [4, 5, 24, 35] { bytes += big(side, 2) }
        bytes += big(corners.count, 2)
        bytes += (line + [Float](repeating: 0, count: 4 - line.count)).flatMap(float)
        bytes += big(0, 2) + big(outlines.count, 4) + [UInt8](repeating: 0, count: 8)
        bytes += big(0, 2) + big(hasFractions ? 128 : 0, 2) + big(0, 4) + big(0, 4)
        var body = corners.flatMap { big($0.0, 2) } + corners.flatMap { big($0.1, 2) }
        if hasFractions, !corners.isEmpty {
            body += corners.flatMap { float(Float($0.0) + 4.25) }
            body += corners.flatMap { float(Float($0.1) + 5.5) }
        }
        body += outlines.flatMap(float)
        let second = 64 + body.count
        let characters = Array(name.utf16)
        bytes += big(second, 4) + body
        bytes += big(0, 4) + big(1, 4) + big(2, 4) + big(3, 4)
        bytes += big(second + 64, 4) + big(characters.count, 4) + [UInt8](repeating: 0, count: 40)
        return bytes + characters.flatMap { big(Int($0), 2) }
    }

    /// An archive without compression; its checksums are left at 0, because readers need not check them.
    private static func archive(_ regions: [[UInt8]]) -> [UInt8] {
        var (content, directory): ([UInt8], [UInt8]) = ([], [])
        for (index, region) in regions.enumerated() {
            let name = Array("\(index).roi".utf8)
            let common =
                little(20, 2) + little(0, 12) + little(region.count, 4) + little(region.count, 4)
                + little(name.count, 2) + little(0, 2)
            directory += little(0x0201_4B50, 4) + little(20, 2) + common
            directory += little(0, 10) + little(content.count, 4) + name
            content += little(0x0403_4B50, 4) + common + name + region
        }
        let end =
            little(0x0605_4B50, 4) + little(0, 4) + little(regions.count, 2)
            + little(regions.count, 2) + little(directory.count, 4) + little(content.count, 4)
            + little(0, 2)
        return content + directory + end
    }

    private static func big(_ value: Int, _ count: Int) -> [UInt8] {
        little(value, count).reversed()
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
    }

    private static func float(_ value: Float) -> [UInt8] { big(Int(value.bitPattern), 4) }
}

/// Changes binary files in the ways that find mistakes in readers.
struct BinaryMutator: Mutator {
    var generator: SplitMix64

    /// Counts, offsets and coordinates at which arithmetic goes wrong.
    private static let numbers: [UInt32] = [
        0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFF_FFFF, 0x8000_0000,
        0xFFFF_FFFF, 0x3F80_0000, 0x7F80_0000, 0x7FC0_0000, 0x4E6E_6B28,
    ]

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    mutating func change(_ bytes: inout [UInt8]) {
        let position = Int.random(in: 0..<bytes.count, using: &generator)
        let length = min(Int.random(in: 1...16, using: &generator), bytes.count - position)
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: bytes[position] = .random(in: 0...255, using: &generator)
        case 1: bytes[position] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        case 2: bytes.removeSubrange(position..<position + length)
        case 3: bytes.removeSubrange(position...)
        case 4: bytes.insert(contentsOf: bytes[position..<position + length], at: position)
        default: place(at: position & ~1, in: &bytes)
        }
    }

    /// Writes an extreme number of two or four bytes, in either order.
    private mutating func place(at position: Int, in bytes: inout [UInt8]) {
        let number = Self.numbers[Int.random(in: Self.numbers.indices, using: &generator)]
        let width = Bool.random(using: &generator) ? 2 : 4
        let isBig = Bool.random(using: &generator)
        for index in 0..<width where position + index < bytes.count {
            let shift = 8 * (isBig ? width - 1 - index : index)
            bytes[position + index] = UInt8(truncatingIfNeeded: number >> UInt32(shift))
        }
    }
}
