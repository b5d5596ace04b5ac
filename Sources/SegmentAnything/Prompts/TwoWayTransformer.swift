import Prompting
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

    /// What the objects of one image share.
    func memory(of image: Tensor, _ positions: Tensor) throws(TensorError)
        -> ProjectedAttention.Memory
    {
        try layers[0].tokenToImage.memory(key: image + positions, value: image)
    }

    /// - Parameters:
    ///   - tokens: `[objects, tokens, 256]`
    ///   - image: `[1 or objects, 4096, 256]`
    ///   - imagePositions: `[1, 4096, 256]`
    ///   - memory: What ``memory(of:_:)`` gives for an image that all objects share, if it is there.
    /// - Returns: Tokens `[objects, tokens, 256]` and image tokens `[objects, 4096, 256]`.
    func callAsFunction(
        tokens: Tensor,
        image: Tensor,
        imagePositions: Tensor,
        memory: ProjectedAttention.Memory? = nil
    ) throws(TensorError) -> (tokens: Tensor, image: Tensor) {
        guard tokens.size(1) * ProjectedAttention.heads <= 256, image.device == .cpu,
            !tokens.requiresGradient, !image.requiresGradient
        else { return try composed(tokens, image, imagePositions) }
        do throws(TensorError) {
            return try fused(tokens, image, imagePositions, memory)
        } catch .notSupported {
            return try composed(tokens, image, imagePositions)
        }
    }

    /// Each layer passes over the image once: what the image takes from the tokens, and what the tokens
    /// of the next layer take from the image.
    private func fused(
        _ tokens: Tensor,
        _ image: Tensor,
        _ positions: Tensor,
        _ memory: ProjectedAttention.Memory?
    ) throws(TensorError) -> (tokens: Tensor, image: Tensor) {
        var (queries, keys) = (try layers[0].attendingToThemselves(tokens, tokens), image)
        let placed = try queries + tokens
        var attended = try memory.map { (memory) throws(TensorError) in
            try layers[0].tokenToImage(query: placed, memory: memory)
        }
        if attended == nil {
            attended = try layers[0].tokenToImage(
                query: placed,
                key: image + positions,
                value: image
            )
        }
        for (index, layer) in layers.enumerated() {
            if let attended { queries = try layer.mixing(queries, attended) }
            let prompts = try layer.imageToToken.folded(key: queries + tokens, value: queries)
            let isLast = index == layers.count - 1
            if !isLast { queries = try layers[index + 1].attendingToThemselves(queries, tokens) }
            let attention = isLast ? finalAttention : layers[index + 1].tokenToImage
            let exchanged = try keys.exchangingTokens(
                with: prompts,
                positions: positions,
                norm: layer.imageNorm,
                queries: attention.foldedQueries(queries + tokens),
                heads: ProjectedAttention.heads
            )
            keys = exchanged.image
            attended = try attention.finished(exchanged.attended)
        }
        if let attended { queries = try queries + attended }
        return (try finalNorm(queries), keys)
    }

    private func composed(
        _ tokens: Tensor,
        _ image: Tensor,
        _ imagePositions: Tensor
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
    let tokenToImage: ProjectedAttention
    let imageToToken: ProjectedAttention
    private let selfAttention: ProjectedAttention
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
        var queries = try attendingToThemselves(queries, tokenPositions)
        let placedKeys = try keys + imagePositions
        queries = try mixing(
            queries,
            tokenToImage(query: queries + tokenPositions, key: placedKeys, value: keys)
        )
        let update = try imageToToken(
            query: placedKeys,
            key: queries + tokenPositions,
            value: queries
        )
        return (queries, try norms[3](keys + update))
    }

    /// Tokens after the attention among themselves.
    func attendingToThemselves(
        _ queries: Tensor,
        _ positions: Tensor
    ) throws(TensorError) -> Tensor {
        if isFirst {
            // The tokens are their own positions here, so nothing is added.
            return try norms[0](selfAttention(query: queries, key: queries, value: queries))
        }
        let placed = try queries + positions
        return try norms[0](
            queries + selfAttention(query: placed, key: placed, value: queries)
        )
    }

    /// Tokens after what they take from the image, and the perceptron.
    func mixing(_ queries: Tensor, _ attended: Tensor) throws(TensorError) -> Tensor {
        let mixed = try norms[1](queries + attended)
        return try norms[2](mixed + project(expand(mixed).relu()))
    }

    /// The normalisation of the image tokens.
    var imageNorm: NormParameters {
        NormParameters(weight: norms[3].weight, bias: norms[3].bias, epsilon: norms[3].epsilon)
    }
}
