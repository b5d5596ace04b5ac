import Foundation
import Jobs
package import Training

/// Shows the course of a training: a line that is rewritten on a terminal, plain lines elsewhere.
package struct TrainingPresenter {
    private let console: Console
    private let isQuiet: Bool
    private let options: TrainingOptions
    private let clock: TrainingClock
    private var progress: ProgressLine

    private var pace = Pace()
    private var losses = Losses()
    private var metrics: [Double]
    private var lastNote: Double

    /// Seconds between plain lines within an epoch.
    private static let noteInterval = 30.0

    /// Creates a presenter.
    ///
    /// - Parameter history: What earlier parts of the run have logged.
    package init(
        _ options: TrainingOptions,
        clock: TrainingClock,
        history: TrainingLog.History = TrainingLog.History(),
        console: Console,
        isQuiet: Bool = false
    ) {
        self.console = console
        self.isQuiet = isQuiet
        self.options = options
        self.clock = clock
        progress = ProgressLine(console, isQuiet: isQuiet)
        metrics = history.validations.map(\.metric)
        lastNote = clock.seconds
    }

    /// Shows an event.
    package mutating func handle(_ event: TrainingEvent) {
        switch event {
        case .iteration(let report):
            pace.add(report)
            losses.add(report)
            let line = line(report)
            progress.show(line)
            if clock.seconds - lastNote >= Self.noteInterval {
                progress.note(line)
                lastNote = clock.seconds
            }
        case .validation(let report):
            pace.validationSeconds = report.seconds
            metrics.append(report.metric)
            say(summary(report))
            losses = Losses()
            lastNote = clock.seconds
        case .checkpoint, .finished:
            break
        }
    }

    /// Shows what is going on outside of the iterations.
    package mutating func show(_ activity: String) { progress.show(activity) }

    /// Prints a line that stays.
    package mutating func say(_ text: String) {
        progress.clear()
        if !isQuiet { console.printError(text) }
    }

    /// Removes the line.
    package mutating func clear() { progress.clear() }

    // MARK: - Words

    private func line(_ report: IterationReport) -> String {
        let total = total(report)
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

    private func summary(_ report: ValidationReport) -> String {
        let losses = Self.losses(losses.prompts.mean, losses.decoder.mean).joined(separator: ", ")
        let training = losses.isEmpty ? "" : " \(losses);"
        return "epoch \(report.epoch + 1):\(training) validation \(Self.number(report.metric))"
            + (report.isBest ? ", the best so far" : "")
    }

    private func total(_ report: IterationReport) -> Int {
        options.iterations ?? options.epochs * report.iterationsPerEpoch
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

/// A row of bars of one character each.
package enum Sparkline {
    private static let bars = Array("▁▂▃▄▅▆▇█")

    /// Bars from the least to the greatest of the values; none for a single value.
    package static func text(_ values: some Sequence<Double>) -> String {
        let values = values.filter(\.isFinite)
        guard values.count > 1, let low = values.min(), let high = values.max(), high > low else {
            return ""
        }
        return String(
            values.map { bars[Int((($0 - low) / (high - low) * Double(bars.count - 1)).rounded())] }
        )
    }
}
