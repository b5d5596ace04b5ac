import Prompting
import Torch
public import TorchNN

/// The plain vision transformer of Segment Anything: ViT-B, L and H.
///
/// - Source: Kirillov et al., Segment Anything (2023), appendix A.
public struct ViTEncoder: ImageEncoder {
    private let patchEmbedding: Conv2D
    private let positions: Tensor  // [1, 64, 64, C]
    private let blocks: [Block]
    private let neck: Neck

    /// Reads the parameters below `image_encoder`.
    public init(
        from scope: ParameterScope,
        configuration: ViTConfiguration
    ) throws(ParameterError) {
        let dimensions = configuration.dimensions
        let side = ModelFrame.embeddingSide
        patchEmbedding = try Conv2D(
            from: scope["patch_embed"]["proj"],
            inputs: 3,
            outputs: dimensions,
            kernel: ViTConfiguration.patch,
            stride: ViTConfiguration.patch
        )
        positions = try scope.parameter("pos_embed", shape: [1, side, side, dimensions])
        var blocks: [Block] = []
        for index in 0..<configuration.depth {
            let isGlobal = configuration.globalBlocks.contains(index)
            blocks.append(
                try Block(
                    from: scope["blocks"][index],
                    configuration: configuration,
                    window: isGlobal ? nil : ViTConfiguration.window
                )
            )
        }
        self.blocks = blocks
        neck = try Neck(from: scope["neck"], inputs: dimensions)
    }

    /// The patches, each block, and the neck; tokens between them are `[batch, 64, 64, C]`.
    public var stages: [EncoderStage] {
        let first: EncoderStage = { (image) throws(TensorError) in
            try patchEmbedding(image).permuted(0, 2, 3, 1) + positions
        }
        let last: EncoderStage = { (tokens) throws(TensorError) in
            try neck(tokens.permuted(0, 3, 1, 2)).contiguous()
        }
        return [first] + blocks.map { $0.callAsFunction } + [last]
    }

    /// True: a layer normalisation has no statistics.
    public var repeatsStages: Bool { true }
}

/// One transformer block.
private struct Block: Sendable {
    private let norm1: LayerNorm
    private let attention: ViTAttention
    private let norm2: LayerNorm
    private let expand: FusedLinear  // [..., C] -> [..., 4 C]
    private let project: FusedLinear  // [..., 4 C] -> [..., C]
    private let adapter: AdaptFormer?

    init(
        from scope: ParameterScope,
        configuration: ViTConfiguration,
        window: Int?
    ) throws(ParameterError) {
        let dimensions = configuration.dimensions
        norm1 = try scope["norm1"].layerNorm(dimensions: dimensions, epsilon: 1e-6)
        attention = try ViTAttention(
            from: scope["attn"],
            configuration: configuration,
            window: window
        )
        norm2 = try scope["norm2"].layerNorm(dimensions: dimensions, epsilon: 1e-6)
        let mlp = scope["mlp"]
        expand = try mlp.fused(
            mlp.feedForwardLayer(1, inputs: dimensions, outputs: 4 * dimensions)
        )
        project = try mlp.fused(
            mlp.feedForwardLayer(2, inputs: 4 * dimensions, outputs: dimensions)
        )
        adapter = try AdaptFormer(from: mlp, dimensions: dimensions)
    }

    func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
        let attended = try attention(x, norm: norm1)
        let result = try FusedLinear.perceptron(
            attended,
            expand,
            project,
            norm: norm2,
            residual: attended
        )
        return try adapter.map { (adapter) throws(TensorError) in
            try result + adapter(norm2(attended))
        } ?? result
    }
}

/// The convolutions that bring every encoder's features to 256 channels.
struct Neck: Sendable {
    private let reduce: Conv2D
    private let norm1: LayerNorm2D
    private let smooth: Conv2D
    private let norm2: LayerNorm2D

    init(from scope: ParameterScope, inputs: Int) throws(ParameterError) {
        let channels = ModelFrame.embeddingChannels
        reduce = try Conv2D(
            from: scope[0],
            inputs: inputs,
            outputs: channels,
            kernel: 1,
            hasBias: false
        )
        norm1 = try LayerNorm2D(from: scope[1], channels: channels)
        smooth = try Conv2D(
            from: scope[2],
            inputs: channels,
            outputs: channels,
            kernel: 3,
            padding: 1,
            hasBias: false
        )
        norm2 = try LayerNorm2D(from: scope[3], channels: channels)
    }

    func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
        try norm2(smooth(norm1(reduce(x))))
    }
}
