import Checkpoints
import Foundation
import Jobs
import ImageFormats
import ModelZoo
import Torch
import Training

/// Everything that happens before the first iteration: finding and checking data and model, planning.
struct TrainingPreparation {
    let folder: RunFolder
    let data: TrainingDataOptions
    let preset: TrainingPreset
    let choices: TrainingChoices
    let limits: TrainingChoices.Limits
    let device: Device
    let console: Console
    let isQuiet: Bool

    /// What a run needs.
    struct Result {
        let record: TrainingRecord
        let checkpoint: SAMCheckpoint
    }

    /// Prepares a new run, or the continuation of the one in the folder.
    ///
    /// - Parameter isTrial: Whether the folder is left as it is.
    /// - Throws: The first error that would prevent training.
    func prepared(
        model: TrainingStartOptions,
        resumes: Bool,
        replaces: Bool,
        isTrial: Bool
    ) async throws -> Result {
        let old = replaces ? nil : try folder.record(recipe: data.recipe)
        if resumes {
            guard let old else {
                throw CommandFailure("\(folder.path): there is no run to go on with")
            }
            return try await continued(old, isTrial: isTrial)
        }
        let recipe = try data.recipe(sampling)
        let name = model.model ?? recipe.model ?? EmbeddedModel.name
        let files = try await files(name, model.decoder)
        let (input, request) = try lookedAt(recipe, files)
        if let old {
            let changes = try old.request.changes(in: request)
            guard changes.isEmpty else {
                throw CommandFailure(
                    "\(folder.path): the folder holds another training "
                        + "(\(changes.joined(separator: "; "))); name another folder, or begin anew "
                        + "with --force"
                )
            }
            return try await continued(old, isTrial: isTrial)
        }
        let checkpoint = try SAMCheckpoint(contentsOf: files.model, decoder: files.decoder)
        var record = try planned(recipe, input, request, files, checkpoint)
        record.warnings = input.warnings + checkpoint.warnings + Self.warnings(record)
        if !isQuiet { say(record, input) }
        if !isTrial {
            if replaces { try folder.clear() }
            _ = try folder.record(recipe: data.recipe)
            try record.write(in: folder.path)
        }
        return Result(record: record, checkpoint: checkpoint)
    }

    /// What of the sampling is known before the plan is made.
    private var sampling: SamplingOptions {
        var sampling = SamplingOptions()
        sampling.minimumSize = choices.minimumSize ?? sampling.minimumSize
        sampling.intensities = choices.intensities ?? sampling.intensities
        return sampling
    }

    // MARK: - Model

    private func files(_ name: String, _ decoder: String?) async throws -> ModelFiles {
        try await ModelFetcher(console: console).files(of: name, decoder: decoder)
    }

    private static func hashes(_ files: ModelFiles) throws -> (model: String, decoder: String?) {
        let decoder = try files.decoder.map {
            try FileDigest(of: $0, algorithm: .xxh128).description
        }
        return (try files.signature(), decoder)
    }

    // MARK: - Data

    private func lookedAt(
        _ recipe: TrainingRecipe,
        _ files: ModelFiles
    ) throws -> (TrainingInput, TrainingRequest) {
        var progress = ProgressLine(console, isQuiet: isQuiet)
        defer { progress.clear() }
        let input = try TrainingInput(recipe, acceptsClasses: data.connectedComponents) { count in
            progress.show("looking at the data: \(Wording.count(count, "image"))")
        }
        let hashes = try Self.hashes(files)
        var request = TrainingRequest(
            modelHash: hashes.model,
            decoderHash: hashes.decoder,
            preset: preset,
            choices: choices
        )
        let training = input.training.flatMap(\.pairs)
        let validation = input.validation.flatMap(\.pairs)
        request.images = training.map { RunManifest.whole($0.image) }
        request.labels = training.map { RunManifest.whole($0.labels) }
        request.validationImages = validation.map { RunManifest.whole($0.image) }
        request.validationLabels = validation.map { RunManifest.whole($0.labels) }
        request.recipe = try data.recipe.map { try String(contentsOfFile: $0, encoding: .utf8) }
        return (input, request)
    }

    // MARK: - Plan

