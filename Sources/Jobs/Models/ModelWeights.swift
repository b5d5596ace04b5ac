import Checkpoints
import Files
public import Imaging
public import ModelZoo
public import Prompting
public import Segmentation
public import Torch

/// The weights of a model: their files are open, the networks not built yet.
public struct ModelWeights: Sendable {
    /// The files.
    public let files: ModelFiles

    /// How the networks behave.
    public let behavior: ModelBehavior

    private let checkpoint: SAMCheckpoint

    /// Opens the files.
    ///
    /// - Throws: `CheckpointError` if a file is damaged, no model, or has settings that cannot be read.
    public init(_ files: ModelFiles, behavior: ModelBehavior = .standard) throws {
        self.files = files
        self.behavior = behavior
        checkpoint = try SAMCheckpoint(contentsOf: files.model, decoder: files.decoder)
        // The behaviour of the reference ignores all settings of the file.
        if !behavior.isReference { try checkpoint.requireReadableTraits() }
    }

    /// What reports tell of the model.
    public var report: BatchReport.Model {
        BatchReport.Model(
            name: files.name,
            architecture: checkpoint.architecture.modelType,
            file: checkpoint.file
        )
    }

    /// Hashes of the weights, and how the networks behave: equal if results can be compared.
    ///
    /// - Throws: An error of a file that cannot be read.
    public func fingerprint() throws -> String {
        var parts = [try files.signature()]
        try decoderHash().map { parts.append($0) }
        // As earlier versions wrote it, which knew no other precision.
        let networks = "\(behavior)".replacing(", precision: nil", with: "")
        return (parts + [networks, "\(normalization)"]).joined(separator: "; ")
    }

    /// The hash of the decoder, if it has a file of its own.
    private func decoderHash() throws -> String? {
        try files.decoder.map { try FileDigest(of: $0, algorithm: .xxh128).description }
    }

    /// What looks odd.
    public var warnings: [String] { checkpoint.warnings }

    /// Whether there is a decoder for automatic segmentation.
    public var hasDecoder: Bool { checkpoint.decoder != nil }

    /// What the model carries; the traits of the reference where its behaviour is asked for.
    public var traits: ModelTraits {
        behavior.isReference ? .reference : ModelTraits(metadata: checkpoint.metadata)
    }

    /// How intensities are stretched: as was asked for, or as the model was trained.
    public var normalization: Normalization { behavior.normalization ?? traits.normalization }

    /// Checks that a mode is possible.
    ///
    /// - Throws: ``ModelError/noDecoder(model:architecture:mode:)``.
    public func requireDecoder(for mode: AutomaticMode) throws(ModelError) {
        guard !hasDecoder, mode != .maskGeneration else { return }
        throw .noDecoder(
            model: files.name,
            architecture: checkpoint.architecture.modelType,
            mode: mode
        )
    }

    /// Builds the networks.
    ///
    /// - Throws: `ParameterError` if the checkpoint is incomplete; `ModelZooError` if it cannot be hashed.
    public func load(on device: Device) throws -> Model {
        try Model(
            checkpoint,
            // Only registered models have a name that others know.
            name: files.digest == nil ? nil : files.name,
            hash: files.signature(),
            decoderHash: decoderHash(),
            behavior: behavior,
            on: device
        )
    }
}

/// Why a model cannot be used as asked for.
public enum ModelError: Error, Hashable, Sendable {
    /// The mode needs a decoder, which the model does not have.
    case noDecoder(model: String, architecture: String, mode: AutomaticMode)
}

extension ModelError: CustomStringConvertible {
    /// What is missing, and what to do; one line.
    public var description: String {
        switch self {
        case .noDecoder(let model, let architecture, let mode):
            "the model '\(model)' (\(architecture)) has no decoder, which the mode "
                + "\(mode.rawValue) needs; choose a model that has one, such as vit_b_lm, give a decoder "
                + "in a separate file, or use the mode \(AutomaticMode.maskGeneration.rawValue)"
        }
    }
}
