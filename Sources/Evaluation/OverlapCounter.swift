public import Imaging

/// Counts the pixels that true and predicted objects share, slice by slice.
///
/// Memory: one number for each pair of objects that share pixels.
public struct OverlapCounter: Sendable {
    /// A true and a predicted label; 0 is background.
    struct Key: Hashable, Comparable {
        let truth: UInt32
        let prediction: UInt32

        static func < (a: Key, b: Key) -> Bool {
            (a.truth, a.prediction) < (b.truth, b.prediction)
        }
    }

    /// Number of pixels of each pair of labels.
    private(set) var counts: [Key: Int] = [:]

    /// Begins before the first slice.
    public init() {}

    /// Adds an image, or the next slice of a volume.
    ///
    /// - Throws: `ImagingError.sizeMismatch` if the sizes differ.
    public mutating func add(
        _ truth: LabelImage,
        _ prediction: LabelImage
    ) throws(ImagingError) {
        guard truth.size == prediction.size else {
            throw .sizeMismatch("prediction", expected: truth.size, found: prediction.size)
        }
        // Runs of equal pairs are counted first, so that the dictionary is asked once per run.
        let (first, second) = (truth.labels, prediction.labels)
        var start = 0
        for index in first.indices {
            let isLast = index + 1 == first.count
            if isLast || first[index + 1] != first[index] || second[index + 1] != second[index] {
                let key = Key(truth: first[index], prediction: second[index])
                counts[key, default: 0] += index + 1 - start
                start = index + 1
            }
        }
    }
    /// The counts with other predicted labels.
    ///
    /// - Parameter labels: The new label of each predicted one.
    package func relabeled(by labels: [UInt32]) -> OverlapCounter {
        var result = OverlapCounter()
        for (key, count) in counts {
            let key = Key(truth: key.truth, prediction: labels[Int(key.prediction)])
            result.counts[key, default: 0] += count
        }
        return result
    }
}
