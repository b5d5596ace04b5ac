import Evaluation
import Foundation
import Jobs
import Segmentation

/// What was measured of a data set: means over its images.
struct JudgementSummary: Encodable {
    /// Scores of prompted masks in one round.
    struct Round: Encodable {
        /// Mean over all objects of all images of the IoU of mask and truth.
        var meanOverlap: Double

        /// Means over the images of the scores of all masks painted into one label image.
        var segmentation: SegmentationScore?
    }

    /// Scores of prompted masks.
    struct Prompted: Encodable {
        /// The first prompt, or the setting.
        var start: String

        /// Number of prompted objects.
        var objects: Int

        /// One entry for each round.
        var rounds: [Round]

        /// The first prompt or setting as part of a file's name.
        var fileName: String { start.replacingOccurrences(of: "/", with: "_") }
    }

    /// Name of the data set.
    let name: String

    /// Number of images.
    let images: Int

    /// Number of true objects.
    let objects: Int

    /// Means of the scores of automatic segmentation over the images.
    let automatic: SegmentationScore?

    /// Mean over the images of the mean average precision over 0.5:0.9.
    let meanAveragePrecision: Double?

    /// The same from the counts of all images together, as StarDist's `matching_dataset` does.
    let pooledAveragePrecision: Double?

    /// Panoptic quality at 0.5 from the counts of all images together.
    let panopticQuality: Double?

    /// The thresholds of the curve of accuracies.
    let thresholds: [Double]

    /// Mean over the images of the accuracy at each threshold.
    let accuracies: [Double]

    /// Scores of prompted masks.
    let prompted: [Prompted]

    /// Wall time.
    let seconds: Double

    init(_ name: String, _ judgements: [ImageJudgement]) {
        self.name = name
        images = judgements.count
        let scores = judgements.compactMap(\.automatic)
        automatic = SegmentationScore(meanOf: scores.map(\.segmentation))
        meanAveragePrecision = Self.mean(scores.map(\.curve.meanAveragePrecision))
        var pooled = scores.first?.curve
        for score in scores.dropFirst() { pooled?.add(score.curve) }
        pooledAveragePrecision = pooled?.meanAveragePrecision
        panopticQuality = pooled?.counts.first?.panopticQuality
        thresholds = pooled?.counts.map(\.threshold) ?? []
        accuracies = thresholds.indices.map { index in
            Self.mean(scores.map { $0.curve.counts[index].accuracy }) ?? 0
        }
        let starts = judgements.first?.prompted.map(\.start) ?? []
        prompted = starts.compactMap { Self.prompted($0, judgements) }
        objects =
            scores.isEmpty
            ? prompted.first?.objects ?? 0 : scores.reduce(0) { $0 + $1.truthCount }
        seconds = judgements.reduce(0) { $0 + $1.seconds }.roundedForJSON
    }

    private static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    private static func prompted(
        _ start: String,
        _ judgements: [ImageJudgement]
    ) -> Prompted? {
        let scores = judgements.flatMap(\.prompted).filter { $0.start == start && $0.objects > 0 }
        guard let count = scores.map(\.rounds.count).max(), count > 0 else { return nil }
        let objects = scores.reduce(0) { $0 + $1.objects }
        let rounds = (0..<count).map { index in
            let sum = scores.reduce(0.0) {
                $0 + $1.rounds[index].meanOverlap * Double($1.objects)
            }
            let painted = scores.compactMap { $0.rounds[index].segmentation }
            return Round(
                meanOverlap: sum / Double(max(objects, 1)),
                segmentation: painted.count == scores.count
                    ? SegmentationScore(meanOf: painted) : nil
            )
        }
        return Prompted(start: start, objects: objects, rounds: rounds)
    }

    /// Mean IoU of prompted masks in the first round.
    func firstOverlap(_ start: IterativePromptingOptions.Start) -> Double? {
        prompted.first { $0.start == start.rawValue }?.rounds.first?.meanOverlap
    }
}

extension JudgementSummary {
    /// The columns of the table of data sets.
    static let header = [
        "data set", "images", "objects", "mAP", "mAP pooled", "mSA", "SA50", "SA75", "precision",
        "recall", "F1", "PQ", "box IoU", "point IoU", "seconds",
    ]

    /// Its row; `-` for what was not measured.
    var row: [String] {
        func text(_ value: Double?) -> String { value.map { String(format: "%.3f", $0) } ?? "-" }
        return [name, "\(images)", "\(objects)"]
            + [
                meanAveragePrecision, pooledAveragePrecision, automatic?.meanAccuracy,
                automatic?.accuracy50, automatic?.accuracy75, automatic?.precision,
                automatic?.recall, automatic?.f1, panopticQuality, firstOverlap(.box),
                firstOverlap(.point),
            ].map(text) + [String(format: "%.1f", seconds)]
    }
}
