import Foundation
import Jobs
public import ModelZoo
public import Prompting
public import Segmentation
public import Torch

extension Model {
    /// Loads a model by its name, or from a file; a registered model that is not here yet is downloaded.
    ///
    /// ```swift
    /// let model = try await Model("vit_b_lm")
    /// ```
    ///
    /// - Parameters:
    ///   - name: A name of the registry, such as `usam-tiny`, or the path of a checkpoint.
    ///   - decoder: The path of a checkpoint with the decoder for automatic segmentation, if the model has
    ///     none.
    ///   - behavior: How the networks behave.
    ///   - device: Where they run; by default on a GPU if there is one.
    ///   - zoo: Where models are looked for.
    ///   - progress: Told of the download, from any thread.
    /// - Throws: `ModelZooError` if there is no such model, `CheckpointError` or `ParameterError` if its
    ///   file cannot be used; `CancellationError`.
    public init(
        _ name: String,
        decoder: String? = nil,
        behavior: ModelBehavior = .standard,
        on device: Device = .best,
        zoo: ModelZoo = .standard,
        progress: Downloader.ProgressHandler? = nil
    ) async throws {
        let files = try await zoo.fetch(name, progress: progress)
            .decoded(by: decoder.map { URL(filePath: $0) })
        let weights = try ModelWeights(files, behavior: behavior)
        self = try await InferenceEngine.shared(on: device).run(.automatic) { _ in
            try weights.load(on: device)
        }
    }

    /// The engine that runs the model: one thread for all work of a device.
    public var engine: InferenceEngine { InferenceEngine.shared(on: networks.device) }
}
