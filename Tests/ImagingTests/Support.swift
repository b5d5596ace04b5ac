import Imaging
import TestFixtures

extension Raster where Sample == UInt8 {
    /// The samples of an 8-bit PNG.
    init(_ png: PNG) throws {
        try self.init(
            size: Size(width: png.width, height: png.height),
            channels: png.channels,
            samples: png.samples.map { UInt8($0) }
        )
    }
}

extension LabelImage {
    /// The labels of a grey PNG.
    init(_ png: PNG) throws {
        try self.init(
            size: Size(width: png.width, height: png.height),
            labels: png.samples.map(UInt32.init)
        )
    }

    /// The share of pixels on which two label images agree, if labels may be numbered differently
    /// (one to one; background stays background).
    func agreement(with other: LabelImage) -> Double {
        var forward: [UInt32: [UInt32: Int]] = [:]
        for (mine, theirs) in zip(labels, other.labels) {
            forward[mine, default: [:]][theirs, default: 0] += 1
        }
        var taken: Set<UInt32> = []
        var equal = forward[0]?[0] ?? 0
        let pairs = forward.flatMap { mine, row in row.map { (mine, $0.key, $0.value) } }
            .filter { $0.0 != 0 && $0.1 != 0 }.sorted { $0.2 > $1.2 }
        var used: Set<UInt32> = []
        for (mine, theirs, count) in pairs where !taken.contains(theirs) && !used.contains(mine) {
            taken.insert(theirs)
            used.insert(mine)
            equal += count
        }
        return Double(equal) / Double(labels.count)
    }

    /// The number of labels other than 0.
    var objectCount: Int { Set(labels).subtracting([0]).count }
}

/// A small generator of random numbers with a seed, for tests that print their seed.
struct Random: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
