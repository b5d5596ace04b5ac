public import Imaging

/// How many pixels every true object shares with every predicted object.
public struct LabelOverlap: Hashable, Sendable {
    /// A true and a predicted object that share pixels.
    public struct Pair: Hashable, Sendable {
        /// Label of the true object.
        public let truth: UInt32

        /// Label of the predicted object.
        public let prediction: UInt32

        /// Number of pixels that both have.
        public let sharedPixels: Int

        /// Shared pixels divided by the pixels that either has, 0...1.
        public let intersectionOverUnion: Double
    }

    /// Labels of the true objects, ascending.
    public let truthLabels: [UInt32]

    /// Number of pixels of each true object, in the order of ``truthLabels``.
    public let truthSizes: [Int]

    /// Labels of the predicted objects, ascending.
    public let predictionLabels: [UInt32]

    /// All pairs that share at least one pixel, by truth, then by prediction.
    public let pairs: [Pair]

    /// Number of pixels of all true objects.
    public let truthPixels: Int

    /// Number of pixels of all predicted objects.
    public let predictionPixels: Int

    /// Counts the shared pixels.
    ///
    /// Cost: one pass, and memory for the pairs that occur.
    ///
    /// - Throws: `ImagingError.sizeMismatch` if the sizes differ.
    public init(truth: LabelImage, prediction: LabelImage) throws(ImagingError) {
        var counter = OverlapCounter()
        try counter.add(truth, prediction)
        self.init(counter)
    }

    /// Counts the shared voxels of two label volumes, given slice by slice.
    ///
    /// - Throws: `ImagingError.invalidParameter` if the numbers of slices differ,
    ///   `ImagingError.sizeMismatch` if the sizes of two slices differ.
    public init(truth: [LabelImage], prediction: [LabelImage]) throws(ImagingError) {
        guard truth.count == prediction.count else {
            throw .invalidParameter(
                "prediction",
                reason: "must have \(truth.count) slices, but has \(prediction.count)"
            )
        }
        var counter = OverlapCounter()
        for (slice, other) in zip(truth, prediction) { try counter.add(slice, other) }
        self.init(counter)
    }

    /// Takes what was counted in several slices.
    public init(_ counter: OverlapCounter) {
        let counts = counter.counts
        var truthSizes: [UInt32: Int] = [:]
        var predictionSizes: [UInt32: Int] = [:]
        for (key, count) in counts {
            truthSizes[key.truth, default: 0] += count
            predictionSizes[key.prediction, default: 0] += count
        }
        truthPixels = truthSizes.reduce(0) { $1.key == 0 ? $0 : $0 + $1.value }
        predictionPixels = predictionSizes.reduce(0) { $1.key == 0 ? $0 : $0 + $1.value }
        let labels = truthSizes.keys.filter { $0 != 0 }.sorted()
        truthLabels = labels
        self.truthSizes = labels.map { truthSizes[$0] ?? 0 }
        predictionLabels = predictionSizes.keys.filter { $0 != 0 }.sorted()
        pairs = counts.filter { $0.key.truth != 0 && $0.key.prediction != 0 }
            .sorted { $0.key < $1.key }
            .map { key, count in
                let sizes = (truthSizes[key.truth] ?? 0) + (predictionSizes[key.prediction] ?? 0)
                return Pair(
                    truth: key.truth,
                    prediction: key.prediction,
                    sharedPixels: count,
                    intersectionOverUnion: Double(count) / Double(sizes - count)
                )
            }
    }
}
