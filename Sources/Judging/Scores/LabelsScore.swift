public import Evaluation
public import Files

/// Scores of one predicted label image, and the tables of many.
public struct LabelsScore: Sendable {
    /// Name of the image.
    public let name: String

    /// All scores.
    public let score: ImageScore

    /// How well each true object was found.
    public let objects: [ObjectScore]

    /// Counts at the thresholds that were asked for.
    public let curve: AccuracyCurve

    /// Compares labels, see `LabelOverlap`.
    public init(_ name: String, _ overlap: LabelOverlap, thresholds: [Double]) {
        self.name = name
        score = ImageScore(overlap)
        objects = overlap.objectScores()
        curve = AccuracyCurve(overlap, at: thresholds)
    }

    /// The columns of the table of images.
    private func values(hasOwnThresholds: Bool) -> [NamedValue] {
        guard hasOwnThresholds else { return score.values }
        let mean = NamedValue(name: "mSA", value: curve.meanAccuracy)
        let each = curve.counts.map { NamedValue(name: "SA\($0.threshold)", value: $0.accuracy) }
        let rest = score.segmentation.namedValues.filter {
            ["Precision", "Recall", "F1 Score"].contains($0.name)
        }
        return [mean] + each + rest
    }

    /// One row for each image.
    public static func table(_ scores: [LabelsScore], hasOwnThresholds: Bool) -> CSVTable {
        CSVTable(
            scores.map { ($0.name, $0.values(hasOwnThresholds: hasOwnThresholds)) }
        )
    }

    /// One row for each true object.
    public static func objectTable(_ scores: [LabelsScore]) -> CSVTable {
        CSVTable(
            header: [
                "image", "label", "pixels", "best prediction", "best IoU", "match", "match IoU",
            ],
            rows: scores.flatMap { score in
                score.objects.map { object in
                    [
                        score.name, "\(object.label)", "\(object.pixels)",
                        object.bestPrediction.map { "\($0)" } ?? "", "\(object.bestOverlap)",
                        object.match.map { "\($0)" } ?? "", "\(object.matchOverlap)",
                    ]
                }
            }
        )
    }

    /// One row for each image and threshold: how many objects were found, missed, and found without being there.
    public static func countTable(_ scores: [LabelsScore]) -> CSVTable {
        CSVTable(
            header: [
                "image", "threshold", "true objects", "predicted objects", "matched", "missed",
                "extra", "mean IoU", "F1",
            ],
            rows: scores.flatMap { score in
                score.curve.counts.map { counts in
                    [
                        score.name, "\((1000 * counts.threshold).rounded() / 1000)",
                        "\(counts.truePositives + counts.falseNegatives)",
                        "\(counts.truePositives + counts.falsePositives)",
                        "\(counts.truePositives)", "\(counts.falseNegatives)",
                        "\(counts.falsePositives)", "\(counts.segmentationQuality)",
                        "\(counts.f1)",
                    ]
                }
            }
        )
    }

    /// The names of the columns of the table of images, and the means over the images.
    public static func means(
        _ scores: [LabelsScore],
        hasOwnThresholds: Bool
    ) -> [NamedValue] {
        let rows = scores.map { $0.values(hasOwnThresholds: hasOwnThresholds) }
        return zip(rows.first ?? [], means(rows)).map { NamedValue(name: $0.name, value: $1) }
    }

    private static func means(_ rows: [[NamedValue]]) -> [Double] {
        (rows.first ?? []).indices.map { column in
            rows.reduce(0) { $0 + $1[column].value } / Double(max(rows.count, 1))
        }
    }

    /// Mean over the images of the accuracy at each threshold.
    public static func meanAccuracies(_ scores: [LabelsScore]) -> [Double] {
        let curves = scores.map { $0.curve.counts.map(\.accuracy) }
        return (curves.first ?? []).indices.map { index in
            curves.reduce(0) { $0 + $1[index] } / Double(max(curves.count, 1))
        }
    }
}

extension LabelsScore {
    /// The scores as JSON.
    public struct Report: Encodable, Sendable {
        /// One image.
        public struct Image: Encodable, Sendable {
            /// Its name.
            public let name: String
            /// Scores by name.
            public let scores: [String: Double]
        }

        /// Means over the images.
        public let mean: [String: Double]

        /// Every image.
        public let images: [Image]

        /// The thresholds that were asked for.
        public let thresholds: [Double]

        /// Mean over the images of the accuracy at each threshold.
        public let accuracies: [Double]

        /// Collects the scores.
        public init(_ scores: [LabelsScore]) {
            let rows = scores.map { $0.values(hasOwnThresholds: false) }
            let means = LabelsScore.means(rows)
            mean = Self.named(rows.first.map { zip($0, means).map { ($0.name, $1) } } ?? [])
            images = zip(scores, rows).map { score, values in
                Image(name: score.name, scores: Self.named(values.map { ($0.name, $0.value) }))
            }
            thresholds = scores.first?.curve.counts.map(\.threshold) ?? []
            accuracies = LabelsScore.meanAccuracies(scores)
        }

        private static func named(_ values: [(String, Double)]) -> [String: Double] {
            Dictionary(
                values.map { ($0.0.lowercased().replacing(" ", with: "_"), $0.1) },
                uniquingKeysWith: { first, _ in first }
            )
        }
    }
}
