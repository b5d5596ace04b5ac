import Checkpoints
public import Prompting
public import Torch
public import TorchNN

/// The kinds of Segment Anything model.
public enum Architecture: Hashable, Sendable {
    /// MobileSAM's TinyViT.
    case tiny
    /// A plain vision transformer: ViT-B, L, H, or one of other dimensions.
    case plain(ViTConfiguration)

    /// The name that checkpoints and commands use: `vit_t`, `vit_b`, `vit_l`, `vit_h`, or a
    /// description of other dimensions.
    public var name: String {
        switch self {
        case .tiny: "vit_t"
        case .plain(.base): "vit_b"
        case .plain(.large): "vit_l"
        case .plain(.huge): "vit_h"
        case .plain(let other): "vit_\(other.dimensions)x\(other.depth)"
        }
    }
}

/// A promptable segmentation model, with or without a decoder for automatic segmentation.
public struct SegmentAnythingModel: Sendable {
    /// Which networks these are.
    public let architecture: Architecture

    /// How the networks behave where the reference departs from their definition, and the precision that
    /// they use on this machine.
    public let behavior: ModelBehavior

    /// What lies beside images that are not square.
    public let padding: FramePadding

    /// Where the parameters are.
    public let device: Device

    /// Image to embedding.
    public let imageEncoder: any ImageEncoder

    /// Prompts to tokens.
    public let promptEncoder: PromptEncoder

    /// Embedding and tokens to masks.
    public let maskDecoder: MaskDecoder

    /// Embedding to foreground and distances, if the checkpoint has it.
    public let instanceDecoder: InstanceDecoder?

    /// Tells the model from others: what was prepared by one model is of no use to another.
    package let identity = Identity()

    /// What a model and its copies share.
    package final class Identity: Sendable {}

    /// Builds the networks and checks that every parameter has its place.
    ///
    /// - Parameters:
    ///   - parameters: Values named as in Segment Anything's checkpoints.
    ///   - decoderParameters: Values of the instance-segmentation decoder, without prefix.
    ///   - architecture: Which networks to build.
    ///   - behavior: See `ModelBehavior`. A precision that is of no use on this machine is not used.
    ///   - padding: See `FramePadding`.
    ///   - device: Where to put the parameters.
    /// - Throws: `ParameterError` that names the parameter, the shapes and the file.
    public init(
        parameters: any ParameterSource,
        decoderParameters: (any ParameterSource)? = nil,
        architecture: Architecture,
        behavior: ModelBehavior = .standard,
        padding: FramePadding = .zero,
        on device: Device = .cpu
    ) throws(ParameterError) {
        let store = ParameterStore(parameters, on: device)
        var behavior = behavior
        if !(behavior.precision?.isAvailable(on: device) ?? true) { behavior.precision = nil }
        let encoderScope = store.root["image_encoder"].with(
            behavior.precision?.products ?? .float32
        )
        let encoder: any ImageEncoder =
            switch architecture {
            case .tiny: try TinyViTEncoder(from: encoderScope, behavior: behavior)
            case .plain(let configuration):
                try ViTEncoder(from: encoderScope, configuration: configuration)
            }
        imageEncoder =
            behavior.precision == .bfloat16
            ? BrainFloatEncoder(encoder: encoder, device: device) : encoder
        promptEncoder = try PromptEncoder(from: store.root["prompt_encoder"])
        maskDecoder = try MaskDecoder(from: store.root["mask_decoder"])
        try store.requireAllClaimed(except: Self.isWithoutUse)
        instanceDecoder = try decoderParameters.map { (source) throws(ParameterError) in
            let store = ParameterStore(source, on: device)
            let decoder = try InstanceDecoder(from: store.root, behavior: behavior)
            try store.requireAllClaimed(except: Self.isWithoutUse)
            return decoder
        }
        self.architecture = architecture
        self.behavior = behavior
        self.padding = padding
        self.device = device
    }

    /// Entries of checkpoints that no inference needs: counters, TinyViT's classifier, index tables.
    package static func isWithoutUse(_ name: String) -> Bool {
        SAMCheckpoint.isUnused(name) || name.hasSuffix("attention_bias_idxs")
    }
}
