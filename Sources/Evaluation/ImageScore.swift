/// All measures of one image or volume.
public struct ImageScore: Hashable, Codable, Sendable {
    /// What micro-sam reports.
    public let segmentation: SegmentationScore

    /// Counts at the thresholds of mSA.
    public let curve: AccuracyCurve

    /// Dice score of all objects against the background.
    public let dice: Double

    /// Mean over the true objects of the best IoU with any predicted object.
    public let meanBestOverlap: Double

    /// Number of true objects.
    public let truthCount: Int

    /// Number of predicted objects.
    public let predictionCount: Int

    /// Scores a prediction whose overlaps with the truth are known.
    public init(_ overlap: LabelOverlap) {
        segmentation = SegmentationScore(overlap)
        curve = AccuracyCurve(overlap)
        dice = overlap.dice
        meanBestOverlap = overlap.meanBestOverlap
        truthCount = overlap.truthLabels.count
        predictionCount = overlap.predictionLabels.count
    }
}

/// A measure with the name of its column.
public struct NamedValue: Hashable, Codable, Sendable {
    /// Name of the column.
    public let name: String

    /// The value.
    public let value: Double

    /// Names a value.
    public init(name: String, value: Double) { (self.name, self.value) = (name, value) }
}

extension ImageScore {
    /// The measures by name, first those of micro-sam's tables, in the order of the columns.
    ///
    /// `mAP` is the mean average precision over 0.5:0.9 (StarDist); `SQ`, `RQ` and `PQ` are the parts of
    /// the panoptic quality at 0.5; `Best IoU` is the mean best overlap of true objects.
    public var values: [NamedValue] {
        let half = curve.counts[0]
        return segmentation.namedValues + [
            NamedValue(name: "mAP", value: curve.meanAveragePrecision),
            NamedValue(name: "SQ", value: half.segmentationQuality),
            NamedValue(name: "RQ", value: half.recognitionQuality),
            NamedValue(name: "PQ", value: half.panopticQuality),
            NamedValue(name: "Best IoU", value: meanBestOverlap),
            NamedValue(name: "Dice", value: dice),
            NamedValue(name: "True objects", value: Double(truthCount)),
            NamedValue(name: "Predicted objects", value: Double(predictionCount)),
        ]
    }
}
