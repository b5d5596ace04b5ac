/// Numbers of right, wrong and missing objects at one threshold, which can be added up over images.
public struct DetectionCounts: Hashable, Codable, Sendable {
    /// The IoU from which on two objects count as the same.
    public let threshold: Double

    /// Number of assigned pairs.
    public var truePositives: Int

    /// Number of predicted objects without a true one.
    public var falsePositives: Int

    /// Number of true objects without a predicted one.
    public var falseNegatives: Int

    /// Sum of the IoUs of the assigned pairs.
    public var overlapSum: Double

    /// Counts the pairs of a matching.
    public init(_ matching: Matching) {
        threshold = matching.threshold
        truePositives = matching.truePositives
        falsePositives = matching.falsePositives
        falseNegatives = matching.falseNegatives
        overlapSum = matching.matches.reduce(0) { $0 + $1.intersectionOverUnion }
    }

    /// Segmentation accuracy, TP / (TP + FP + FN), which StarDist calls average precision; 0
    /// without any match.
    public var accuracy: Double { ratio(truePositives + falsePositives + falseNegatives) }

    /// TP / (TP + FP); 0 without any match.
    public var precision: Double { ratio(truePositives + falsePositives) }

    /// TP / (TP + FN); 0 without any match.
    public var recall: Double { ratio(truePositives + falseNegatives) }

    /// Harmonic mean of precision and recall; 0 without any match.
    public var f1: Double { recognitionQuality }

    /// Segmentation quality (SQ): mean IoU of the assigned pairs; 0 without any match.
    public var segmentationQuality: Double {
        truePositives == 0 ? 0 : overlapSum / Double(truePositives)
    }

    /// Recognition quality (RQ): TP / (TP + FP / 2 + FN / 2); 0 without any match.
    public var recognitionQuality: Double {
        truePositives == 0
            ? 0
            : 2 * Double(truePositives)
                / Double(2 * truePositives + falsePositives + falseNegatives)
    }

    /// Panoptic quality (PQ): segmentation quality times recognition quality.
    ///
    /// - Source: A. Kirillov et al., "Panoptic segmentation", 2019; usual at a threshold of 0.5.
    public var panopticQuality: Double { segmentationQuality * recognitionQuality }

    private func ratio(_ total: Int) -> Double {
        truePositives == 0 ? 0 : Double(truePositives) / Double(total)
    }

    /// Adds the objects of another image.
    ///
    /// Both must have the same threshold.
    public mutating func add(_ other: DetectionCounts) {
        precondition(threshold == other.threshold, "counts at different thresholds")
        truePositives += other.truePositives
        falsePositives += other.falsePositives
        falseNegatives += other.falseNegatives
        overlapSum += other.overlapSum
    }
}

/// Right, wrong and missing objects at several thresholds: the curve that papers show.
public struct AccuracyCurve: Hashable, Codable, Sendable {
    /// The counts, one for each threshold, in the order in which these were given.
    public private(set) var counts: [DetectionCounts]

    /// Matches objects at all thresholds; by default at those of mSA.
    public init(_ overlap: LabelOverlap, at thresholds: [Double] = SegmentationScore.thresholds) {
        counts = thresholds.map { DetectionCounts(overlap.matching(at: $0)) }
    }

    /// Mean segmentation accuracy over all thresholds; 0 if there are none.
    public var meanAccuracy: Double { meanAccuracy(upTo: .infinity) }

    /// Mean average precision as StarDist's papers report it: the mean of TP / (TP + FP + FN) over the
    /// thresholds up to 0.9, of mSA's ten thresholds thus the first nine.
    public var meanAveragePrecision: Double { meanAccuracy(upTo: 0.9 + 1e-9) }

    private func meanAccuracy(upTo limit: Double) -> Double {
        let values = counts.filter { $0.threshold <= limit }.map(\.accuracy)
        return values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    /// Adds the objects of another image.
    ///
    /// Both must have the same thresholds.
    public mutating func add(_ other: AccuracyCurve) {
        precondition(counts.count == other.counts.count, "curves at different thresholds")
        for index in counts.indices { counts[index].add(other.counts[index]) }
    }
}
