import Foundation
import ModelZoo
public import Prompting
import Segmentation
public import Torch
public import Training

extension TrainingRun {
    /// Prepares a training that starts from a model by its name, or from a file, as `usam train` does.
    ///
    /// Goes on with the run in the folder if that is the same training. Nothing is written before the run
    /// begins with `events(pictures:_:)`.
    ///
    /// - Parameters:
    ///   - images: Image files in the order of their labels, or with names that tell which belong together.
    ///   - labels: A label image for each: 0 is background, every object has a number of its own.
    ///   - model: A name of the registry, such as `usam-tiny`, or the path of a checkpoint.
    ///   - decoder: The path of a checkpoint with the decoder for automatic segmentation, if the model has
    ///     none.
    ///   - folder: The folder of the run.
    ///   - device: Where to compute; by default on a GPU if there is one.
    ///   - work: Told of the images that are looked at; cancelled with the task.
    ///   - change: Decides more, such as `$0.choices.limits.minutes = 10`.
    /// - Throws: `ModelZooError` if there is no such model; `TrainingRunError`, `TrainingDataError`,
    ///   `TrainingPlanError` or an error of the files for the first that would prevent training;
    ///   `CancellationError`.
    public static func prepare(
        images: [String],
        labels: [String],
        from model: String,
        decoder: String? = nil,
        in folder: String,
        on device: Device = .best,
        _ work: Work = Work(),
        _ change: sending (inout TrainingRequest) -> Void = { _ in }
    ) async throws -> TrainingRun {
        var request = TrainingRequest(images: images, labels: labels)
        change(&request)
        let files = try await ModelZoo.standard.fetch(model)
            .decoded(by: decoder.map { URL(filePath: $0) })
        let place = try TrainingFolder(folder)
        return try await InferenceEngine.shared(on: device).run(.automatic, work) {
            [request] work in
            try prepare(request, from: files, in: place, on: device, work)
        }
    }
}
