import Evaluation
import Foundation
import Jobs
import Segmentation

/// Judges a model by one data set, image by image, and keeps what was measured.
struct SetRunner {
    let console: Console
    let isQuiet: Bool

    /// Measures all pairs, or takes what was measured before.
    func run(
        _ name: String,
        _ pairs: [ImagePairs.Pair],
        _ judge: () throws -> ModelJudge,
        _ store: JudgementStore?
    ) throws -> [ImageJudgement] {
        var progress = ProgressLine(console, isQuiet: isQuiet)
        defer { progress.clear() }
        var loaded: ModelJudge?
        var results: [ImageJudgement] = []
        let start = ContinuousClock().now
        var measured = 0
        for (index, pair) in pairs.enumerated() {
            if let known = store?.judgement(of: pair.name) {
                results.append(known)
                continue
            }
            let elapsed = start.duration(to: ContinuousClock().now).seconds
            let left = elapsed / Double(max(measured, 1)) * Double(pairs.count - index)
            let outlook = measured > 0 ? ", about \(Wording.duration(left.rounded())) left" : ""
            progress.show("\(name): [\(index + 1)/\(pairs.count)] \(pair.name)\(outlook)")
            let current = try loaded ?? judge()
            loaded = current
            let result = try current.judge(pair)
            try store?.save(result)
            results.append(result)
            measured += 1
            progress.clear()
            let seconds = Wording.duration(result.seconds)
            progress.note("\(name): [\(index + 1)/\(pairs.count)] \(pair.name), \(seconds)")
        }
        return results
    }
}
