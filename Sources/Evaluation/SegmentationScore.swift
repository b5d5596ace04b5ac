public import Imaging

/// How well predicted objects agree with true ones: the measures that micro-sam reports.
public struct SegmentationScore: Hashable, Codable, Sendable {
    /// The thresholds of ``meanAccuracy``: 0.5, 0.55, …, 0.95, with the rounding errors of
    /// `numpy.arange(0.5, 1, 0.05)`, which decide in exact ties.
    public static let thresholds: [Double] = {
        let step = (0.5 + 0.05) - 0.5
        return (0..<10).map { 0.5 + Double($0) * step }
    }()

    /// Segmentation accuracy, averaged over ``thresholds`` (mSA).
    public var meanAccuracy: Double

    /// Segmentation accuracy at an IoU of 0.5 (SA50).
    public var accuracy50: Double

    /// Segmentation accuracy at an IoU of 0.75 (SA75).
    public var accuracy75: Double

    /// Precision at an IoU of 0.5.
    public var precision: Double

    /// Recall at an IoU of 0.5.
    public var recall: Double

    /// Harmonic mean of precision and recall at an IoU of 0.5.
    public var f1: Double

    /// Scores a prediction.
    ///
    /// An image without true and predicted objects scores 0, as in micro-sam.
    ///
    /// - Throws: `ImagingError.sizeMismatch` if the sizes differ.
    public init(truth: LabelImage, prediction: LabelImage) throws(ImagingError) {
        try self.init(LabelOverlap(truth: truth, prediction: prediction))
    }

    /// Scores a prediction whose overlaps with the truth are known.
    public init(_ overlap: LabelOverlap) {
        let matchings = Self.thresholds.map { overlap.matching(at: $0) }
        meanAccuracy = matchings.reduce(0) { $0 + $1.accuracy } / Double(matchings.count)
        accuracy50 = matchings[0].accuracy
        accuracy75 = matchings[5].accuracy
        precision = matchings[0].precision
        recall = matchings[0].recall
        f1 = matchings[0].f1
    }

    /// The unweighted mean of the scores of several images, `nil` if there are none.
    public init?(meanOf scores: [SegmentationScore]) {
        guard var mean = scores.first else { return nil }
        for value in Self.values {
            mean[keyPath: value.path] =
                scores.reduce(0) { $0 + $1[keyPath: value.path] } / Double(scores.count)
        }
        self = mean
    }

    private static var values: [(name: String, path: WritableKeyPath<SegmentationScore, Double>)] {
        [
            ("mSA", \.meanAccuracy), ("SA50", \.accuracy50), ("SA75", \.accuracy75),
            ("Precision", \.precision), ("Recall", \.recall), ("F1 Score", \.f1),
        ]
    }
}

extension SegmentationScore {
    /// The names of the columns of the reference's tables, separated by commas.
    public static var csvHeader: String { values.map(\.name).joined(separator: ",") }

    /// The values in the order of ``csvHeader``, separated by commas.
    public var csvRow: String {
        Self.values.map { "\(self[keyPath: $0.path])" }.joined(separator: ",")
    }

    /// The measures by name, in the order of ``csvHeader``.
    public var namedValues: [NamedValue] {
        Self.values.map { NamedValue(name: $0.name, value: self[keyPath: $0.path]) }
    }

    /// Takes values that are in the order of ``csvHeader``; nil if one is missing.
    init?(csvValues values: [Double?]) {
        let numbers = values.compactMap { $0 }
        guard numbers.count == 6 else { return nil }
        (meanAccuracy, accuracy50, accuracy75) = (numbers[0], numbers[1], numbers[2])
        (precision, recall, f1) = (numbers[3], numbers[4], numbers[5])
    }
}
