import Evaluation
import Imaging

/// How well merged objects agree with the true ones, in three dimensions, added up over several stacks.
struct MergeScore {
    private(set) var curve: AccuracyCurve
    private(set) var truths = 0
    private(set) var found = 0
    /// Found objects that hold most of several true ones.
    private(set) var merged = 0
    /// True objects with several found ones that lie mostly in them.
    private(set) var split = 0

    init(_ overlap: LabelOverlap) {
        curve = AccuracyCurve(overlap)
        (truths, found) = (overlap.truthLabels.count, overlap.predictionLabels.count)
        let truthSizes = Dictionary(
            uniqueKeysWithValues: zip(overlap.truthLabels, overlap.truthSizes)
        )
        var (held, holding): ([UInt32: Int], [UInt32: Int]) = ([:], [:])
        var predictionSizes: [UInt32: Int] = [:]
        for pair in overlap.pairs {
            predictionSizes[pair.prediction, default: 0] += pair.sharedPixels
        }
        for pair in overlap.pairs {
            let size = truthSizes[pair.truth] ?? 0
            if 2 * pair.sharedPixels > size { held[pair.prediction, default: 0] += 1 }
            if 2 * pair.sharedPixels > predictionSizes[pair.prediction] ?? 0,
                20 * pair.sharedPixels >= size
            {
                holding[pair.truth, default: 0] += 1
            }
        }
        merged = held.values.count { $0 > 1 }
        split = holding.values.count { $0 > 1 }
    }

    mutating func add(_ other: MergeScore) {
        curve.add(other.curve)
        truths += other.truths
        found += other.found
        merged += other.merged
        split += other.split
    }

    var half: DetectionCounts { curve.counts[0] }
}
