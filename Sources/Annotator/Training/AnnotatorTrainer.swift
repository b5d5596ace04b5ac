public import AnnotationServer
import Files
import Foundation
public import Prompting
import Training

/// Trains models for the annotator by this program in a process of its own, which gives all memory back at its
/// end.
public struct AnnotatorTrainer: ModelTrainer {
    private let models: AnnotatorModels
    private let program: TrainingProgram

    /// Trains by a program.
    public init(_ models: AnnotatorModels, by program: TrainingProgram) {
        self.models = models
        self.program = program
    }

    /// Trains a model on what was annotated, and measures it on images that are kept out.
    public func train(
        on data: TrainingData,
        from model: String,
        _ work: Work,
        report: @escaping @Sendable (TrainingState) -> Void
    ) async throws -> TrainedModel {
        let name = models.trained.newName()
        let place = models.trained.place(of: name)
        try FileManager.default.createDirectory(
            atPath: models.trained.folder,
            withIntermediateDirectories: true
        )
        let split = TrainingSplit(data)
        do {
            let start = models.argument(model)
            let training = program.train(split, start, data.length, place)
            try await program.process(training).run(work) {
                report(Self.state(of: place, data.length))
            }
            var note = TrainedModels.Note(model: model, images: data.count)
            if !split.keptOut.isEmpty {
                let last = Self.state(of: place, data.length)
                func say(_ words: String) {
                    report(
                        TrainingState(
                            done: last.done,
                            total: last.total,
                            words: words,
                            curves: last.curves
                        )
                    )
                }
                say("Scoring the current model")
                note.before = try await score(start, split, work)
                say("Scoring the new model")
                note.after = try await score(
                    FileName.join(place, "best.safetensors"),
                    split,
                    work
                )
            }
            try models.trained.write(note, of: name)
            return TrainedModel(name: name, before: note.before, after: note.after)
        } catch {
            try? FileManager.default.removeItem(atPath: place)
            throw error
        }
    }

    /// The accuracy at an overlap of 0.5 on the images that were kept out; nil if it cannot be measured.
    private func score(_ model: String, _ split: TrainingSplit, _ work: Work) async throws
        -> Double?
    {
        struct Summary: Decodable {
            struct Automatic: Decodable { let accuracy50: Double? }
            let automatic: Automatic?
        }
        do {
            let output = try await program.process(program.evaluate(split, model)).run(work) {}
            return try JSONText.decode(Summary.self, from: output).automatic?.accuracy50
        } catch let error as AnnotatorError {
            program.notice("the model cannot be scored: \(error)")
            return nil
        }
    }

    private static func state(of place: String, _ length: TrainingLength?) -> TrainingState {
        let history = try? TrainingLog.history(in: URL(filePath: place))
        guard let history, let last = history.iterations.last else {
            return TrainingState(done: 0, total: 0, words: "Checking the images", curves: [])
        }
        let scores = Dictionary(
            history.validations.map { ($0.iteration, 1 - $0.metric) },
            uniquingKeysWith: { $1 }
        )
        let curves = history.iterations.map { report in
            CurvePoint(
                step: report.iteration,
                loss: report.loss ?? report.decoderLoss ?? 0,
                score: scores[report.iteration + 1]
            )
        }
        let total =
            switch length {
            case .epochs(let epochs): epochs * last.iterationsPerEpoch
            case .iterations(let iterations): iterations
            case nil: 0
            }
        let end = total > 0 ? " of \(total)" : ""
        return TrainingState(
            done: last.iteration + 1,
            total: total,
            words: "Iteration \(last.iteration + 1)\(end)",
            curves: CurvePoint.thinned(curves, to: 300)
        )
    }
}
