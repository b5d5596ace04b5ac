import Files
import Foundation

/// How a training ended.
public struct TrainingSummary: Encodable, Equatable, Sendable {
    /// Why it ended.
    public enum Ending: String, Encodable, Sendable {
        /// All epochs or iterations are done.
        case completed
        /// No improvement for too long.
        case stoppedEarly
        /// The minutes are used up.
        case outOfTime
        /// The work was cancelled.
        case interrupted
    }

    /// What follows the training and was not done, because the work was cancelled.
    public enum Remaining: String, Encodable, Sendable {
        /// The search for the parameters that suit the model.
        case parameters
        /// The pictures of the report.
        case pictures
    }

    /// The folder of the run.
    public var folder: String
    /// Why it ended.
    public var ending: Ending
    /// The trained model, or nil before the first checkpoint.
    public var model: String?
    /// Whether the model is the one with the best metric, not just the last one.
    public var isBest: Bool
    /// Parameters of automatic segmentation that were written into the model, by micro-sam's names.
    public var parameters: [String: Double]?
    /// The report, if it was written.
    public var report: String?
    /// Iterations in all.
    public var iterations: Int
    /// Iterations of this part of the run.
    public var newIterations: Int
    /// Seconds of training in all.
    public var seconds: Double
    /// The metric after the first epoch; lower is better.
    public var firstMetric: Double?
    /// The best metric.
    public var bestMetric: Double?
    /// The epoch of the best metric, from 1.
    public var bestEpoch: Int?
    /// What looked odd, before and during the run.
    public var warnings: [TrainingWarning]
    /// What is still to be done, which a further run makes up for.
    public var remaining: [Remaining] = []
    /// Whether this part of the run did something that an earlier one had left, without an iteration.
    var finishedMore = false

    private enum CodingKeys: String, CodingKey {
        case folder, ending, model, isBest, parameters, report, iterations, newIterations, seconds
        case firstMetric, bestMetric, bestEpoch, warnings, remaining
    }

    /// What was reached, a sentence or two.
    public var outcome: String {
        let iterations = Wording.count(iterations, "iteration")
        let time = Wording.duration(seconds.rounded())
        let reason =
            switch ending {
            case .completed: "the requested length is reached"
            case .stoppedEarly: "there was no further improvement"
            case .outOfTime: "the time is used up"
            case .interrupted: start == "Stopped" ? "the state is saved" : "stopped"
            }
        var text = "\(start): \(iterations) in \(time) of training; \(reason)."
        if let bestMetric, let bestEpoch {
            text += String(
                format: " Best validation metric %.3f, in epoch %d",
                bestMetric,
                bestEpoch
            )
            if let firstMetric, bestEpoch > 1 {
                text += String(format: ", after %.3f in the first", firstMetric)
            }
            text += "."
        }
        let left = remaining.map {
            switch $0 {
            case .parameters: "the parameter search"
            case .pictures: "the pictures of the report"
            }
        }
        if !left.isEmpty { text += " Still to come: \(Wording.list(left))." }
        return text
    }

    /// Whether anything was done, and whether anything is left.
    private var start: String {
        if newIterations > 0 || finishedMore { return "Done" }
        if !remaining.isEmpty { return "Stopped" }
        return switch ending {
        case .completed, .stoppedEarly: "Nothing left to do"
        case .outOfTime: "No time left"
        case .interrupted: "Stopped"
        }
    }
}
