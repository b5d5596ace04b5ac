public import Foundation

/// A checkpoint of the SAM family, whatever its form, as the model needs it.
///
/// The tensors of the model carry the names of the original SAM (`image_encoder.…`, `prompt_encoder.…`,
/// `mask_decoder.…`); those of the decoder for automatic segmentation have no prefix.
///
/// ```swift
/// let checkpoint = try SAMCheckpoint(contentsOf: url)
/// checkpoint.architecture.modelType             // "vit_b"
/// checkpoint.model["image_encoder.pos_embed"]   // TensorEntry, [1, 64, 64, 768]
/// ```
public struct SAMCheckpoint: Sendable {
    /// The forms in which such checkpoints are found.
    public enum Flavor: String, Codable, Hashable, Sendable {
        /// One dictionary with the names of the original SAM.
        case plain
        /// `model_state` and perhaps `decoder_state`, as micro-sam exports.
        case combined
        /// What a micro-sam training run stores: also optimizer state and counters.
        case training
        /// Training of encoder and decoder only; prompt encoder and mask decoder are missing.
        case unetr
        /// Written by this project: safetensors with both parts.
        case converted
        /// Only a decoder for automatic segmentation; no model.
        case decoder
    }

    /// The file of the model.
    public let file: String
    /// The form of the file.
    public let flavor: Flavor
    /// Which image encoder it is.
    public let architecture: EncoderArchitecture
    /// The tensors of the model by name.
    public let model: [String: TensorEntry]
    /// The tensors of the decoder for automatic segmentation, if there is one.
    public let decoder: [String: TensorEntry]?
    /// What kind of decoder it is.
    public let decoderDescription: DecoderDescription?
    /// Adapters of parameter-efficient fine-tuning, if there are any.
    public let adapter: AdapterDescription?
    /// Values beside the tensors: counters and scores of a training run, texts of a safetensors file.
    public let metadata: [String: String]
    /// What was left out or looks odd, one sentence each.
    public let warnings: [String]

    /// The decoder if other programs can read it: micro-sam knows no detail path.
    public var portableDecoder: [String: TensorEntry]? {
        decoderDescription?.detailWidths == nil ? decoder : nil
    }

    /// Whether prompts can be used: prompt encoder and mask decoder are there.
    public var hasPromptPath: Bool {
        model["prompt_encoder.no_mask_embed.weight"] != nil
            && model["mask_decoder.iou_token.weight"] != nil
    }

    /// Number of masks that the mask decoder predicts, the single-mask output included (SAM: 4).
    public var maskTokenCount: Int? {
        model["mask_decoder.mask_tokens.weight"]?.shape.first
    }

    /// Opens a checkpoint.
    ///
    /// - Parameters:
    ///   - url: The model: any form of PyTorch file or safetensors that `Flavor` lists.
    ///   - decoderURL: A decoder of its own; it takes the place of one in the file of the model.
    /// - Throws: ``CheckpointError``.
    public init(contentsOf url: URL, decoder decoderURL: URL? = nil) throws(CheckpointError) {
        let decoder: Checkpoint? =
            if let decoderURL { try Checkpoint(contentsOf: decoderURL) } else { nil }
        try self.init(try Checkpoint(contentsOf: url), decoder: decoder)
    }

    /// Interprets a checkpoint that is already open.
    ///
    /// - Parameters:
    ///   - checkpoint: The model.
    ///   - decoderCheckpoint: A decoder of its own; it takes the place of one in `checkpoint`.
    /// - Throws: ``CheckpointError``.
    public init(_ checkpoint: Checkpoint, decoder decoderCheckpoint: Checkpoint? = nil)
        throws(CheckpointError)
    {
        let parts = try CheckpointParts(checkpoint)
        guard parts.flavor != .decoder else {
            throw .unsupported(
                file: checkpoint.file,
                what: "a decoder without a model",
                advice: "Give the model's file, and this one as its decoder."
            )
        }
        var warnings = checkpoint.warnings + parts.warnings
        var decoder = parts.decoder
        if let decoderCheckpoint {
            let other = try CheckpointParts(decoderCheckpoint)
            guard let given = other.decoder else {
                throw .missingKey(
                    file: decoderCheckpoint.file,
                    key: "out_conv.weight",
                    advice: "This file holds no decoder for automatic segmentation."
                )
            }
            decoder = given
            warnings += decoderCheckpoint.warnings + other.warnings
        }
        file = checkpoint.file
        flavor = parts.flavor
        model = parts.model
        self.decoder = decoder
        decoderDescription =
            if let decoder {
                try DecoderDescription(
                    tensors: decoder,
                    file: decoderCheckpoint?.file ?? checkpoint.file
                )
            } else { nil }
        architecture = try ArchitectureInference(tensors: parts.model, file: checkpoint.file)
            .architecture()
        adapter = AdapterDescription(tensors: parts.model)
        metadata = parts.metadata
        if case .unetr = parts.flavor {
            warnings.append(
                "This training checkpoint has no prompt encoder and mask decoder; only automatic "
                    + "segmentation with the decoder is possible."
            )
        }
        self.warnings = warnings
    }

