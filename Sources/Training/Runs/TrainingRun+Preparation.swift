import Checkpoints
import Files
import Foundation
public import ModelZoo
public import Prompting
public import Torch

extension TrainingRun {
    /// Prepares a training on some files, whatever the folder holds of the same training.
    ///
    /// - Parameters:
    ///   - images: Image files.
    ///   - labels: A label image for each.
    ///   - model: The model to start from.
    ///   - folder: The folder of the run.
    ///   - device: Where to compute.
    ///   - change: Decides more, such as `$0.choices.limits.minutes = 10`.
    /// - Throws: The first error that would prevent training, as
    ///   ``prepare(_:from:in:replacingOther:on:_:)`` does.
    public convenience init(
        images: [String],
        labels: [String],
        from model: ModelFiles,
        in folder: String,
        on device: Device = .cpu,
        _ change: (inout TrainingRequest) -> Void = { _ in }
    ) throws {
        var request = TrainingRequest(images: images, labels: labels)
        change(&request)
        try self.init(
            TrainingPreparation(request, model: model, folder: TrainingFolder(folder), device)
                .prepared(replacingOther: false, Work())
        )
    }

    /// Prepares a training: pairs and checks the data, and plans.
    ///
    /// Goes on with the run in the folder if that is the same training. Nothing is written before
    /// ``run(pictures:_:telling:)``.
    ///
    /// - Parameters:
    ///   - request: What is to be trained.
    ///   - model: The model to start from.
    ///   - folder: The folder of the run.
    ///   - replacesOther: Whether to begin anew where the folder holds a training, whose files are removed
    ///     when the run begins.
    ///   - device: Where to compute.
    ///   - work: Told of the pairs that are looked at.
    /// - Throws: ``TrainingRunError``, ``TrainingDataError``, ``TrainingPlanError`` or an error of the files
    ///   for the first that would prevent training; `CancellationError`.
    public static func prepare(
        _ request: TrainingRequest,
        from model: ModelFiles,
        in folder: TrainingFolder,
        replacingOther replacesOther: Bool = false,
        on device: Device = .cpu,
        _ work: Work = Work()
    ) throws -> TrainingRun {
        let preparation = TrainingPreparation(request, model: model, folder: folder, device)
        return TrainingRun(try preparation.prepared(replacingOther: replacesOther, work))
    }

    /// Goes on with the run in a folder.
    ///
    /// - Parameters:
    ///   - folder: The folder of the run.
    ///   - limits: Other limits than before, where some are given.
    ///   - model: The model that the run started from; nil to find it by the name in the record.
    ///   - device: Where to compute.
    /// - Throws: ``TrainingRunError`` if there is no run, or model or data are not there any more.
    public static func resume(
        in folder: TrainingFolder,
        limits: TrainingChoices.Limits = TrainingChoices.Limits(),
        from model: ModelFiles? = nil,
        on device: Device = .cpu
    ) throws -> TrainingRun {
        guard let old = try folder.record() else {
            throw TrainingRunError.nothingToResume(folder: folder.path)
        }
        return TrainingRun(
            try TrainingPreparation.continued(
                old,
                limits: limits,
                model: try model ?? old.locatedModel(),
                folder: folder,
                device
            )
        )
    }

    private convenience init(_ prepared: TrainingPreparation.Result) {
        self.init(
            prepared.record,
            known: prepared.known,
            replacesOther: prepared.replacesOther,
            recipeFile: prepared.recipeFile,
            dataSummary: prepared.dataSummary,
            start: prepared.start,
            in: prepared.folder,
            on: prepared.device
        )
    }
}

extension TrainingRecord {
    /// The files of the start model, found without using the network.
    fileprivate func locatedModel() throws -> ModelFiles {
        try ModelZoo.standard.locate(model).decoded(by: decoder.map { URL(filePath: $0) })
    }
}
