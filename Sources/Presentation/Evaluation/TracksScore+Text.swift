import Evaluation
public import Files
import Foundation
public import Judging
import Prompting
public import Terminal
import Torch

extension TracksScore {
    /// Compares a result with the truth; Ctrl-C ends it.
    ///
    /// - Parameter progress: Shows how many frames are done.
    /// - Throws: ``StoppedBySignal`` after Ctrl-C; what comparing throws.
    public static func judging(
        _ result: TrackedLabels,
        _ truth: TrackedLabels,
        tolerance: Int,
        _ progress: SharedLine,
        _ console: Console
    ) async throws -> TracksScore {
        defer { progress.clear() }
        return try await Presentation.judging(on: .cpu, console, keepsScores: false) { work in
            try TracksScore(
                comparing: result,
                with: truth,
                tolerance: tolerance,
                work.part(telling: { event in
                    guard case .advanced(let frame, let count) = event else { return }
                    progress.show("frame \(frame + 1) of \(count)")
                })
            )
        }
    }

    /// Measures for people: name, value and what it means; `-` where there is no value.
    ///
    /// - Parameter names: Those that are wanted; nil for those by which results are compared.
    public func text(of names: [String]?) -> TextTable {
        let values = names.map(chosen) ?? score.measures
        return TextTable(
            header: ["measure", "value", "meaning"],
            rows: values.map { value in
                [value.name, Self.number(value.value), Self.meanings[Self.kind(value.name)] ?? ""]
            }
        )
    }

    private static func number(_ value: Double?) -> String {
        guard let value else { return "-" }
        return Int(exactly: value).flatMap { abs($0) > 1 ? "\($0)" : nil }
            ?? String(format: "%.4f", value)
    }

    /// What is said of rules that a result or a truth breaks, at most so many sentences each.
    public func remarks(limit: Int = 5) -> [String] {
        [(result, score.resultIssues), (truth, score.truthIssues)].flatMap { file, issues in
            issues.prefix(limit).map { "\(file): \($0)" }
                + (issues.count > limit
                    ? ["\(file): and \(issues.count - limit) more like this"] : [])
        }
    }

    /// The name without a number in brackets.
    private static func kind(_ name: String) -> String {
        String(name.prefix { $0 != "(" })
    }

    private static let meanings = [
        "DET": "objects found, by what their correction costs",
        "SEG": "mean IoU of true objects with their match",
        "TRA": "objects and links, by what their correction costs",
        "LNK": "links alone, by what their correction costs",
        "CT": "tracks that are complete",
        "TF": "longest part of a true track without a break",
        "CCA": "lengths of cell cycles",
        "BC": "divisions found, with so many frames of tolerance",
        "Division F1": "divisions found in their frame",
        "MOTA": "objects, identities and double matches",
        "HOTA": "objects and how much of their tracks agrees",
        "CHOTA": "the same with ancestors and descendants",
        "IDF1": "objects with the best identity",
    ]
}
