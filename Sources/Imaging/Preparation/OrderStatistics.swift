/// Values of a given rank among the samples of a channel, found in two passes with bounded memory.
///
/// Samples are seen in single precision. The bits of such numbers, with those of negative ones turned round,
/// are ordered like the numbers. The first pass counts their upper half, the second pass the lower half of
/// those that share the upper half of a wanted value.
struct OrderStatistics {
    /// How often each upper half occurs.
    private var counts = [Int](repeating: 0, count: 1 << 16)

    /// The number of samples.
    private(set) var total = 0

    /// Counts samples; the first pass.
    mutating func count(_ samples: [Float], from first: Int, every step: Int) {
        for index in stride(from: first, to: samples.count, by: step) {
            counts[Int(Self.key(samples[index]) >> 16)] += 1
            total += 1
        }
    }

    /// The value of a rank, counted from 0, with an error of less than one per cent: the least of those that
    /// share its upper half.
    func roughly(rank: Int) -> Float { Self.value(UInt32(place(of: rank).upper) << 16) }

    /// Where values of some ranks lie after the first pass.
    func search(for ranks: [Int]) -> Search {
        var search = Search(places: ranks.map { place(of: $0) })
        for place in search.places { search.counts[place.upper] = [:] }
        return search
    }

    private func place(of rank: Int) -> (upper: Int, rest: Int) {
        var rest = rank
        for (upper, count) in counts.enumerated() {
            if rest < count { return (upper, rest) }
            rest -= count
        }
        return (counts.count - 1, 0)
    }

    /// The second pass.
    struct Search {
        fileprivate let places: [(upper: Int, rest: Int)]
        fileprivate var counts: [Int: [UInt16: Int]] = [:]

        /// Counts samples again.
        mutating func count(_ samples: [Float], from first: Int, every step: Int) {
            let wanted = Set(places.map(\.upper))
            for index in stride(from: first, to: samples.count, by: step) {
                let key = OrderStatistics.key(samples[index])
                let upper = Int(key >> 16)
                guard wanted.contains(upper) else { continue }
                counts[upper, default: [:]][UInt16(truncatingIfNeeded: key), default: 0] += 1
            }
        }

        /// The values, in the order of the ranks.
        var values: [Float] {
            places.map { place in
                var rest = place.rest
                for (lower, count) in (counts[place.upper] ?? [:]).sorted(by: { $0.key < $1.key }) {
                    if rest < count {
                        return OrderStatistics.value(UInt32(place.upper) << 16 | UInt32(lower))
                    }
                    rest -= count
                }
                return OrderStatistics.value(UInt32(place.upper) << 16)
            }
        }
    }

    fileprivate static func key(_ value: Float) -> UInt32 {
        let bits = value.bitPattern
        return bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
    }

    fileprivate static func value(_ key: UInt32) -> Float {
        Float(bitPattern: key & 0x8000_0000 != 0 ? key & 0x7FFF_FFFF : ~key)
    }
}
