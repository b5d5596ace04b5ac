import Files
import Foundation
import Terminal
public import Training

extension TrainingSummary {
    /// How a run goes on that could do so.
    public var continuation: String? {
        switch ending {
        case .completed, .stoppedEarly:
            remaining.isEmpty ? nil : "usam train --resume -o \(folder.quotedForShell)"
        case .outOfTime where !remaining.isEmpty:
            "usam train --resume -o \(folder.quotedForShell)"
        case .outOfTime: "usam train --resume -o \(folder.quotedForShell) --minutes MORE"
        case .interrupted: "usam train --resume -o \(folder.quotedForShell)"
        }
    }

    /// What is where, and the commands that use it.
    public var lines: [String] {
        var lines = [outcome]
        var files: [[String]] = []
        if let model {
            files.append([model, isBest ? "the best model" : "the latest model"])
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
        if let continuation { lines += ["Continue:", "  \(continuation)"] }
        return lines
    }
}
