public import Checkpoints
public import Prompting
public import Torch
public import TorchNN

extension SegmentAnythingModel {
    /// Builds the model that a checkpoint holds.
    ///
    /// - Throws: `ParameterError` if the checkpoint is incomplete or of a kind that cannot be used.
    public init(
        _ checkpoint: SAMCheckpoint,
        behavior: ModelBehavior = .standard,
        on device: Device = .cpu
    ) throws(ParameterError) {
        try self.init(
            parameters: CheckpointParameters(checkpoint.model, name: checkpoint.file),
            decoderParameters: checkpoint.decoder.map {
                CheckpointParameters($0, name: checkpoint.file)
            },
            architecture: try Architecture(checkpoint.architecture, file: checkpoint.file),
            behavior: behavior,
            // Embeddings are compared by the attention biases, so an encoder as the reference's pads as it does.
            padding: behavior.attentionBiases == .zero
                ? .zero : ModelTraits(metadata: checkpoint.metadata).padding,
            on: device
        )
    }
}

extension Architecture {
    /// The networks that a checkpoint was made for.
    ///
    /// - Throws: `ParameterError/unreadable(_:reason:)` for dimensions that this program does not build.
    public init(_ description: EncoderArchitecture, file: String) throws(ParameterError) {
        switch description {
        case .tinyViT(.mobileSAM):
            self = .tiny
        case .tinyViT:
            throw .unreadable(
                "image_encoder",
                reason: "\(file) holds a TinyViT of other dimensions than MobileSAM's"
            )
        case .viT(let viT):
            guard viT.patchSize == ViTConfiguration.patch,
                viT.windowSize == ViTConfiguration.window,
                viT.tokensPerSide == ModelFrame.embeddingSide,
                viT.embeddingChannels == ModelFrame.embeddingChannels,
                viT.hiddenWidth == 4 * viT.width
            else {
                throw .unreadable(
                    "image_encoder",
                    reason: "\(file) holds a ViT for \(viT.imageSize) pixels with patches of "
                        + "\(viT.patchSize) and windows of \(viT.windowSize); expected "
                        + "\(ModelFrame.side) pixels, \(ViTConfiguration.patch) and "
                        + "\(ViTConfiguration.window)"
                )
            }
            self = .plain(
                ViTConfiguration(
                    dimensions: viT.width,
                    depth: viT.depth,
                    heads: viT.headCount,
                    globalBlocks: Set(viT.globalBlocks)
                )
            )
        }
    }
}
