import Foundation
import ImageFormats
import Judging
import Presentation
import Prompting

/// The evaluation of a model by the images that a command names.
struct JudgedFolder: Sendable {
    let images: [AnnotatedImage]
    let settings: JudgeSettings
    let session: EvaluationSession

    /// The folder for tables and plots; nil to write none.
    let output: String?

    /// Whether measurements in the folder are replaced.
    let replaces: Bool

    /// The folder for segmentations; nil to keep none.
    let predictions: String?

    let isQuiet: Bool

    /// Name of the data set in tables.
    private static let name = "images"

    /// Measures all images and writes the tables.
    func run() async throws -> JudgementSummary {
        let progress = JudgingProgress(session.console, isQuiet: isQuiet)
        progress.begin(Self.name, images)
        return try await judging(on: session.device, session.console) { stop in
            let set = JudgedSet(Self.name, images, store: try store())
            let work = stop.part(telling: progress.receive)
            let judgements = try set.judgements(by: judge, work, finished: progress.finish)
            let summary = JudgementSummary(Self.name, judgements)
            try output.map { try EvaluationFiles($0).write(judgements, summary) }
            return summary
        }
    }

    private func store() throws -> JudgementStore? {
        try output.map { output in
            try JudgementStore(
                output + "/images",
                .init(
                    model: session.fingerprint,
                    settings: settings,
                    reading: images.first?.reading ?? .init()
                ),
                // Measurements that are taken over would write no segmentations.
                replaces: replaces || predictions != nil
            )
        }
    }

    private func judge() throws -> ModelJudge {
        ModelJudge(try session.model(), settings) { labels, image, part in
            guard let predictions else { return }
            let folder = URL(filePath: part.isEmpty ? predictions : predictions + "/" + part)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try labels.writeTIFF(to: folder.appending(path: "\(image.name).tif"))
        }
    }
}
