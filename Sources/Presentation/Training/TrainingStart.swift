import Files
import Foundation
import ModelZoo
import Prompting
import Segmentation
public import Terminal
public import Torch
public import Training

/// What a command asks for, as a training that can begin.
public struct TrainingStart: Sendable {
    private let folder: TrainingFolder
    private let request: TrainingRequest
    private let device: Device
    private let console: Console
    private let isQuiet: Bool

    /// Whether the plan is also printed of a run that goes on.
    public var showsPlan = false

    /// Describes a training; nothing happens yet.
    public init(
        _ request: TrainingRequest,
        in folder: TrainingFolder,
        on device: Device,
        _ console: Console,
        isQuiet: Bool
    ) {
        self.request = request
        self.folder = folder
        self.device = device
        self.console = console
        self.isQuiet = isQuiet
    }

    /// Prepares a new run, or the continuation of the same run in the folder.
    ///
    /// - Parameters:
    ///   - model: The name or file of the model to start from; nil for that of the recipe.
    ///   - decoder: A checkpoint with a decoder, if the model has none.
    ///   - replacingOther: Whether another run in the folder is replaced.
    /// - Throws: The first error that would prevent training.
    public func prepared(
        model: String?,
        decoder: String?,
        replacingOther: Bool
    ) async throws -> TrainingRun {
        // A model is only fetched if the folder can be used.
        if !replacingOther { _ = try folder.record(recipe: request.recipeFile) }
        let name = model ?? request.recipe.model ?? EmbeddedModel.name
        let files = try await ModelFetcher(console: console).files(of: name, decoder: decoder)
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
    public func resumed(_ limits: TrainingChoices.Limits) async throws -> TrainingRun {
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
