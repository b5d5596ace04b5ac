public import Evaluation
import Foundation
public import Segmentation

/// What was measured of a data set: means over its images.
public struct JudgementSummary: Encodable, Sendable {
    /// Scores of prompted masks in one round.
    public struct Round: Encodable, Sendable {
        /// Mean over all objects of all images of the IoU of mask and truth.
        public var meanOverlap: Double

        /// Means over the images of the scores of all masks painted into one label image.
        public var segmentation: SegmentationScore?
    }

    /// Scores of prompted masks.
    public struct Prompted: Encodable, Sendable {
        /// The first prompt, or the setting.
        public var start: String

        /// Number of prompted objects.
        public var objects: Int

        /// One entry for each round.
        public var rounds: [Round]

        /// The first prompt or setting as part of a file's name.
        public var fileName: String { start.replacing("/", with: "_") }
    }

    /// Name of the data set.
    public let name: String

    /// Number of images.
    public let images: Int

    /// Number of true objects.
    public let objects: Int

    /// Means of the scores of automatic segmentation over the images.
    public let automatic: SegmentationScore?

    /// Mean over the images of the mean average precision over 0.5:0.9.
    public let meanAveragePrecision: Double?

    /// The same from the counts of all images together, as StarDist's `matching_dataset` does.
    public let pooledAveragePrecision: Double?

    /// Panoptic quality at 0.5 from the counts of all images together.
    public let panopticQuality: Double?

    /// The thresholds of the curve of accuracies.
    public let thresholds: [Double]

    /// Mean over the images of the accuracy at each threshold.
    public let accuracies: [Double]

    /// Scores of prompted masks.
    public let prompted: [Prompted]

    /// Wall time.
    public let seconds: Double

    /// Computes the means.
    public init(_ name: String, _ judgements: [ImageJudgement]) {
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
    public func firstOverlap(_ start: IterativePromptingOptions.Start) -> Double? {
        prompted.first { $0.start == start.rawValue }?.rounds.first?.meanOverlap
    }
}

extension JudgementSummary {
    /// The columns of the table of data sets.
    public static let header = [
        "data set", "images", "objects", "mAP", "mAP pooled", "mSA", "SA50", "SA75", "precision",
        "recall", "F1", "PQ", "box IoU", "point IoU", "seconds",
    ]

    /// Its row; `-` for what was not measured.
    public var row: [String] {
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
