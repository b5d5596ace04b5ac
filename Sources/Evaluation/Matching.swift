import Imaging

/// One-to-one assignment of predicted to true objects at a threshold of the IoU.
public struct Matching: Hashable, Sendable {
    /// The IoU from which on two objects count as the same.
    public let threshold: Double

    /// The assigned pairs, by truth.
    public let matches: [LabelOverlap.Pair]

    /// Number of predicted objects without a true one.
    public let falsePositives: Int

    /// Number of true objects without a predicted one.
    public let falseNegatives: Int

    /// Number of assigned pairs.
    public var truePositives: Int { matches.count }

    /// Segmentation accuracy: TP / (TP + FP + FN); 0 without any match.
    public var accuracy: Double { ratio(truePositives + falsePositives + falseNegatives) }

    /// TP / (TP + FP); 0 without any match.
    public var precision: Double { ratio(truePositives + falsePositives) }

    /// TP / (TP + FN); 0 without any match.
    public var recall: Double { ratio(truePositives + falseNegatives) }

    /// Harmonic mean of precision and recall; 0 without any match.
    public var f1: Double {
        truePositives == 0
            ? 0
            : 2 * Double(truePositives)
                / Double(2 * truePositives + falsePositives + falseNegatives)
    }

    private func ratio(_ total: Int) -> Double {
        truePositives == 0 ? 0 : Double(truePositives) / Double(total)
    }
}

extension LabelOverlap {
    /// Assigns true and predicted objects to each other, each at most once.
    ///
    /// A pair counts if its IoU is at least `threshold`. The number of such pairs is the largest
    /// possible; of several assignments with as many pairs, the one with the largest sum of all IoUs
    /// is taken, to which pairs below the threshold contribute, too.
    ///
    /// - Parameter threshold: Above 0 and at most 1. Above 0.5 no two pairs share an object, so
    ///   that the assignment is unique.
    /// - Source: `matching` in elf, `evaluation/matching.py`: the cost of a pair is
    ///   `-[IoU >= threshold] - IoU / (2 min(predictions, truths))`.
    public func matching(at threshold: Double) -> Matching {
        var matches = pairs.filter { $0.intersectionOverUnion >= threshold }
        if threshold <= 0.5, !matches.isEmpty {
            let count = Double(2 * min(truthLabels.count, predictionLabels.count))
            var assignment = SparseAssignment()
            for (index, pair) in pairs.enumerated() {
                let bonus = pair.intersectionOverUnion >= threshold ? 1.0 : 0
                assignment.addPair(
                    index,
                    row: pair.truth,
                    column: pair.prediction,
                    cost: -bonus - pair.intersectionOverUnion / count
                )
            }
            matches = assignment.cheapest().sorted().map { pairs[$0] }
                .filter { $0.intersectionOverUnion >= threshold }
        }
        return Matching(
            threshold: threshold,
            matches: matches,
            falsePositives: predictionLabels.count - matches.count,
            falseNegatives: truthLabels.count - matches.count
        )
    }
}
