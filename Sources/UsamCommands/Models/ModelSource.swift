import Checkpoints
import Files
import ModelZoo
import Prompting
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

    /// Whether there is a decoder for automatic segmentation.
    var hasDecoder: Bool { checkpoint.decoder != nil }

    /// Parameters of a mode that the model carries; none where the reference's behaviour is wanted.
    func suggestedParameters(of mode: AutomaticMode?) -> [String: Double] {
        guard let mode, behavior != .reference else { return [:] }
        return ModelTraits(metadata: checkpoint.metadata).parameters(of: mode)
    }

    /// How images with small objects are enlarged; nil if the model does not ask for it, or where the
    /// reference's behaviour is wanted.
    var enlargement: Enlargement? {
        behavior == .reference || !hasDecoder ? nil : Enlargement(metadata: checkpoint.metadata)
    }

    /// Checks that a mode is possible.
    func requireDecoder(for mode: AutomaticMode) throws {
        guard !hasDecoder, mode != .maskGeneration else { return }
        throw CommandFailure(
            "the model '\(name)' (\(checkpoint.architecture.modelType)) has no decoder, which the mode "
                + "\(mode.rawValue) needs; choose a model that has one, such as vit_b_lm "
                + "('usam models list' tells), give one with --decoder, or take --mode amg"
        )
    }

    /// Builds the networks.
    func model(on device: Device) throws -> SegmentAnythingModel {
        try SegmentAnythingModel(checkpoint, behavior: behavior, on: device)
    }

    /// Builds the networks for use in a batch.
    ///
    /// - Parameters:
    ///   - tiling: Whether images are divided, which decides whether they are enlarged.
    ///   - files: The files of the weights, for their name and hash.
    func segmenter(
        _ options: AutomaticSegmentationOptions,
        _ tiling: TilingChoice,
        on device: Device,
        _ files: ModelFiles
    ) throws -> NetworkSegmenter {
        let networks = try model(on: device)
        // Only registered models have a name that others know.
        let name = files.digest == nil ? nil : files.name
        return try NetworkSegmenter(
            ImagePredictor(networks),
            options,
            identity: .init(networks, name: name, hash: try files.signature()),
            enlargement: Enlargement(tiling, carried: enlargement)
        )
    }
}
