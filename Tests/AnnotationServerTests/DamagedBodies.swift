import Foundation

/// Bodies that are damaged or lie, the same ones for the same seed.
struct DamagedBodies {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(max(bound, 1)))
    }

    private mutating func one<Element>(_ list: [Element]) -> Element { list[next(list.count)] }

    /// What stands where something else belongs.
    private static let lies = [
        "-1", "0", "1", "2", "0.5", "-0.0", "1e308", "-1e308", "1e400", "4294967294", "4294967295",
        "4294967296", "9007199254740991", "9007199254740993", "9223372036854775807",
        "9223372036854775808", "-9223372036854775809", "1e-320", "null", "true", "[]", "{}", "[[]]",
        "\"\"", "\"1\"", "\"\\u0000\"", "\"positive\"", "[null]", "NaN", "[0,0,16777216,16777216]",
        "[281474976710656]", "[1,1,1]",
    ]

    /// A body with one or two changes: once in three times of its bytes, otherwise of its values.
    mutating func damaged(_ text: String) -> String {
        var bytes = Array(text.utf8)
        let isLying = next(3) != 0
        for _ in 0...next(4) / 3 {
            if isLying { lie(&bytes) } else { damage(&bytes) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func damage(_ bytes: inout [UInt8]) {
        let place = next(bytes.count)
        switch next(5) {
        case 0: bytes.removeSubrange(place..<min(place + 1 + next(8), bytes.count))
        case 1: bytes.insert(UInt8(32 + next(95)), at: place)
        case 2: if place < bytes.count { bytes[place] = UInt8(next(256)) }
        case 3:
            bytes.insert(contentsOf: bytes[place..<min(place + next(40), bytes.count)], at: place)
        default: bytes = Array(bytes.prefix(place))
        }
    }

    /// Replaces or repeats a value.
    private mutating func lie(_ bytes: inout [UInt8]) {
        let values = Self.values(bytes)
        guard !values.isEmpty else { return damage(&bytes) }
        let (range, isElement) = one(values)
        let old = Array(bytes[range])
        switch next(10) {
        case 0 where isElement:
            let copies = repeatElement(Array(",".utf8) + old, count: next(300)).joined()
            bytes.insert(contentsOf: copies, at: range.upperBound)
        case 1: bytes.replaceSubrange(range, with: old + old)
        // A number that is a little different belongs to the range still.
        case 2...6 where old.allSatisfy({ (48...57).contains($0) }):
            bytes.replaceSubrange(range, with: Array("\(next(12))".utf8))
        default: bytes.replaceSubrange(range, with: Array(one(Self.lies).utf8))
        }
    }

    /// Where numbers, words and texts stand, and whether in a list; keys are none.
    private static func values(_ bytes: [UInt8]) -> [(Range<Int>, Bool)] {
        let (starts, ends) = (Set(":[,".utf8), Set(",]}".utf8))
        var found: [(Range<Int>, Bool)] = []
        for (index, byte) in bytes.enumerated() where starts.contains(byte) {
            guard let end = bytes[(index + 1)...].firstIndex(where: { ends.contains($0) }),
                end > index + 1,
                !bytes[index + 1..<end].contains(where: { ":[{".utf8.contains($0) })
            else { continue }
            // Keys are no values, and a UUID has few ways to lie.
            guard end - index < 36 else { continue }
            let isKey = byte == UInt8(ascii: ",") && bytes[index + 1] == UInt8(ascii: "\"")
            if !isKey { found.append((index + 1..<end, byte != UInt8(ascii: ":"))) }
        }
        return found
    }
}
