/// A small random generator with a seed, so that every input can be made again.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

/// Changes valid files at random: single bits up to pieces of other files.
struct Mutator {
    let corpus: [[UInt8]]
    private static let edges: [UInt64] = [
        0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
        0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, .max,
    ]

    /// The next input: a mutated file, or now and then random bytes behind a valid start.
    func input(_ random: inout SplitMix64) -> [UInt8] {
        guard var bytes = corpus.randomElement(using: &random), !bytes.isEmpty else { return [] }
        if Int.random(in: 0..<50, using: &random) == 0 {
            let keep = Int.random(in: 0..<min(64, bytes.count), using: &random)
            let count = Int.random(in: 0..<512, using: &random)
            return bytes.prefix(keep)
                + (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        // Archives store offsets, so most insertions only break their directory; half of the time bytes
        // are overwritten instead, which reaches the pickle inside.
        let keepsLength = bytes[0] == UInt8(ascii: "P") && Bool.random(using: &random)
        for _ in 0..<(1 << Int.random(in: 0..<5, using: &random)) where !bytes.isEmpty {
            change(&bytes, keepsLength, &random)
        }
        if bytes.count > 9, bytes[8] == UInt8(ascii: "{"), Bool.random(using: &random) {
            repairHeader(&bytes)
        }
        return bytes
    }

    private func change(_ bytes: inout [UInt8], _ keepsLength: Bool, _ random: inout SplitMix64) {
        let position = Int.random(in: 0..<bytes.count, using: &random)
        let length = min(bytes.count - position, Int.random(in: 1...32, using: &random))
        switch Int.random(in: 0..<(keepsLength ? 4 : 8), using: &random) {
        case 0: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[position] = UInt8.random(in: 0...255, using: &random)
        case 5: bytes.removeSubrange(position..<(position + length))
        case 6:
            let piece = bytes[position..<(position + length)]
            bytes.insert(contentsOf: piece, at: Int.random(in: 0...bytes.count, using: &random))
        case 4: bytes.removeSubrange(position...)
        case 2, 3:
            var value = (Mutator.edges.randomElement(using: &random) ?? 0)
            for index
                in position..<min(
                    bytes.count,
                    position + (1 << Int.random(in: 0..<4, using: &random))
                )
            {
                bytes[index] = UInt8(truncatingIfNeeded: value)
                value >>= 8
            }
        default:
            guard let other = corpus.randomElement(using: &random), !other.isEmpty else { return }
            let start = Int.random(in: 0..<other.count, using: &random)
            bytes.insert(contentsOf: other[start...].prefix(length * 4), at: position)
        }
    }

    /// Makes the length at the start of a safetensors file fit again, so that its header is read.
    private func repairHeader(_ bytes: inout [UInt8]) {
        guard let end = bytes.lastIndex(of: UInt8(ascii: "}")), end > 8 else { return }
        var length = UInt64(end - 7)
        for index in 0..<8 {
            bytes[index] = UInt8(truncatingIfNeeded: length)
            length >>= 8
        }
    }
}
