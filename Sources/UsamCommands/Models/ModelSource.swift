import Checkpoints
import ModelZoo
import SegmentAnything
import Segmentation
import Torch

/// The weights of a model, opened but not loaded.
struct ModelSource: Sendable {
    private let name: String
    private let checkpoint: SAMCheckpoint

    /// How the networks behave.
    let behavior: ModelBehavior

    /// Opens the files.
    ///
    init(_ files: ModelFiles, behavior: ModelBehavior) throws {
        name = files.name
        checkpoint = try SAMCheckpoint(contentsOf: files.model, decoder: files.decoder)
        self.behavior = behavior
    }

    /// What the summary tells of the model.
    var report: BatchReport.Model {
        BatchReport.Model(
            name: name,
            architecture: checkpoint.architecture.modelType,
            file: checkpoint.file
        )
    }

    /// What looks odd.
    var warnings: [String] { checkpoint.warnings }

    /// Checks that automatic segmentation is possible.
    func requireDecoder() throws {
        guard checkpoint.decoder == nil else { return }
        throw CommandFailure(
            "the model '\(name)' (\(checkpoint.architecture.modelType)) has no decoder for automatic "
                + "segmentation; choose one that has, such as vit_b_lm ('usam models list' tells), "
                + "or give one with --decoder"
        )
    }

    /// Builds the networks.
    func model(on device: Device) throws -> SegmentAnythingModel {
        try SegmentAnythingModel(checkpoint, behavior: behavior, on: device)
    }

    /// Builds the networks for use in a batch.
    func predictor(on device: Device) throws -> NetworkMapPredictor {
        NetworkMapPredictor(ImagePredictor(try model(on: device)))
    }
}
