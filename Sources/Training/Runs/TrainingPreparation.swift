import Checkpoints
import Files
import FoundationEssentials
import ImageFormats
import ModelZoo
import Prompting
import Segmentation
import Torch

/// Everything that happens before the first iteration: checking data and model, planning.
struct TrainingPreparation {
    private let request: TrainingRequest
    private let model: ModelFiles
    private let folder: TrainingFolder
    private let device: Device

    init(
        _ request: TrainingRequest,
        model: ModelFiles,
        folder: TrainingFolder,
        _ device: Device
    ) {
        (self.request, self.model) = (request, model)
        (self.folder, self.device) = (folder, device)
    }

    /// What a run needs.
    struct Result {
        let record: TrainingRecord
        /// The record that the folder has already, of the same run.
        var known: TrainingRecord?
        var replacesOther = false
        var recipeFile: String?
        var dataSummary: [String] = []
        let start: SAMCheckpoint
        let folder: TrainingFolder
        let device: Device
    }

    /// Prepares a new run, or the continuation of the one in the folder.
    func prepared(replacingOther replacesOther: Bool, _ work: Work) throws -> Result {
        let old = replacesOther ? nil : try folder.record(recipe: request.recipeFile)
        let input = try TrainingInput(
            request.sampledRecipe,
            acceptsClasses: request.acceptsClasses,
            work
        )
        let asked = try asked(input)
        if let old {
            let changes = try old.request.changes(in: asked)
            guard changes.isEmpty else {
                throw TrainingRunError.otherTraining(folder: folder.path, changes: changes)
            }
            var result = try Self.continued(
                old,
                limits: request.choices.limits,
                model: model,
                folder: folder,
                device
            )
            result.dataSummary = Self.summary(result.record, input)
            return result
        }
        let checkpoint = try SAMCheckpoint(contentsOf: model.model, decoder: model.decoder)
        try checkpoint.requireReadableTraits()
        var record = try planned(input, asked, checkpoint)
        record.warnings =
            input.warnings + checkpoint.warnings.map(TrainingWarning.note)
            + Self.warnings(record)
        return Result(
            record: record,
            replacesOther: replacesOther,
            recipeFile: request.recipeFile,
            dataSummary: Self.summary(record, input),
            start: checkpoint,
            folder: folder,
            device: device
        )
    }

    /// What the data are, and how they were divided.
    private static func summary(_ record: TrainingRecord, _ input: TrainingInput) -> [String] {
        ["Data: \(input.summary)"] + division(record, input)
    }

    /// How the data were divided, unless that was given; a sentence or none.
    private static func division(_ record: TrainingRecord, _ input: TrainingInput) -> [String] {
        let pairs = { (parts: [TrainingFiles.Part]) in parts.map(\.pairs.count).reduce(0, +) }
        let counts = (pairs(record.files.training), pairs(record.files.validation))
        guard input.validation.isEmpty, counts.1 > 0 else { return [] }
        let shared = record.files.training.flatMap(\.pairs).first?.image
        return counts == (1, 1) && shared == record.files.validation[0].pairs[0].image
            ? ["Validation: a part of the image."]
            : ["Validation: \(Wording.count(counts.1, "image")), training: \(counts.0)."]
    }

    private func asked(_ input: TrainingInput) throws -> TrainingRecord.Request {
        let hashes = try model.hashes()
        var choices = request.choices
        choices.limits = TrainingChoices.Limits()
        var asked = TrainingRecord.Request(
            modelHash: hashes.model,
            decoderHash: hashes.decoder,
            preset: request.preset,
            choices: choices
        )
        let training = input.training.flatMap(\.pairs)
        let validation = input.validation.flatMap(\.pairs)
        asked.images = training.map(\.image.fromRoot)
        asked.labels = training.map(\.labels.fromRoot)
        asked.validationImages = validation.map(\.image.fromRoot)
        asked.validationLabels = validation.map(\.labels.fromRoot)
        asked.recipe = request.recipeText
        return asked
    }

    // MARK: - Plan

    private func planned(
        _ input: TrainingInput,
        _ asked: TrainingRecord.Request,
        _ checkpoint: SAMCheckpoint
    ) throws -> TrainingRecord {
        let subject = TrainingSubject(checkpoint)
        let resources = try MachineResources.current(on: device)
        var record = TrainingRecord(
            model: FileStatus(of: model.name) == nil ? model.name : model.name.fromRoot,
            decoder: model.decoder.map(\.path.fromRoot),
            request: asked,
            training: request.recipe.training,
            files: TrainingFiles(training: [], validation: [])
        )
        if request.recipeFile == nil, let found = input.data {
            let plan = try TrainingPlan(
                request.choices,
                preset: request.preset,
                data: found,
                subject: subject,
                machine: resources
            )
            record.training = plan.training
            record.minutes = request.choices.limits.minutes
            record.reasons = plan.reasons
            record.files = try input.files(
                validationFraction: plan.validationFraction,
                samplesPerEpoch: nil,
                sampling: { _ in plan.sampling },
                seed: request.choices.seed
            )
        } else {
            if request.choices.seed != 0 { record.training.seed = request.choices.seed }
            record.take(request.choices.limits)
            try TrainingPlan.check(record.training, subject: subject, machine: resources)
            record.reasons = [.sentence("All options are those of the recipe.")]
            let training = record.training
            record.files = try input.files(
                validationFraction: request.recipe.validationFraction,
                samplesPerEpoch: request.recipe.samplesPerEpoch,
                sampling: { $0.suited(to: training.parts) },
                seed: training.seed
            )
        }
        let memory = Wording.byteCount(TrainingMemory(record.training, subject).total)
        record.reasons.append(.sentence("About \(memory) of memory will be used."))
        record.files = record.files.rooted
        return record
    }

    /// Options of a recipe that are possible but hardly meant.
    private static func warnings(_ record: TrainingRecord) -> [TrainingWarning] {
        let side = record.training.frameSide
        let isResized = record.files.training.contains { part in
            part.sampling.framing == .frame && part.sampling.cropSide != side
        }
        return isResized ? [.resizedTwice(frameSide: side)] : []
    }

    // MARK: - Going on

    static func continued(
        _ old: TrainingRecord,
        limits: TrainingChoices.Limits,
        model: ModelFiles,
        folder: TrainingFolder,
        _ device: Device
    ) throws -> Result {
        var record = old
        record.take(limits)
        let (length, oldLength) = (record.training, old.training)
        guard
            length.optimizer.cooldownIterations == 0
                || (length.iterations, length.epochs) == (oldLength.iterations, oldLength.epochs)
        else {
            throw TrainingRunError.fixedLength(
                folder: folder.path,
                newestModel: folder.path(of: Trainer.latestFileName)
            )
        }
        guard try model.hashes() == (record.request.modelHash, record.request.decoderHash) else {
            throw TrainingRunError.otherModel(name: record.model, folder: folder.path)
        }
        for pair in (record.files.training + record.files.validation).flatMap(\.pairs) {
            for file in [pair.image, pair.labels]
            where FileStatus(of: FileName.container(of: file)) == nil {
                throw TrainingRunError.missingFileOfRun(file)
            }
        }
        return Result(
            record: record,
            known: old,
            start: try SAMCheckpoint(contentsOf: model.model, decoder: model.decoder),
            folder: folder,
            device: device
        )
    }
}

extension ModelFiles {
    /// The hashes of both files.
    fileprivate func hashes() throws -> (model: String, decoder: String?) {
        let decoder = try decoder.map { try FileDigest(of: $0, algorithm: .xxh128).description }
        return (try signature(), decoder)
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
