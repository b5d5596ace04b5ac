import Foundation

/// How a training ended.
package struct TrainingSummary: Encodable, Equatable {
    /// Why it ended.
    package enum Ending: String, Encodable {
        /// All epochs or iterations are done.
        case completed
        /// No improvement for too long.
        case stoppedEarly
        /// The minutes are used up.
        case outOfTime
        /// The user stopped it.
        case interrupted
    }

    /// The folder of the run.
    package var folder: String
    /// Why it ended.
    package var ending: Ending
    /// The trained model, or nil before the first checkpoint.
    package var model: String?
    /// Whether the model is the one with the best metric, not just the last one.
    package var isBest: Bool
    /// Parameters of automatic segmentation that were written into the model, by micro-sam's names.
    package var parameters: [String: Double]?
    /// The report, if it was written.
    package var report: String?
    /// Iterations in all.
    package var iterations: Int
    /// Iterations of this part of the run.
    package var newIterations: Int
    /// Seconds of training in all.
    package var seconds: Double
    /// The metric after the first epoch; lower is better.
    package var firstMetric: Double?
    /// The best metric.
    package var bestMetric: Double?
    /// The epoch of the best metric, from 1.
    package var bestEpoch: Int?
    /// What looked odd.
    package var warnings: [String]

    /// What was reached, a sentence or two.
    package var outcome: String {
        let iterations = Wording.count(iterations, "iteration")
        let time = Wording.duration(seconds.rounded())
        let reason =
            switch ending {
            case .completed: "all that was asked for"
            case .stoppedEarly: "there was no improvement any more"
            case .outOfTime: "the time is used up"
            case .interrupted: "stopped"
            }
        let start = newIterations == 0 ? "Nothing left to do" : "Done"
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
        return text
    }

    /// How a run goes on that could do so.
    package var continuation: String? {
        switch ending {
        case .completed, .stoppedEarly: nil
        case .outOfTime: "usam train --resume -o \(folder.quotedForShell) --minutes MORE"
        case .interrupted: "usam train --resume -o \(folder.quotedForShell)"
        }
    }

    /// What is where, and the commands that use it.
    package var lines: [String] {
        var lines = [outcome]
        var files: [[String]] = []
        if let model {
            files.append([model, isBest ? "the best model" : "the model as it is now"])
        }
        if let report { files.append([report, "curves and pictures, for a browser"]) }
        if !files.isEmpty { lines.append(TextTable(rows: files).text) }
        if let model = model?.quotedForShell {
            lines += [
                "Use it:",
                "  usam segment IMAGES -o RESULTS --model \(model)",
                "  usam evaluate automatic IMAGES --labels LABELS --model \(model)",
                "  usam export \(model) -o model.pt",
            ]
        }
        if let continuation { lines += ["Go on:", "  \(continuation)"] }
        return lines
    }
}

extension String {
    /// The text as one word of a shell command.
    package var quotedForShell: String {
        let isPlain = allSatisfy { $0.isLetter || $0.isNumber || "/._-+=:,@%".contains($0) }
        guard !isPlain || isEmpty else { return self }
        return "'" + replacingOccurrences(of: "'", with: "'\\''") + "'"
    }
}
