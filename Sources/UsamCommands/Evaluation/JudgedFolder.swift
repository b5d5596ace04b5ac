import Foundation
import ImageFormats
import Imaging
import Jobs
import Segmentation

/// The evaluation of a model by the images that a command names.
struct JudgedFolder {
    let pairs: ImagePairs
    let settings: JudgeSettings
    let session: EvaluationSession
    let options: EvaluationRunOptions

    /// The folder for segmentations; nil to keep none.
    let predictions: String?

    /// Name of the data set in tables.
    var name = "images"

    /// Measures all images and writes the tables.
    func run() throws -> JudgementSummary {
        let store = try options.output.map { output in
            try JudgementStore(
                output + "/images",
                .init(model: session.fingerprint, settings: settings),
                replaces: options.force || predictions != nil
            )
        }
        let runner = SetRunner(console: session.console, isQuiet: options.quiet)
        let judgements = try runner.run(name, pairs.limited(to: options.limit), judge, store)
        let summary = JudgementSummary(name, judgements)
        if let output = options.output {
            try EvaluationFiles(output).write(judgements, summary)
        }
        return summary
    }

    private func judge() throws -> ModelJudge {
        var judge = ModelJudge(predictor: try session.predictor(), settings: settings)
        judge.enlargement = session.source.enlargement
        guard let predictions else { return judge }
        judge.keep = { labels, pair, part in
            let folder = URL(filePath: part.isEmpty ? predictions : predictions + "/" + part)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try labels.writeTIFF(to: folder.appending(path: "\(pair.name).tif"))
        }
        return judge
    }
}
