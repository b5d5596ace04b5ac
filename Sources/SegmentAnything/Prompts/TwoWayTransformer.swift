import Torch
import TorchNN

/// Attention between prompt tokens and image tokens, in both directions.
///
/// Image tokens may have batch size 1 while there are many objects: what is the same for all objects
/// is computed once.
///
/// - Source: Kirillov et al., Segment Anything (2023), appendix A, figure 14.
struct TwoWayTransformer: Sendable {
    private let layers: [TwoWayLayer]
    private let finalAttention: ProjectedAttention
    private let finalNorm: LayerNorm

    init(from scope: ParameterScope) throws(ParameterError) {
        layers = [
            try TwoWayLayer(from: scope["layers"][0], isFirst: true),
            try TwoWayLayer(from: scope["layers"][1], isFirst: false),
        ]
        finalAttention = try ProjectedAttention(
            from: scope["final_attn_token_to_image"],
            innerDimensions: 128
        )
        finalNorm = try LayerNorm(
            from: scope["norm_final_attn"],
            dimensions: ModelFrame.embeddingChannels,
            epsilon: 1e-5
        )
    }

    /// - Parameters:
    ///   - tokens: `[objects, tokens, 256]`
    ///   - image: `[1 or objects, 4096, 256]`
    ///   - imagePositions: `[1, 4096, 256]`
    /// - Returns: Tokens `[objects, tokens, 256]` and image tokens `[objects, 4096, 256]`.
    func callAsFunction(
        tokens: Tensor,
        image: Tensor,
        imagePositions: Tensor
    ) throws(TensorError) -> (tokens: Tensor, image: Tensor) {
        var (queries, keys) = (tokens, image)
        for layer in layers {
            (queries, keys) = try layer(
                queries,
                keys,
                tokenPositions: tokens,
                imagePositions: imagePositions
            )
        }
        let attended = try finalAttention(
            query: queries + tokens,
            key: keys + imagePositions,
            value: keys
        )
        return (try finalNorm(queries + attended), keys)
    }
}

private struct TwoWayLayer: Sendable {
    private let selfAttention: ProjectedAttention
    private let tokenToImage: ProjectedAttention
    private let imageToToken: ProjectedAttention
    private let norms: [LayerNorm]
    private let expand: Linear  // 256 -> 2048
    private let project: Linear  // 2048 -> 256
    private let isFirst: Bool

    init(from scope: ParameterScope, isFirst: Bool) throws(ParameterError) {
        let channels = ModelFrame.embeddingChannels
        selfAttention = try ProjectedAttention(from: scope["self_attn"], innerDimensions: channels)
        tokenToImage = try ProjectedAttention(
            from: scope["cross_attn_token_to_image"],
            innerDimensions: channels / 2
        )
        imageToToken = try ProjectedAttention(
            from: scope["cross_attn_image_to_token"],
            innerDimensions: channels / 2
        )
        var norms: [LayerNorm] = []
        for index in 1...4 {
            norms.append(
                try LayerNorm(from: scope["norm\(index)"], dimensions: channels, epsilon: 1e-5)
            )
        }
        self.norms = norms
        expand = try Linear(from: scope["mlp"]["lin1"], inputs: channels, outputs: 2048)
        project = try Linear(from: scope["mlp"]["lin2"], inputs: 2048, outputs: channels)
        self.isFirst = isFirst
    }

    func callAsFunction(
        _ queries: Tensor,
        _ keys: Tensor,
        tokenPositions: Tensor,
        imagePositions: Tensor
    ) throws(TensorError) -> (Tensor, Tensor) {
        var queries = queries
        if isFirst {
            // The tokens are their own positions here, so nothing is added.
            queries = try selfAttention(query: queries, key: queries, value: queries)
        } else {
            let placed = try queries + tokenPositions
            queries = try queries + selfAttention(query: placed, key: placed, value: queries)
        }
        queries = try norms[0](queries)
        let placedKeys = try keys + imagePositions
        queries = try norms[1](
            queries
                + tokenToImage(query: queries + tokenPositions, key: placedKeys, value: keys)
        )
        queries = try norms[2](queries + project(expand(queries).relu()))
        let update = try imageToToken(
            query: placedKeys,
            key: queries + tokenPositions,
            value: queries
        )
        return (queries, try norms[3](keys + update))
    }
}
