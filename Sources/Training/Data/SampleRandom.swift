import Imaging

/// The random numbers of one sample: given by seed, pass and place, independent of every other sample.
typealias SampleRandom = SplitMix64

extension SplitMix64 {
    /// The generator of the sample at place `index` of pass `epoch`.
    init(seed: UInt64, epoch: Int, index: Int) {
        var state = SplitMix64(seed: seed)
        var words = SplitMix64(
            seed: state.next() ^ UInt64(truncatingIfNeeded: epoch) &* 0xD6E8_FEB8_6659_FD93
        )
        let word = words.next() ^ UInt64(truncatingIfNeeded: index) &* 0xA076_1D64_78BD_642F
        self.init(seed: word)
    }

    /// Whether something of this probability happens; draws a number in any case.
    mutating func happens(_ probability: Double) -> Bool { uniform(0...1) < probability }

    /// A whole number in `0..<count`; `count` must be positive.
    mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self) }
}
