public import Torch
public import TorchNN

/// Masks of one or more objects, at low resolution.
public struct MaskPrediction: Sendable {
    /// Mask logits `[objects, masks, 256, 256]`; positive is foreground.
    public let logits: Tensor

    /// The IoU that the model expects of each mask, `[objects, masks]`.
    public let scores: Tensor
}

/// Whether one mask is predicted per object or several that differ in extent.
public enum MaskCount: String, Codable, Hashable, Sendable {
    /// One mask, meant for prompts that leave no doubt.
    case single
    /// Three masks (whole, part, subpart), meant for a single point.
    case multiple
}

/// Predicts masks from an image embedding and encoded prompts.
///
/// - Source: Kirillov et al., Segment Anything (2023), appendix A, "Lightweight mask decoder".
public struct MaskDecoder: Sendable {
    private let outputTokens: Tensor  // [5, 256]: the token of the scores, then those of the masks
    private let transformer: TwoWayTransformer
    private let upscaling: MaskUpscaling
    private let maskHeads: [TokenHead]
    private let scoreHead: TokenHead

    private static let maskCount = 4

    /// Reads the parameters below `mask_decoder`.
    public init(from scope: ParameterScope) throws(ParameterError) {
        let channels = ModelFrame.embeddingChannels
        let scoreToken = try scope["iou_token"].parameter("weight", shape: [1, channels])
        let maskTokens = try scope["mask_tokens"].parameter(
            "weight",
            shape: [Self.maskCount, channels]
        )
        outputTokens = try scope.derive { () throws(TensorError) in
            try Tensor.concatenated([scoreToken, maskTokens], axis: 0)
        }
        transformer = try TwoWayTransformer(from: scope["transformer"])
        upscaling = try MaskUpscaling(from: scope["output_upscaling"])
        var heads: [TokenHead] = []
        for index in 0..<Self.maskCount {
            heads.append(
                try TokenHead(from: scope["output_hypernetworks_mlps"][index], outputs: 32)
            )
        }
        maskHeads = heads
        scoreHead = try TokenHead(from: scope["iou_prediction_head"], outputs: Self.maskCount)
    }

    /// - Parameters:
    ///   - embedding: One image, `[1, 256, 64, 64]`.
    ///   - positions: ``PromptEncoder/imagePositions``.
    ///   - prompts: The objects' encoded prompts.
    ///   - masks: One or three masks per object.
    public func callAsFunction(
        embedding: Tensor,
        positions: Tensor,
        prompts: PromptEmbedding,
        masks: MaskCount
    ) throws(TensorError) -> MaskPrediction {
        let objects = prompts.sparse.size(0)
        let outputs = try outputTokens.unsqueezed(0).expanded([objects, -1, -1])
        let tokens = try Tensor.concatenated([outputs, prompts.sparse], axis: 1)
        let (decoded, image) = try transformer(
            tokens: tokens,
            image: (embedding + prompts.dense).flattenedTokens(),
            imagePositions: positions.flattenedTokens()
        )
        let range = masks == .single ? 0..<1 : 1..<Self.maskCount
        var weights: [Tensor] = []
        for index in range { weights.append(try maskHeads[index](decoded.selected(1, 1 + index))) }
        let logits = try upscaling(image, weights: Tensor.stacked(weights, axis: 1))
        let scores = try scoreHead(decoded.selected(1, 0)).sliced(1, range)
        return MaskPrediction(logits: logits, scores: scores)
    }
}

extension Tensor {
    /// `[batch, C, height, width]` to `[batch, height * width, C]`.
    fileprivate func flattenedTokens() throws(TensorError) -> Tensor {
        try reshaped(size(0), size(1), -1).transposed(1, 2)
    }
}

/// A perceptron of three layers over one token.
private struct TokenHead: Sendable {
    private let layers: [Linear]

    init(from scope: ParameterScope, outputs: Int) throws(ParameterError) {
        let channels = ModelFrame.embeddingChannels
        let list = scope["layers"]
        layers = [
            try Linear(from: list[0], inputs: channels, outputs: channels),
            try Linear(from: list[1], inputs: channels, outputs: channels),
            try Linear(from: list[2], inputs: channels, outputs: outputs),
        ]
    }

    func callAsFunction(_ token: Tensor) throws(TensorError) -> Tensor {
        try layers[2](layers[1](layers[0](token).relu()).relu())
    }
}
