/// Random numbers that depend only on a seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// Damages valid files in the ways that find mistakes in readers.
struct Mutator {
    var generator: SeededGenerator

    /// Applies one to eight changes to a copy of a file; parts of `other` may be mixed in.
    mutating func mutated(_ file: [UInt8], other: [UInt8]) -> [UInt8] {
        var bytes = file
        for _ in 0..<Int.random(in: 1...8, using: &generator) where !bytes.isEmpty {
            change(&bytes, other)
        }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8], _ other: [UInt8]) {
        let position = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: bytes[position] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        case 1: bytes[position] = .random(in: 0...255, using: &generator)
        case 2: bytes.removeSubrange(position..<min(bytes.count, position + count(upTo: 16)))
        case 3: bytes.removeSubrange(position...)
        case 4:
            let inserted = (0..<count(upTo: 16)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            bytes.insert(contentsOf: inserted, at: position)
        case 5:
            let end = min(bytes.count, position + count(upTo: 64))
            bytes.insert(contentsOf: bytes[position..<end], at: bytes.count)
        case 6: splice(&bytes, other, at: position)
        default: place(extremeNumber(), at: position, in: &bytes)
        }
    }

    private mutating func count(upTo most: Int) -> Int { .random(in: 1...most, using: &generator) }

    private mutating func splice(_ bytes: inout [UInt8], _ other: [UInt8], at position: Int) {
        guard !other.isEmpty else { return }
        let start = Int.random(in: 0..<other.count, using: &generator)
        let part = other[start..<min(other.count, start + count(upTo: 64))]
        bytes.replaceSubrange(position..<min(bytes.count, position + part.count), with: part)
    }

    /// Numbers at which arithmetic goes wrong, and small ones that change tags and types.
    private mutating func extremeNumber() -> UInt64 {
        let numbers: [UInt64] = [
            0, 1, 2, 3, 7, 8, 16, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFF_FFFF,
            0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, .max,
            .random(in: 0...64, using: &generator), .random(in: 0...70_000, using: &generator),
        ]
        return numbers[Int.random(in: 0..<numbers.count, using: &generator)]
    }

    private mutating func place(_ number: UInt64, at position: Int, in bytes: inout [UInt8]) {
        let size = [1, 2, 4, 8][Int.random(in: 0..<4, using: &generator)]
        var encoded = (0..<size).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
        if Bool.random(using: &generator) { encoded.reverse() }
        let end = min(bytes.count, position + size)
        bytes.replaceSubrange(position..<end, with: encoded[..<(end - position)])
    }
}
