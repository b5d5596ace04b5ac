import Checkpoints
import Files
import Foundation
import ImageFormats
import Imaging
import Prompting
import Torch

/// Writes the report of a run.
struct TrainingReporter {
    let record: TrainingRecord
    let folder: TrainingFolder
    let device: Device

    /// The report's file.
    var url: URL { folder.url.appending(path: TrainingFolder.reportName) }

    /// Writes the report, with pictures if there are models to compare.
    ///
    /// - Parameters:
    ///   - pictures: Number of validation images that are shown.
    ///   - work: Told of each picture before it is drawn, counted from 1; cancelling ends the pictures,
    ///     not the report.
    /// - Returns: Why there are no pictures, if something went wrong with them, and whether the work was
    ///   cancelled before all were drawn.
    func write(
        _ summary: TrainingSummary,
        before: SAMCheckpoint,
        pictures count: Int,
        for model: String,
        _ work: Work
    ) throws -> (problem: TrainingWarning?, isCancelled: Bool) {
        var report = TrainingReport(
            title: "Training of \(URL(filePath: record.model).lastPathComponent)",
            facts: facts(summary),
            history: try TrainingLog.history(in: folder.url),
            warnings: record.warnings.map(\.description)
        )
        var problem: TrainingWarning?
        var isCancelled = summary.ending == .interrupted
        if count > 0, let model = summary.model, summary.ending != .interrupted {
            do {
                let after = try SAMCheckpoint(contentsOf: URL(filePath: model))
                let pairs = record.files.pictured(count)
                report.pictures = try ValidationPictures(pairs, on: device)
                    .pictures(before: before, after: after, work)
                report.pictureNote = ValidationPictures.note(after)
            } catch is CancellationError {
                // Whoever cancels wants the end now, and has the model.
                isCancelled = true
            } catch {
                problem = .noPictures(reason: "\(error)")
            }
        }
        if !isCancelled { report.completeFor = model }
        try report.write(to: url)
        return (problem, isCancelled)
    }

    private func facts(_ summary: TrainingSummary) -> [TrainingReport.Fact] {
        let training = record.training
        var facts = [
            TrainingReport.Fact("Start model", record.model),
            .init("Outcome", summary.outcome),
            .init("Device", "\(device), \(Wording.count(Engine.threadCount, "thread"))"),
            .init("Training data", Self.names(record.files.training)),
            .init("Validation data", Self.names(record.files.validation)),
            .init("Parts", training.parts.rawValue),
        ]
        if let adapter = training.adapter {
            facts.append(.init("Adapter", "\(adapter.kind.rawValue), rank \(adapter.rank)"))
        }
        if !training.frozen.isEmpty {
            facts.append(.init("Frozen", training.frozen.joined(separator: ", ")))
        }
        let steps = [
            Wording.count(training.batchSize, "image"),
            Wording.count(training.objectsPerImage, "object"),
            Wording.count(training.subIterations, "prediction"),
        ]
        let reasons = record.reasons.map(\.description)
        facts += [
            .init("Per iteration", steps.joined(separator: ", ")),
            .init("Side of the networks' input", "\(training.frameSide) pixels"),
            .init("Learning rate", "\(training.optimizer.learningRate)"),
            .init("Precision", training.precision.rawValue),
            .init("Seed", "\(training.seed)"),
            .init("Chosen", reasons.joined(separator: " ")),
            .init("Program", "usam \(record.version), libtorch \(Engine.version)"),
        ]
        return facts
    }

    private static func names(_ parts: [TrainingFiles.Part]) -> String {
        let pairs = parts.flatMap(\.pairs)
        var texts: [String] = []
        if !pairs.isEmpty {
            let shown = pairs.prefix(8).map { URL(filePath: $0.image).lastPathComponent }
            let rest = pairs.count > 8 ? " and \(pairs.count - 8) more" : ""
            let part = pairs.count == 1 ? Self.place(pairs[0]) : ""
            texts.append("\(pairs.count): \(shown.joined(separator: ", "))\(rest)\(part)")
        }
        if parts.contains(where: { $0.simulated != nil }) { texts.append("simulated nuclei") }
        return texts.isEmpty ? "none" : texts.joined(separator: "; ")
    }

    /// Which part of the only image it is.
    private static func place(_ pair: AnnotatedImage) -> String {
        if let planes = pair.planes {
            return ", planes \(planes.lowerBound) to \(planes.upperBound - 1)"
        }
        guard let region = pair.region else { return "" }
        return ", \(region.size) pixels from (\(region.x), \(region.y))"
    }
}
