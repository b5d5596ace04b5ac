import Files
import Foundation
import Plots

/// Lines about the course of a training, for people.
public struct TrainingNarrator: Sendable {
    private let options: TrainingOptions
    private let clock: TrainingClock
    private var pace = Pace()
    private var losses = Losses()
    private var metrics: [Double]

    /// Creates a narrator.
    ///
    /// - Parameter history: What earlier parts of the run have logged.
    public init(
        _ options: TrainingOptions,
        clock: TrainingClock,
        history: TrainingLog.History = TrainingLog.History()
    ) {
        self.options = options
        self.clock = clock
        metrics = history.validations.map(\.metric)
    }

    /// The line after an iteration: place, losses, rate and remaining time.
    public mutating func line(after report: IterationReport) -> String {
        pace.add(report)
        losses.add(report)
        let total = options.iterations ?? options.epochs * report.iterationsPerEpoch
        // With a limit of time the number of iterations is not known.
        let count =
            options.iterations == nil && clock.secondsLeft != nil ? "" : " of \(total)"
        var parts = ["epoch \(report.epoch + 1), iteration \(report.iteration + 1)\(count)"]
        parts += Self.losses(report.loss, report.decoderLoss)
        if let last = metrics.last {
            let bars = Sparkline.text(metrics.suffix(16))
            parts.append("validation \(Self.number(last))" + (bars.isEmpty ? "" : " " + bars))
        }
        parts.append(pace.text)
        let left = pace.seconds(for: total - report.iteration - 1, report.iterationsPerEpoch)
        let seconds = min(left, clock.secondsLeft ?? .infinity).rounded(.up)
        if seconds > 0 { parts.append("about \(Wording.duration(seconds)) left") }
        return parts.joined(separator: ", ")
    }

    /// The line after a validation: losses of the epoch, and the metric.
    public mutating func line(after report: ValidationReport) -> String {
        pace.validationSeconds = report.seconds
        metrics.append(report.metric)
        let losses = Self.losses(losses.prompts.mean, losses.decoder.mean).joined(separator: ", ")
        self.losses = Losses()
        let training = losses.isEmpty ? "" : " \(losses);"
        return "epoch \(report.epoch + 1):\(training) validation \(Self.number(report.metric))"
            + (report.isBest ? ", the best so far" : "")
    }

    private static func losses(_ prompts: Double?, _ decoder: Double?) -> [String] {
        [prompts.map { "loss \(number($0))" }, decoder.map { "decoder \(number($0))" }]
            .compactMap { $0 }
    }

    private static func number(_ value: Double) -> String { String(format: "%.3f", value) }

    // MARK: - Averages

    /// How long iterations and validations take.
    private struct Pace {
        var validationSeconds = 0.0
        private var mean: Double?

        mutating func add(_ report: IterationReport) {
            // The last dozen count most, so that the outlook follows a change of speed.
            mean = mean.map { $0 + (report.seconds - $0) / 12 } ?? report.seconds
        }

        var text: String { Wording.duration(mean ?? 0) + "/iteration" }

        func seconds(for iterations: Int, _ perEpoch: Int) -> Double {
            let count = Double(max(iterations, 0))
            return count * (mean ?? 0) + (count / Double(max(perEpoch, 1))) * validationSeconds
        }
    }

    /// Means over an epoch.
    private struct Losses {
        struct Mean {
            private var sum = 0.0
            private var count = 0

            mutating func add(_ value: Double?) {
                guard let value else { return }
                sum += value
                count += 1
            }

            var mean: Double? { count > 0 ? sum / Double(count) : nil }
        }

        var prompts = Mean()
        var decoder = Mean()

        mutating func add(_ report: IterationReport) {
            prompts.add(report.loss)
            decoder.add(report.decoderLoss)
        }
    }
}

extension TrainingBeginning {
    /// What begins, such as `Training 12.3 million of 14.1 million values on cpu`.
    public func text(on device: String) -> String {
        "Training \(Self.count(trainedValueCount)) of \(Self.count(valueCount)) values on \(device)"
            + (isContinued ? ", from iteration \(iteration) on" : "")
    }

    private static func count(_ number: Int) -> String {
        if number >= 1_000_000 { return String(format: "%.1f million", Double(number) / 1e6) }
        return number >= 10_000 ? "\(number / 1000) thousand" : "\(number)"
    }
}
