import Files
import Foundation
import ModelZoo
import Presentation
import Prompting
import Segmentation
import Terminal
import Torch
import Training

/// What a command asks for, as a training that can begin.
struct TrainingStart: Sendable {
    let folder: TrainingFolder
    let request: TrainingRequest
    let device: Device
    let console: Console
    let isQuiet: Bool

    /// Whether the plan is also printed of a run that goes on.
    var showsPlan = false

    /// Prepares a new run, or the continuation of the same run in the folder.
    ///
    /// - Throws: The first error that would prevent training.
    func prepared(model: TrainingStartOptions, replacingOther: Bool) async throws -> TrainingRun {
        // A model is only fetched if the folder can be used.
        if !replacingOther { _ = try folder.record(recipe: request.recipeFile) }
        let name = model.model ?? request.recipe.model ?? EmbeddedModel.name
        let files = try await ModelFetcher(console: console).files(of: name, decoder: model.decoder)
        let progress = SharedLine(console, isQuiet: isQuiet)
        defer { progress.clear() }
        let work = Work { event in
            if case .advanced(let count, _) = event {
                progress.show("checking the data: \(Wording.count(count, "image"))")
            }
        }
        let (request, folder, device) = (request, folder, device)
        let run = try await InferenceEngine.shared(on: device).run(.automatic, work) { work in
            try TrainingRun.prepare(
                request,
                from: files,
                in: folder,
                replacingOther: replacingOther,
                on: device,
                work
            )
        }
        progress.clear()
        if !isQuiet { say(run) }
        return run
    }

    /// Goes on with the run in the folder.
    func resumed(_ limits: TrainingChoices.Limits) async throws -> TrainingRun {
        guard let record = try folder.record() else {
            throw TrainingRunError.nothingToResume(folder: folder.path)
        }
        let files = try await ModelFetcher(console: console)
            .files(of: record.model, decoder: record.decoder)
        let run = try TrainingRun.resume(in: folder, limits: limits, from: files, on: device)
        if !isQuiet { say(run) }
        return run
    }

    private func say(_ run: TrainingRun) {
        if run.isContinued {
            console.printError("Continuing the run in \(run.folder.path).")
            guard showsPlan else { return }
        }
        for warning in run.record.warnings { console.printError("usam: \(warning.words)") }
        run.dataSummary.forEach { console.printError($0) }
        run.record.reasons.forEach { console.printError($0.words) }
    }
}
