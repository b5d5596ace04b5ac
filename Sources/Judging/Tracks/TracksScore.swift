public import Evaluation
public import Files
import ImageFormats
import Imaging
public import Prompting

/// The scores of one tracking result, and the tables made of them.
public struct TracksScore: Sendable {
    /// The result, as the user named it.
    public let result: String

    /// The truth, as the user named it.
    public let truth: String

    /// All measures.
    public let score: TrackScore

    /// Compares two movies frame by frame.
    ///
    /// - Parameters:
    ///   - tolerance: Divisions are counted for all tolerances up to this many frames.
    ///   - work: Told of every frame; cancelling it ends the comparison.
    /// - Throws: ``JudgingError/labelsDiffer(prediction:labels:reason:)`` if the movies do not fit; what the readers throw;
    ///   `CancellationError`.
    public init(
        comparing result: TrackedLabels,
        with truth: TrackedLabels,
        tolerance: Int = 3,
        _ work: Work = Work()
    ) throws {
        (result.notes + truth.notes).forEach(work.note)
        func misfit(_ reason: String) -> JudgingError {
            .labelsDiffer(prediction: result.path, labels: truth.path, reason: reason)
        }
        guard result.frameCount == truth.frameCount else {
            throw misfit("it has \(result.frameCount) frames, and not \(truth.frameCount)")
        }
        var comparison = TrackComparison(truth: truth.records, result: result.records)
        let segmentation = Dictionary(
            truth.segmentation.map { ($0.frame, $0.file) },
            uniquingKeysWith: { first, _ in first }
        )
        for frame in 0..<truth.frameCount {
            try work.advance(frame, of: truth.frameCount)
            let labels = try result.labels(frame: frame)
            func overlap(_ trueLabels: [LabelImage]) throws -> LabelOverlap {
                do throws(ImagingError) {
                    return try LabelOverlap(truth: trueLabels, prediction: labels)
                } catch {
                    throw misfit("frame \(frame): \(error)")
                }
            }
            comparison.add(try overlap(try truth.labels(frame: frame)))
            if let file = segmentation[frame] {
                comparison.addSegmentation(try overlap([try LabelFile(opening: file).read()]))
            }
        }
        (self.result, self.truth) = (result.path, truth.path)
        score = comparison.score(tolerance: tolerance)
    }
}

extension TracksScore {
    /// The measures by name, one row for each; empty where there is no value.
    ///
    /// - Parameter names: Those that are wanted, in this order; nil for all.
    public func table(of names: [String]? = nil) -> CSVTable {
        CSVTable(
            header: ["measure", "value"],
            rows: chosen(names ?? score.values.map(\.name)).map {
                [$0.name, $0.value.map { ParameterValue.number($0).description } ?? ""]
            }
        )
    }

    /// Some of the measures; capitals in the names do not matter.
    public func chosen(_ names: [String]) -> [TrackValue] {
        names.compactMap { name in
            score.values.first { $0.name.lowercased() == name.lowercased() }
        }
    }

    /// The scores as JSON.
    public struct Report: Encodable, Sendable {
        /// The result.
        public let result: String
        /// The truth.
        public let truth: String
        /// Whether the result keeps to the rules of the format.
        public let isValid: Bool
        /// What is wrong with the result.
        public let issues: [String]
        /// What is wrong with the truth.
        public let truthIssues: [String]
        /// Measures by the names that papers and py-ctcmetrics use; null where there is no value.
        public let scores: [String: Double?]
    }

    /// The scores as JSON.
    ///
    /// - Parameter names: The measures that are wanted; nil for all.
    public func report(of names: [String]? = nil) -> Report {
        Report(
            result: result,
            truth: truth,
            isValid: score.resultIssues.isEmpty,
            issues: score.resultIssues.map(\.description),
            truthIssues: score.truthIssues.map(\.description),
            scores: Dictionary(
                chosen(names ?? score.values.map(\.name)).map { ($0.name, $0.value) },
                uniquingKeysWith: { first, _ in first }
            )
        )
    }
}
