import Imaging

/// Which objects of two slices share pixels.
enum SliceOverlap {
    struct Pair {
        let first: UInt32
        let second: UInt32
        let count: Int
    }

    /// All pairs of objects that share pixels, by first, then by second object.
    ///
    /// The slices have the same size. Runs of equal pairs are counted at once, so time depends on outlines, not on areas.
    static func pairs(_ lower: LabelImage, _ higher: LabelImage) -> [Pair] {
        var counts: [UInt64: Int] = [:]
        lower.labels.withUnsafeBufferPointer { first in
            higher.labels.withUnsafeBufferPointer { second in
                // Safe because both have the number of elements of one size, which the caller has compared.
                var index = 0
                let end = first.count
                while index < end {
                    let (a, b) = (first[index], second[index])
                    let start = index
                    repeat {
                        index += 1
                    } while index < end && first[index] == a && second[index] == b
                    if a != 0, b != 0 {
                        counts[UInt64(a) << 32 | UInt64(b), default: 0] += index - start
                    }
                }
            }
        }
        return counts.sorted { $0.key < $1.key }.map { key, count in
            Pair(first: UInt32(key >> 32), second: UInt32(truncatingIfNeeded: key), count: count)
        }
    }
}