    /// This model with the prompt encoder and mask decoder of the one that its training started from.
    ///
    /// Training of encoder and decoder alone stores neither; everything that this model has stays.
    ///
    /// - Throws: ``CheckpointError`` if the encoders differ, or the other model has no prompt path either.
    public func completed(by base: SAMCheckpoint) throws(CheckpointError) -> SAMCheckpoint {
        guard base.architecture == architecture else {
            throw .unsupported(
                file: base.file,
                what: "the prompt path of a \(base.architecture.modelType) for a "
                    + "\(architecture.modelType)",
                advice: "Give the model that the training started from."
            )
        }
        guard base.hasPromptPath else {
            throw .missingKey(
                file: base.file,
                key: "prompt_encoder.* and mask_decoder.*",
                advice: "Give a complete SAM model."
            )
        }
        let added = base.model.filter { !$0.key.hasPrefix("image_encoder.") }
        return SAMCheckpoint(self, model: model.merging(added) { own, _ in own })
    }

    private init(_ other: SAMCheckpoint, model: [String: TensorEntry]) {
        file = other.file
        flavor = .combined
        architecture = other.architecture
        self.model = model
        decoder = other.decoder
        decoderDescription = other.decoderDescription
        adapter = other.adapter
        metadata = other.metadata
        warnings = []
    }

    /// The form of a checkpoint, without looking at the architecture.
    ///
    /// - Throws: ``CheckpointError`` if it belongs to no form of SAM checkpoint.
    public static func flavor(of checkpoint: Checkpoint) throws(CheckpointError) -> Flavor {
        try CheckpointParts(checkpoint).flavor
    }
}

/// The decoder for automatic segmentation (a UNETR without skip connections, perhaps with a detail path).
public struct DecoderDescription: Hashable, Codable, Sendable {
    /// How the decoder enlarges its maps.
    public enum Upsampling: String, Codable, Hashable, Sendable {
        /// Bilinear, then a 1×1 convolution: newer decoders.
        case bilinear
        /// A transposed convolution: older decoders.
        case transposed
    }

    /// How the decoder enlarges its maps.
    public var upsampling: Upsampling
    /// Channels of the result; 3 for foreground, centre distance and boundary distance.
    public var outputChannels: Int
    /// Channels of the stages of a path from the image itself, from a half of the frame downwards; nil for
    /// decoders that see the embedding alone, the only ones that micro-sam knows.
    public var detailWidths: [Int]?

    /// Reads the description from names and shapes.
    init(tensors: [String: TensorEntry], file: String) throws(CheckpointError) {
        guard let output = tensors["out_conv.weight"] else {
            throw .missingKey(
                file: file,
                key: "out_conv.weight",
                advice: "The decoder is incomplete; export or download it again."
            )
        }
        guard output.shape.count == 4, output.elementCount > 0 else {
            throw .shapeMismatch(
                file: file,
                key: output.name,
                expected: [3, 64, 1, 1],
                found: output.shape
            )
        }
        let isTransposed = tensors.keys.contains {
            $0.hasPrefix("decoder.samplers") && $0.contains(".block.")
        }
        upsampling = isTransposed ? .transposed : .bilinear
        outputChannels = output.shape[0]
        var widths: [Int] = []
        while let width = tensors["detail.\(widths.count).first.weight"]?.shape.first {
            widths.append(width)
        }
        detailWidths = widths.isEmpty ? nil : widths
    }
}
