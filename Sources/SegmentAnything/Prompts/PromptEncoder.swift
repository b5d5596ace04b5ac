import Prompting
public import Torch
public import TorchNN

/// Prompts of one or more objects in the model's 1024 x 1024 frame, one object per batch entry.
public struct PromptTensors: Sendable {
    /// Points `[objects, points, 2]` as (x, y), with labels `[objects, points]`, int64: 1 inside the
    /// object, 0 outside, -1 for padding.
    public var points: (coordinates: Tensor, labels: Tensor)?

    /// Boxes `[objects, 4]` as (x0, y0, x1, y1).
    public var boxes: Tensor?

    /// Mask logits `[objects, 1, 256, 256]`.
    public var masks: Tensor?

    /// Any combination; all given tensors have the same number of objects.
    public init(
        points: (coordinates: Tensor, labels: Tensor)? = nil,
        boxes: Tensor? = nil,
        masks: Tensor? = nil
    ) {
        self.points = points
        self.boxes = boxes
        self.masks = masks
    }
}

/// What the mask decoder sees of the prompts.
public struct PromptEmbedding: Sendable {
    /// Tokens of points and boxes, `[objects, tokens, 256]`.
    public let sparse: Tensor

    /// Embedding of the mask prompts `[objects, 256, 64, 64]`, or `[1, 256, 1, 1]` without any.
    public let dense: Tensor
}

/// Turns prompts into tokens and a dense embedding.
///
/// - Source: Kirillov et al., Segment Anything (2023), appendix A, "Prompt encoder".
public struct PromptEncoder: Sendable {
    private let frequencies: Tensor  // [2, 128]
    private let pointTypes: Tensor  // [3, 256]: padding, outside, inside
    private let corners: Tensor  // [2, 256]
    private let noMask: Tensor  // [1, 256, 1, 1]
    private let maskLayers: MaskLayers

    /// The position encoding of the image embedding, `[1, 256, 64, 64]`.
    public let imagePositions: Tensor

    /// The position encoding of a square part of the frame, in tokens of 16 pixels.
    public func positions(x: Int, y: Int, side: Int) throws(TensorError) -> Tensor {
        try imagePositions.sliced(2, y..<y + side).sliced(3, x..<x + side)
    }

    /// The dense embedding of objects without mask prompt, `[1, 256, 1, 1]`.
    public var absentMask: Tensor { noMask }

    /// Reads the parameters below `prompt_encoder`.
    public init(from scope: ParameterScope) throws(ParameterError) {
        let channels = ModelFrame.embeddingChannels
        let frequencies = try scope["pe_layer"].parameter(
            "positional_encoding_gaussian_matrix",
            shape: [2, channels / 2]
        )
        var embeddings: [Tensor] = []
        for index in 0..<4 {
            embeddings.append(
                try scope["point_embeddings"][index].parameter("weight", shape: [1, channels])
            )
        }
        let padding = try scope["not_a_point_embed"].parameter("weight", shape: [1, channels])
        let noMask = try scope["no_mask_embed"].parameter("weight", shape: [1, channels])
        pointTypes = try scope.derive { () throws(TensorError) in
            try Tensor.concatenated([padding, embeddings[0], embeddings[1]], axis: 0)
        }
        corners = try scope.derive { () throws(TensorError) in
            try Tensor.concatenated([embeddings[2], embeddings[3]], axis: 0)
        }
        self.noMask = try scope.derive { () throws(TensorError) in
            try noMask.reshaped(1, channels, 1, 1)
        }
        imagePositions = try scope.derive { () throws(TensorError) in
            try Self.positionsOfImage(frequencies)
        }
        maskLayers = try MaskLayers(from: scope["mask_downscaling"])
        self.frequencies = frequencies
    }

