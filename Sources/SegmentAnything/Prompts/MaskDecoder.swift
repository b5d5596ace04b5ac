import Prompting
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
    ///   - embedding: One image, `[1, 256, 64, 64]`, or a square part of the frame.
    ///   - positions: ``PromptEncoder/imagePositions``, of the same part.
    ///   - prompts: The objects' encoded prompts.
    ///   - masks: One or three masks per object.
    public func callAsFunction(
        embedding: Tensor,
        positions: Tensor,
        prompts: PromptEmbedding,
        masks: MaskCount
    ) throws(TensorError) -> MaskPrediction {
        let decoded = try decode(
            prompts,
            in: prepare(embedding, positions: positions, dense: prompts.dense, isShared: false)
        )
        let range = masks.tokens
        let objects = prompts.sparse.size(0)
        let side = ModelFrame.maskSide(ofTokens: decoded.image.size(1))
        let logits = try logits(
            of: (0..<objects).flatMap { object in
                range.map { DecodedPrompts.Mask(object: object, token: $0) }
            },
            in: decoded
        ).reshaped(objects, range.count, side, side)
        return MaskPrediction(logits: logits, scores: try decoded.scores.sliced(1, range))
    }

    /// Prepares what the objects of one image share, so that it is computed once.
    ///
    /// - Parameters:
    ///   - embedding: One image, `[1, 256, 64, 64]`.
    ///   - positions: ``PromptEncoder/imagePositions``.
    ///   - dense: ``PromptEmbedding/dense`` of the objects.
    ///   - isShared: Whether there are enough objects for the preparation to pay; without effect where
    ///     objects have masks as prompts.
    public func prepare(
        _ embedding: Tensor,
        positions: Tensor,
        dense: Tensor,
        isShared: Bool
    ) throws(TensorError) -> PreparedEmbedding {
        let plain = PreparedEmbedding(
            tokens: try (embedding + dense).flattenedTokens().contiguous(),
            positions: try positions.flattenedTokens().contiguous(),
            memory: nil
        )
        return isShared && plain.tokens.size(0) == 1 ? try shared(plain) : plain
    }

    /// Adds what pays where many objects share an image.
    package func shared(_ image: PreparedEmbedding) throws(TensorError) -> PreparedEmbedding {
        guard !image.isShared else { return image }
        return PreparedEmbedding(
            tokens: image.tokens,
            positions: image.positions,
            memory: try transformer.memory(of: image.tokens, image.positions)
        )
    }

    /// Everything but the masks themselves: their scores, and what they are made from.
    public func decode(
        _ prompts: PromptEmbedding,
        in image: PreparedEmbedding
    ) throws(TensorError) -> DecodedPrompts {
        let objects = prompts.sparse.size(0)
        let outputs = try outputTokens.unsqueezed(0).expanded([objects, -1, -1])
        let (tokens, renewed) = try transformer(
            tokens: Tensor.concatenated([outputs, prompts.sparse], axis: 1),
            image: image.tokens,
            imagePositions: image.positions,
            memory: image.memory
        )
        return DecodedPrompts(
            scores: try scoreHead(tokens.selected(1, 0)),
            tokens: tokens,
            image: renewed
        )
    }

    /// The logits of the masks that are wanted, `[masks, 256, 256]`, or less for a part of the frame.
    ///
    /// - Parameter masks: In ascending order of objects, not empty; masks of one object share work.
    public func logits(
        of masks: [DecodedPrompts.Mask],
        in decoded: DecodedPrompts
    ) throws(TensorError) -> Tensor {
        let tokens = Set(masks.map(\.token)).sorted()
        var weights: [Tensor] = []
        for token in tokens {
            weights.append(try maskHeads[token](decoded.tokens.selected(1, 1 + token)))
        }
        let rows = masks.map { mask in
            Int64(mask.object * tokens.count + (tokens.firstIndex(of: mask.token) ?? 0))
        }
        let all = try Tensor.stacked(weights, axis: 1)
            .reshaped(-1, weights[0].size(1))
        let chosen = try all.indexed(0, by: Tensor(rows, shape: [rows.count]).moved(to: all.device))
        return try upscaling(decoded.image, weights: chosen, objects: masks.map(\.object))
    }
}

/// What the objects of one image share in the mask decoder.
public struct PreparedEmbedding: Sendable {
    let tokens: Tensor  // [1 or objects, 4096, 256]
    let positions: Tensor  // [1, 4096, 256]; the model's own
    let memory: ProjectedAttention.Memory?

    /// Whether it has what pays for many objects.
    package var isShared: Bool { memory != nil }

    /// The same as a few objects use it.
    package var unshared: PreparedEmbedding {
        PreparedEmbedding(tokens: tokens, positions: positions, memory: nil)
    }

    /// Bytes of what belongs to this image alone.
    package var byteCount: Int {
        let count = tokens.count + (memory.map { $0.keys.count + $0.values.count } ?? 0)
        return count * MemoryLayout<Float>.size
    }
}

/// What the mask decoder knows of some objects before it makes masks: enough to decide which are wanted.
public struct DecodedPrompts: Sendable {
    /// One of the four masks of an object.
    public struct Mask: Hashable, Sendable {
        /// Which object.
        public let object: Int

        /// 0 is the single mask, 1, 2 and 3 are the three masks.
        public let token: Int

        /// Names a mask.
        public init(object: Int, token: Int) {
            self.object = object
            self.token = token
        }
    }

    /// The IoU that the model expects of each mask, `[objects, 4]`: the single mask, then the three.
    public let scores: Tensor

    let tokens: Tensor  // [objects, tokens, 256]
    let image: Tensor  // [objects, 4096, 256]
}

extension MaskCount {
    /// Which of the four masks these are, see ``DecodedPrompts/Mask/token``.
    public var tokens: Range<Int> { self == .single ? 0..<1 : 1..<4 }
}

extension ModelFrame {
    /// Side of the low-resolution mask logits where only a square part of the frame is there.
    static func maskSide(ofTokens count: Int) -> Int {
        4 * Int(Double(count).squareRoot().rounded())
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
