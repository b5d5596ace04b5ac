import Prompting
package import Torch
package import TorchNN

/// The networks of a model over parameters that record gradients.
///
/// They are built anew from the parameters for every step, which costs nothing beside the step, so that
/// whatever a layer derives from its parameters can be differentiated too.
package struct TrainableNetworks {
    /// Image to embedding.
    package let imageEncoder: any ImageEncoder

    /// Prompts to tokens.
    package let promptEncoder: PromptEncoder

    /// Embedding and tokens to masks.
    package let maskDecoder: MaskDecoder

    private let instanceDecoder: ComposedInstanceDecoder?

    /// What batch normalisations do.
    package enum Statistics: Sendable {
        /// Those of the input are used, and the running ones are moved.
        case batch
        /// The running ones are used.
        case running
    }

    /// Builds the networks.
    ///
    /// - Parameters:
    ///   - parameters: Values named as in Segment Anything's checkpoints, on `device`.
    ///   - decoderParameters: Values of the instance-segmentation decoder, without prefix.
    ///   - encoderStatistics: Of ViT-T.
    ///   - decoderStatistics: Of the instance-segmentation decoder.
    package init(
        parameters: any ParameterSource,
        decoderParameters: (any ParameterSource)?,
        architecture: Architecture,
        encoderStatistics: Statistics,
        decoderStatistics: Statistics,
        on device: Device
    ) throws(ParameterError) {
        let use = NetworkUse.training(usesBatchStatistics: encoderStatistics == .batch)
        let root = ParameterStore(parameters, on: device, for: use).root
        switch architecture {
        case .tiny: imageEncoder = try TinyViTEncoder(from: root["image_encoder"])
        case .plain(let configuration):
            imageEncoder = try ViTEncoder(
                from: root["image_encoder"],
                configuration: configuration
            )
        }
        promptEncoder = try PromptEncoder(from: root["prompt_encoder"])
        maskDecoder = try MaskDecoder(from: root["mask_decoder"])
        instanceDecoder = try decoderParameters.map { (source) throws(ParameterError) in
            let use = NetworkUse.training(usesBatchStatistics: decoderStatistics == .batch)
            return try ComposedInstanceDecoder(
                from: ParameterStore(source, on: device, for: use).root,
                behavior: .corrected
            )
        }
    }

    /// The maps of the instance-segmentation decoder, `[batch, 256, side, side]` to
    /// `[batch, 3, 16 side, 16 side]`; nil without that decoder.
    ///
    /// - Parameter image: What the embedding was made of, `[batch, 3, 16 side, 16 side]`.
    package func instanceMaps(
        of embedding: Tensor,
        _ image: Tensor
    ) throws(TensorError) -> Tensor? {
        try instanceDecoder?(embedding, image)
    }
}
