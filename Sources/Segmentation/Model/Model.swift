public import Checkpoints
import Foundation
public import Imaging
public import Prompting
public import SegmentAnything
public import Torch
public import TorchNN

/// A model with what it carries: networks, traits and identity.
///
/// ```swift
/// let checkpoint = try SAMCheckpoint(contentsOf: url)
/// let model = try Model(checkpoint)
/// let labels = try Segmenter(model).segment(plane).labelImage()
/// ```
public struct Model: Sendable {
    /// The networks, on their device.
    public let networks: SegmentAnythingModel

    /// What the model carries; the traits of the reference where its behaviour is asked for.
    public let traits: ModelTraits

    /// By what embeddings and results of the model are recognised.
    public private(set) var identity: EmbeddingSignature.Model

    /// The hash of the file of the decoder, if it has one of its own and that is known.
    public let decoderHash: String?

    /// By what weights are told apart of which no hash is known.
    private let instance = UUID()

    /// Combines the parts.
    public init(
        _ networks: SegmentAnythingModel,
        traits: ModelTraits,
        identity: EmbeddingSignature.Model? = nil,
        decoderHash: String? = nil
    ) {
        self.networks = networks
        self.decoderHash = decoderHash
        self.traits = networks.behavior.isReference ? .reference : traits
        self.identity = identity ?? EmbeddingSignature.Model(networks, name: nil, hash: nil)
        self.identity.normalization = normalization
    }

    /// How intensities are stretched: as was asked for, or as the model was trained.
    public var normalization: Normalization {
        networks.behavior.normalization ?? traits.normalization
    }

    /// Builds the networks of a checkpoint.
    ///
    /// - Parameters:
    ///   - checkpoint: The weights.
    ///   - name: The name in the model registry; nil for a file of the user's.
    ///   - hash: The hash of the file, `xxh128:…`; nil if it is not known, so that stored embeddings are
    ///     recognised by the name only.
    ///   - decoderHash: The hash of the file of the decoder, if that is another.
    ///   - behavior: How the networks behave.
    ///   - device: Where they run.
    /// - Throws: `ParameterError` if the checkpoint is incomplete or of a kind that cannot be used.
    public init(
        _ checkpoint: SAMCheckpoint,
        name: String? = nil,
        hash: String? = nil,
        decoderHash: String? = nil,
        behavior: ModelBehavior = .standard,
        on device: Device = .cpu
    ) throws(ParameterError) {
        if !behavior.isReference {
            do {
                try checkpoint.requireReadableTraits()
            } catch {
                throw .unreadable("settings of the model", reason: "\(error)")
            }
        }
        let networks = try SegmentAnythingModel(checkpoint, behavior: behavior, on: device)
        self.init(
            networks,
            traits: ModelTraits(metadata: checkpoint.metadata),
            identity: EmbeddingSignature.Model(networks, name: name, hash: hash),
            decoderHash: decoderHash
        )
    }

    /// Tells the embeddings of this model from those of others that share a memory with it.
    var embeddingKey: String {
        let hash = identity.hash == nil ? " \(instance)" : ""
        return "\(identity)\(hash)"
    }

    /// Tells the decoder from others that an image encoder may have; nil where the file of the model says it.
    var decoderKey: String? { identity.hash == nil ? "\(instance)" : decoderHash }

    /// Embeddings, masks and maps of single images.
    public var predictor: ImagePredictor { ImagePredictor(networks) }

    /// Whether the model has a decoder for automatic segmentation.
    public var hasDecoder: Bool { networks.instanceDecoder != nil }

    /// The mode that suits the model where nobody chose one.
    public var suitedMode: AutomaticMode { hasDecoder ? .instanceDecoder : .maskGeneration }

    /// The options of automatic segmentation with the parameters that the model carries.
    ///
    /// - Parameter mode: Nil for the mode that suits the model.
    public func options(of mode: AutomaticMode? = nil) -> AutomaticSegmentationOptions {
        let mode = mode ?? suitedMode
        var options = AutomaticSegmentationOptions()
        options.mode = mode
        // The parameters were checked when they were read; others leave the defaults.
        try? options.set(traits.parameters(of: mode), of: mode)
        return options
    }
}
