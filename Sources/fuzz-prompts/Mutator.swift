import Imaging

/// Changes files in the ways that find mistakes in readers, the same for the same seed.
protocol Mutator {
    /// Where chance comes from.
    var generator: SplitMix64 { get set }

    /// Makes one change to bytes that are not empty.
    mutating func change(_ bytes: inout [UInt8])
}

extension Mutator {
    /// One of the seeds with a few changes.
    mutating func damaged(_ seeds: [[UInt8]]) -> [UInt8] {
        var bytes = seeds[Int.random(in: seeds.indices, using: &generator)]
        for _ in 0..<Int.random(in: 1...6, using: &generator) where !bytes.isEmpty {
            change(&bytes)
        }
        return bytes
    }
}