    /// Encodes prompts; without any, the result has one object and no tokens.
    public func callAsFunction(_ prompts: PromptTensors) throws(TensorError) -> PromptEmbedding {
        var tokens: [Tensor] = []
        if let points = prompts.points {
            tokens.append(try encode(points, isPadded: prompts.boxes == nil))
        }
        if let boxes = prompts.boxes {
            let pixels = try boxes.reshaped(-1, 2, 2)
            tokens.append(try encode(pixels) + corners)
        }
        let objects = prompts.masks?.size(0) ?? 1
        let sparse =
            tokens.isEmpty
            ? try Tensor.zeros(
                [objects, 0, ModelFrame.embeddingChannels],
                on: frequencies.device
            )
            : try Tensor.concatenated(tokens, axis: 1)
        let dense = try prompts.masks.map { (masks) throws(TensorError) in
            try maskLayers(masks)
        }
        return PromptEmbedding(sparse: sparse, dense: dense ?? noMask)
    }

    /// Tokens of points; a padding point stands for the missing box.
    private func encode(
        _ points: (coordinates: Tensor, labels: Tensor),
        isPadded: Bool
    ) throws(TensorError) -> Tensor {
        var (coordinates, labels) = points
        if isPadded {
            let objects = coordinates.size(0)
            let (nowhere, padding) = (
                try Tensor.zeros([objects, 1, 2], on: coordinates.device),
                try Tensor.full(-1, shape: [objects, 1], dtype: .int64, on: labels.device)
            )
            coordinates = try Tensor.concatenated([coordinates, nowhere], axis: 1)
            labels = try Tensor.concatenated([labels, padding], axis: 1)
        }
        let types = try pointTypes.indexed(0, by: (labels + 1).reshaped(-1))
            .reshaped(labels.size(0), labels.size(1), -1)
        let isPoint = try (labels .> -0.5).converted(to: .float32).unsqueezed(2)
        return try encode(coordinates) * isPoint + types
    }

    /// The position encoding of pixel coordinates, `[..., 2]` to `[..., 256]`.
    private func encode(_ coordinates: Tensor) throws(TensorError) -> Tensor {
        try Self.encode((coordinates + 0.5) / Double(ModelFrame.side), frequencies)
    }

    /// Sines and cosines of random projections of points in the unit square.
    private static func encode(
        _ unit: Tensor,
        _ frequencies: Tensor
    ) throws(TensorError) -> Tensor {
        let angles = try (unit * 2 - 1).matmul(frequencies) * (2 * Double.pi)
        return try Tensor.concatenated([angles.sine(), angles.cosine()], axis: -1)
    }

    private static func positionsOfImage(_ frequencies: Tensor) throws(TensorError) -> Tensor {
        let side = ModelFrame.embeddingSide
        let centres = (0..<side * side).flatMap { index in
            [index % side, index / side].map { (Float($0) + 0.5) / Float(side) }
        }
        let unit = try Tensor(centres, shape: side, side, 2).moved(to: frequencies.device)
        // Channels stay innermost, as the mask decoder takes them, so that no image needs a copy.
        return try encode(unit, frequencies).permuted(2, 0, 1).unsqueezed(0)
    }
}

/// The convolutions that bring mask prompts to the size of the image embedding.
private struct MaskLayers: Sendable {
    private let convolution1: Conv2D
    private let norm1: LayerNorm2D
    private let convolution2: Conv2D
    private let norm2: LayerNorm2D
    private let convolution3: Conv2D

    init(from scope: ParameterScope) throws(ParameterError) {
        convolution1 = try Conv2D(from: scope[0], inputs: 1, outputs: 4, kernel: 2, stride: 2)
        norm1 = try LayerNorm2D(from: scope[1], channels: 4)
        convolution2 = try Conv2D(from: scope[3], inputs: 4, outputs: 16, kernel: 2, stride: 2)
        norm2 = try LayerNorm2D(from: scope[4], channels: 16)
        convolution3 = try Conv2D(
            from: scope[6],
            inputs: 16,
            outputs: ModelFrame.embeddingChannels,
            kernel: 1
        )
    }

    /// `[objects, 1, 256, 256]` to `[objects, 256, 64, 64]`.
    func callAsFunction(_ masks: Tensor) throws(TensorError) -> Tensor {
        let first = try norm1(convolution1(masks)).gelu()
        let second = try norm2(convolution2(first)).gelu()
        return try convolution3(second)
    }
}
