import Foundation
public import ImageFormats
import Jobs
public import Judging
import Prompting

/// The evaluation of a model by the images that a command names.
public struct JudgedFolder: Sendable {
    private let images: [AnnotatedImage]
    private let settings: JudgeSettings
    private let session: EvaluationSession

    private let output: String?
    private let replaces: Bool
    private let predictions: String?
    private let isQuiet: Bool

    /// Name of the data set in tables.
    private static let name = "images"

    /// Describes the work; nothing happens yet.
    ///
    /// - Parameters:
    ///   - images: The images.
    ///   - settings: What is measured, and how.
    ///   - session: The model.
    ///   - output: The folder for tables and plots; nil to write none.
    ///   - replaces: Whether measurements in the folder are replaced.
    ///   - predictions: The folder for segmentations; nil to keep none.
    ///   - isQuiet: Whether no progress is shown.
    public init(
        images: [AnnotatedImage],
        settings: JudgeSettings,
        session: EvaluationSession,
        output: String?,
        replaces: Bool,
        predictions: String?,
        isQuiet: Bool
    ) {
        self.images = images
        self.settings = settings
        self.session = session
        self.output = output
        self.replaces = replaces
        self.predictions = predictions
        self.isQuiet = isQuiet
    }

    /// Measures all images and writes the tables.
    public func run() async throws -> JudgementSummary {
        let progress = JudgingProgress(session.console, isQuiet: isQuiet)
        progress.begin(Self.name, images)
        let keepsScores = output != nil
        return try await judging(on: session.device, session.console, keepsScores: keepsScores) {
            stop in
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
            let file = folder.appending(path: "\(image.name).tif")
            try labels.writeTIFF(to: file)
            try ResultRecord.note([file.path])
        }
    }
}
