import Evaluation
import Files
import Foundation

/// Scores of one predicted label image, and the tables of many.
struct LabelsScore {
    let name: String
    let score: ImageScore
    let dicePerLabel: Double
    let objects: [ObjectScore]

    /// Counts at the thresholds that were asked for.
    let curve: AccuracyCurve

    init(_ name: String, _ overlap: LabelOverlap, thresholds: [Double]) {
        self.name = name
        score = ImageScore(overlap)
        dicePerLabel = overlap.dicePerLabel
        objects = overlap.objectScores()
        curve = AccuracyCurve(overlap, at: thresholds)
    }

    /// The columns of the table of images.
    private func values(hasOwnThresholds: Bool) -> [NamedValue] {
        guard hasOwnThresholds else {
            return score.values + [NamedValue(name: "Dice per label", value: dicePerLabel)]
        }
        let mean = NamedValue(name: "mSA", value: curve.meanAccuracy)
        let each = curve.counts.map { NamedValue(name: "SA\($0.threshold)", value: $0.accuracy) }
        let rest = score.segmentation.namedValues.filter {
            ["Precision", "Recall", "F1 Score"].contains($0.name)
        }
        return [mean] + each + rest
    }

    /// One row for each image.
    static func table(_ scores: [LabelsScore], hasOwnThresholds: Bool) -> CSVTable {
        CSVTable(
            scores.map { ($0.name, $0.values(hasOwnThresholds: hasOwnThresholds)) }
        )
    }

    /// One row for each true object.
    static func objectTable(_ scores: [LabelsScore]) -> CSVTable {
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

    /// Means over the images, as people read them.
    static func meanTable(_ scores: [LabelsScore], hasOwnThresholds: Bool) -> TextTable {
        let rows = scores.map { $0.values(hasOwnThresholds: hasOwnThresholds) }
        let names = rows.first?.map(\.name) ?? []
        let means = means(rows)
        return TextTable(
            header: ["images"] + names,
            rows: [["\(scores.count)"] + means.map { .init(format: "%.4f", $0) }]
        )
    }

    private static func means(_ rows: [[NamedValue]]) -> [Double] {
        (rows.first ?? []).indices.map { column in
            rows.reduce(0) { $0 + $1[column].value } / Double(max(rows.count, 1))
        }
    }

    /// Mean over the images of the accuracy at each threshold.
    static func meanAccuracies(_ scores: [LabelsScore]) -> [Double] {
        let curves = scores.map { $0.curve.counts.map(\.accuracy) }
        return (curves.first ?? []).indices.map { index in
            curves.reduce(0) { $0 + $1[index] } / Double(max(curves.count, 1))
        }
    }
}

extension LabelsScore {
    /// The scores as JSON.
    struct Report: Encodable {
        /// One image.
        struct Image: Encodable {
            let name: String
            let scores: [String: Double]
        }

        /// Means over the images.
        let mean: [String: Double]

        /// Every image.
        let images: [Image]

        /// The thresholds that were asked for.
        let thresholds: [Double]

        /// Mean over the images of the accuracy at each threshold.
        let accuracies: [Double]

        init(_ scores: [LabelsScore]) {
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
