import CTorch

// The kernels of the mask decoder; see ctorch_kernels.h for what they compute.

/// Prompt tokens with all projections of an attention folded in: what image tokens attend to.
public struct FoldedPrompts: Sendable {
    /// `[objects, prompts · heads, 256]`, heads innermost, scaled.
    public let keys: Tensor

    /// `[objects, prompts · heads]`, added to the scores.
    public let offsets: Tensor

    /// `[objects, prompts · heads, 256]`, what is added to the image tokens.
    public let values: Tensor

    /// `[256]`, added to every image token.
    public let bias: Tensor

    /// Groups the tensors.
    public init(keys: Tensor, offsets: Tensor, values: Tensor, bias: Tensor) {
        self.keys = keys
        self.offsets = offsets
        self.values = values
        self.bias = bias
    }
}

extension Tensor {
    /// Image tokens `[1 or objects, tokens, 256]` attend to prompts and are normalised; then the prompts of
    /// the next layer attend to the result, all in one pass over the image.
    ///
    /// - Parameters:
    ///   - prompts: What the image tokens attend to.
    ///   - positions: `[1, tokens, 256]`.
    ///   - norm: Applied to the sum of image tokens and what they take from the prompts.
    ///   - queries: `[objects, prompts · heads, 256]` of the next layer, heads innermost, scaled.
    ///   - heads: Number of heads of both attentions.
    /// - Returns: The new image tokens `[objects, tokens, 256]`, and for every query their mixture
    ///   `[objects, prompts · heads, 256]`.
    /// - Throws: ``TensorError/notSupported(operation:message:)`` off the CPU, with gradients, or with
    ///   more than 256 queries.
    public func exchangingTokens(
        with prompts: FoldedPrompts,
        positions: Tensor,
        norm: NormParameters,
        queries: Tensor,
        heads: Int
    ) throws(TensorError) -> (image: Tensor, attended: Tensor) {
        let image = try contiguous()
        let positions = try positions.contiguous()
        let (keys, offsets) = (try prompts.keys.contiguous(), try prompts.offsets.contiguous())
        let (values, queries) = (try prompts.values.contiguous(), try queries.contiguous())
        // Safe because the shim gives one reference, which the tensor takes over.
        var renewed: OpaquePointer?
        let attended = try Tensor("exchangingTokens", [image, keys]) { out in
            withExtendedLifetime((norm, prompts, positions, offsets, values, queries)) {
                var input = ms_token_exchange_input(
                    image: image.pointer,
                    positions: positions.pointer,
                    keys: keys.pointer,
                    offsets: offsets.pointer,
                    values: values.pointer,
                    bias: prompts.bias.pointer,
                    norm: ms_layer_norm_parameters(
                        weight: norm.weight.pointer,
                        bias: norm.bias.pointer,
                        epsilon: norm.epsilon
                    ),
                    queries: queries.pointer
                )
                return ms_token_exchange(&input, Int64(heads), &renewed, out)
            }
        }
        guard let renewed else {
            throw .operationFailed(operation: "exchangingTokens", shapes: [], message: "no result")
        }
        return (Tensor(owning: renewed), attended)
    }

    /// Image tokens `[objects, side², 256]` to mask logits `[masks, 4 · side, 4 · side]`.
    ///
    /// - Parameters:
    ///   - first: 256 to 4 pixels (row, column) of 64 channels.
    ///   - norm: Of the 64 channels, followed by GELU.
    ///   - second: 64 to 4 pixels of 32 channels, followed by GELU.
    ///   - weights: `[masks, 32]`, the product with which is the logit.
    ///   - objects: To which object each mask belongs; neighbours of one object share the work.
    /// - Throws: ``TensorError/notSupported(operation:message:)`` off the CPU or with gradients.
    public func upscaledMasks(
        first: PackedLinear,
        norm: NormParameters,
        second: PackedLinear,
        weights: Tensor,
        objects: [Int]
    ) throws(TensorError) -> Tensor {
        let (image, weights) = (try contiguous(), try weights.contiguous())
        let owners = objects.map(Int64.init)
        return try Tensor("upscaledMasks", [image, weights]) { out in
            first.withParameters { first in
                second.withParameters { second in
                    withExtendedLifetime(norm) {
                        var parameters = ms_layer_norm_parameters(
                            weight: norm.weight.pointer,
                            bias: norm.bias.pointer,
                            epsilon: norm.epsilon
                        )
                        return ms_mask_upscaling(
                            image.pointer,
                            first,
                            &parameters,
                            second,
                            weights.pointer,
                            owners,
                            Int64(owners.count),
                            out
                        )
                    }
                }
            }
        }
    }
}
