import AnnotationServer
import Files
import Foundation
import Prompting
import Terminal
import Torch
import Training

/// Trains models for the annotator by this program in a process of its own, which gives all memory back at its
/// end.
struct AnnotatorTrainer: ModelTrainer {
    let models: AnnotatorModels

    /// Of so many images one is kept out, to say what the models are worth.
    private static let keptOutOf = 5

    /// With fewer images none is kept out.
    private static let enoughImages = 3

    func train(
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
        let split = Split(data, keptOutOf: Self.keptOutOf, enough: Self.enoughImages)
        do {
            let start = models.argument(model)
            let child = ChildProgram(arguments(split, start, data.epochs, place))
            try await child.run(work) {
                report(Self.state(of: place, epochs: data.epochs))
            }
            var note = TrainedModels.Note(model: model, images: data.count)
            if !split.keptOut.isEmpty {
                let last = Self.state(of: place, epochs: data.epochs)
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
                say("Measuring the model before")
                note.before = try await score(start, split, work)
                say("Measuring the new model")
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

    /// The pairs that are learned from, and those that are kept out.
    private struct Split {
        var learned: [String] = []
        var keptOut: [String] = []
        let data: TrainingData

        init(_ data: TrainingData, keptOutOf share: Int, enough: Int) {
            self.data = data
            for number in 1...max(data.count, 1) {
                if data.count >= enough, number % share == min(share, data.count) - 1 {
                    keptOut.append("\(number).tif")
                } else {
                    learned.append("\(number).tif")
                }
            }
        }

        func images(_ names: [String]) -> [String] { names.map { FileName.join(data.images, $0) } }
        func labels(_ names: [String]) -> [String] { names.map { FileName.join(data.labels, $0) } }
    }

    private func arguments(
        _ split: Split,
        _ model: String,
        _ epochs: Int?,
        _ place: String
    ) -> [String] {
        var arguments = ["train", "--images"] + split.images(split.learned)
        arguments += ["--labels"] + split.labels(split.learned)
        if !split.keptOut.isEmpty {
            arguments += ["--val-images"] + split.images(split.keptOut)
            arguments += ["--val-labels"] + split.labels(split.keptOut)
        }
        if let epochs { arguments += ["--epochs", "\(epochs)"] }
        arguments += ["--model", model, "--device", models.device.description]
        return arguments + ["--pictures", "0", "--quiet", "--output", place]
    }

    /// The accuracy at an overlap of 0.5 on the images that were kept out; nil if it can not be measured.
    private func score(_ model: String, _ split: Split, _ work: Work) async throws -> Double? {
        struct Summary: Decodable {
            struct Automatic: Decodable { let accuracy50: Double? }
            let automatic: Automatic?
        }
        let child = ChildProgram(
            ["evaluate", "automatic"] + split.images(split.keptOut)
                + ["--labels"] + split.labels(split.keptOut)
                + ["--model", model, "--device", models.device.description, "--json", "--quiet"]
        )
        do {
            let output = try await child.run(work) {}
            return try JSONText.decode(Summary.self, from: output).automatic?.accuracy50
        } catch let error as ChildProgram.Failure {
            models.console.printError("usam: the model can not be measured: \(error)")
            return nil
        }
    }

    private static func state(of place: String, epochs: Int?) -> TrainingState {
        let history = try? TrainingLog.history(in: URL(filePath: place))
        guard let history, let last = history.iterations.last else {
            return TrainingState(done: 0, total: 0, words: "Looking at the images", curves: [])
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
        let total = (epochs ?? 0) * last.iterationsPerEpoch
        let end = total > 0 ? " of \(total)" : ""
        return TrainingState(
            done: last.iteration + 1,
            total: total,
            words: "Iteration \(last.iteration + 1)\(end)",
            curves: curves
        )
    }
}