    private func planned(
        _ recipe: TrainingRecipe,
        _ input: TrainingInput,
        _ request: TrainingRequest,
        _ files: ModelFiles,
        _ checkpoint: SAMCheckpoint
    ) throws -> TrainingRecord {
        let subject = TrainingSubject(checkpoint)
        let resources = try MachineResources.current(on: device)
        let name = FileStatus(of: files.name) == nil ? files.name : RunManifest.whole(files.name)
        var record = TrainingRecord(
            model: name,
            decoder: files.decoder.map { RunManifest.whole($0.path) },
            request: request,
            training: recipe.training,
            files: TrainingFiles(training: [], validation: [])
        )
        if data.recipe == nil, let found = input.data {
            var decided = choices
            decided.limits = limits
            let plan = try TrainingPlan(
                decided,
                preset: preset,
                data: found,
                subject: subject,
                machine: resources
            )
            record.training = plan.training
            record.minutes = limits.minutes
            record.reasons = plan.reasons
            record.files = try input.files(
                validationFraction: plan.validationFraction,
                samplesPerEpoch: nil,
                sampling: { _ in plan.sampling },
                seed: choices.seed
            )
        } else {
            if choices.seed != 0 { record.training.seed = choices.seed }
            record.take(limits)
            try TrainingPlan.check(record.training, subject: subject, machine: resources)
            record.reasons = ["All options are those of the recipe."]
            let training = record.training
            record.files = try input.files(
                validationFraction: recipe.validationFraction,
                samplesPerEpoch: recipe.samplesPerEpoch,
                sampling: { $0.suited(to: training.parts) },
                seed: training.seed
            )
        }
        let memory = TrainingMemory(record.training, subject).total
        record.reasons.append("About \(Wording.byteCount(memory)) of memory will be used.")
        record.files = record.files.rooted
        return record
    }

    /// Options of a recipe that are possible but hardly meant.
    private static func warnings(_ record: TrainingRecord) -> [String] {
        let side = record.training.frameSide
        let isResized = record.files.training.contains { part in
            part.sampling.framing == .frame && part.sampling.cropSide != side
        }
        guard isResized else { return [] }
        return [
            "'frameSide' in 'training' is \(side), but 'cropSide' in 'sampling' differs: crops are "
                + "resized a second time, so objects have another size than when images are segmented"
        ]
    }

    private func say(_ record: TrainingRecord, _ input: TrainingInput) {
        for warning in record.warnings { console.printError("usam: \(warning)") }
        let pairs = { (parts: [TrainingFiles.Part]) in parts.map(\.pairs.count).reduce(0, +) }
        let counts = (pairs(record.files.training), pairs(record.files.validation))
        console.printError("Data: \(input.summary)")
        if input.validation.isEmpty, counts.1 > 0 {
            let shared = record.files.training.flatMap(\.pairs).first?.image
            let isDivided = counts == (1, 1) && shared == record.files.validation[0].pairs[0].image
            console.printError(
                isDivided
                    ? "Validation: a part of the image."
                    : "Validation: \(Wording.count(counts.1, "image")), training: \(counts.0)."
            )
        }
        record.reasons.forEach { console.printError($0) }
    }

    // MARK: - Going on

    private func continued(_ old: TrainingRecord, isTrial: Bool) async throws -> Result {
        var record = old
        record.take(limits)
        let (length, oldLength) = (record.training, old.training)
        guard
            length.optimizer.cooldownIterations == 0
                || (length.iterations, length.epochs) == (oldLength.iterations, oldLength.epochs)
        else {
            throw CommandFailure(
                "the step size of the run in \(folder.path) falls to zero at its end, so its length can not "
                    + "change; go on without --iterations and --epochs, or begin another training with "
                    + "--model \(folder.path)/\(Trainer.latestFileName)"
            )
        }
        let files = try await files(record.model, record.decoder)
        let hashes = try Self.hashes(files)
        guard hashes.model == record.request.modelHash,
            hashes.decoder == record.request.decoderHash
        else {
            throw CommandFailure(
                "the model '\(record.model)' is not that of the run in \(folder.path) any more; bring "
                    + "the old file back to go on, or begin anew with --force"
            )
        }
        for pair in (record.files.training + record.files.validation).flatMap(\.pairs) {
            for file in [pair.image, pair.labels] {
                guard FileStatus(of: ContentDigest.container(of: file)) != nil else {
                    throw CommandFailure("\(file): the run needs this file, which is not there")
                }
            }
        }
        if record != old, !isTrial { try record.write(in: folder.path) }
        if !isQuiet { console.printError("Going on with the run in \(folder.path).") }
        return Result(
            record: record,
            checkpoint: try SAMCheckpoint(contentsOf: files.model, decoder: files.decoder)
        )
    }
}

extension SamplingOptions {
    /// The same with what the trained parts need.
    fileprivate func suited(to parts: TrainingOptions.Parts) -> SamplingOptions {
        var sampling = self
        sampling.hasTargets = parts != .promptable
        sampling.allowsEmptyPatches = sampling.allowsEmptyPatches || parts == .decoder
        return sampling
    }
}
