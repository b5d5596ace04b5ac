public import Imaging
public import SegmentAnything
public import Torch

/// What the image encoder found in one image; the basis of all its segmentations.
public struct ImageEmbedding: Sendable {
    /// `[1, 256, 64, 64]`, float32.
    public let features: Tensor

    /// From the image's pixels to the model's frame; knows the original and the resized size.
    public let transform: ResizeLongestSide

    /// Wraps features that are already there.
    public init(features: Tensor, transform: ResizeLongestSide) {
        self.features = features
        self.transform = transform
    }
}

/// What to segment: any combination of points, a box and a mask that stand for one object.
public struct ObjectPrompts: Sendable {
    /// A place that belongs to the object, or does not.
    public struct LabeledPoint: Hashable, Sendable {
        /// Where, in pixels of the image.
        public var position: Point<OriginalPixels>

        /// Whether the object is there.
        public var isInside: Bool

        /// Creates a point prompt.
        public init(_ position: Point<OriginalPixels>, isInside: Bool = true) {
            self.position = position
            self.isInside = isInside
        }
    }

    /// Points inside and outside of the object.
    public var points: [LabeledPoint]

    /// A box around the object.
    public var box: Box<OriginalPixels>?

    /// Logits of an earlier prediction, `[256, 256]` in row-major order, or nil.
    public var maskLogits: [Float]?

    /// Creates any combination.
    public init(
        points: [LabeledPoint] = [],
        box: Box<OriginalPixels>? = nil,
        maskLogits: [Float]? = nil
    ) {
        self.points = points
        self.box = box
        self.maskLogits = maskLogits
    }
}

/// Masks of one object, at the size of the image and at low resolution.
public struct ObjectMasks: Sendable {
    /// Mask logits at the size of the image; positive is foreground.
    ///
    /// One or three.
    public let logits: [Raster<Float>]

    /// The IoU that the model expects of each mask.
    public let scores: [Float]

    /// Logits `[masks, 256, 256]`, to be used as a prompt.
    public let lowResolutionLogits: Tensor

    /// The foreground of one mask.
    public func mask(_ index: Int) -> Raster<Bool> { logits[index].map { $0 > 0 } }
}

/// Runs a model on single images: embedding, prompts to masks, and the instance decoder.
public struct ImagePredictor: Sendable {
    /// The networks.
    public let model: SegmentAnythingModel

    /// Uses the given model.
    public init(_ model: SegmentAnythingModel) {
        self.model = model
    }

    /// Computes the embedding of an image.
    ///
    /// - Parameter image: Three channels, normalised to 0 ... 255 (``AnyRaster/normalizedRGB()``).
    public func embed(_ image: Raster<UInt8>) throws -> ImageEmbedding {
        let transform = try ResizeLongestSide(from: image.size)
        let input = try Tensor(modelInput: image.resized(to: transform.resizedSize))
        let features = try withInferenceMode { () throws(TensorError) in
            try model.imageEncoder(input.moved(to: model.device))
        }
        return ImageEmbedding(features: features, transform: transform)
    }

    /// Predicts masks of one object.
    public func predict(
        _ prompts: ObjectPrompts,
        in embedding: ImageEmbedding,
        masks: MaskCount
    ) throws -> ObjectMasks {
        try withInferenceMode {
            let prediction = try predictLogits(prompts, in: embedding, masks: masks)
            let resized = try Self.resize(prediction.logits, as: embedding.transform)
            return ObjectMasks(
                logits: try Self.rasters(resized.selected(0, 0)),
                scores: try prediction.scores.moved(to: .cpu).elements(as: Float.self),
                lowResolutionLogits: try prediction.logits.selected(0, 0)
            )
        }
    }

    /// Predicts foreground and distances with the instance decoder.
    ///
    /// - Throws: ``SegmentationError/noInstanceDecoder(model:)`` if the model has none.
    public func instanceMaps(of embedding: ImageEmbedding) throws -> InstanceMaps {
        guard let decoder = model.instanceDecoder else {
            throw SegmentationError.noInstanceDecoder(model: model.architecture.name)
        }
        let maps = try withInferenceMode { () throws(TensorError) in
            try Self.resizeModelFrame(
                decoder(embedding.features.moved(to: model.device)),
                as: embedding.transform
            )
        }
        let rasters = try Self.rasters(maps.selected(0, 0))
        return try InstanceMaps(
            foreground: rasters[0],
            centerDistances: rasters[1],
            boundaryDistances: rasters[2]
        )
    }
}

// MARK: - Prompts and post-processing

extension ImagePredictor {
    /// Low-resolution logits `[1, masks, 256, 256]` of one object.
    package func predictLogits(
        _ prompts: ObjectPrompts,
        in embedding: ImageEmbedding,
        masks: MaskCount
    ) throws(TensorError) -> MaskPrediction {
        let encoded = try model.promptEncoder(tensors(prompts, embedding.transform))
        return try model.maskDecoder(
            embedding: embedding.features.moved(to: model.device),
            positions: model.promptEncoder.imagePositions,
            prompts: encoded,
            masks: masks
        )
    }

    private func tensors(
        _ prompts: ObjectPrompts,
        _ transform: ResizeLongestSide
    ) throws(TensorError) -> PromptTensors {
        var result = PromptTensors()
        if !prompts.points.isEmpty {
            let places = prompts.points.map { transform.apply($0.position) }
            let coordinates = places.flatMap { [Float($0.x), Float($0.y)] }
            let labels = prompts.points.map { Int64($0.isInside ? 1 : 0) }
            result.points = (
                try Tensor(coordinates, shape: 1, places.count, 2).moved(to: model.device),
                try Tensor(labels, shape: 1, places.count).moved(to: model.device)
            )
        }
        if let box = prompts.box.map(transform.apply) {
            let corners = [box.minX, box.minY, box.maxX, box.maxY].map { Float($0) }
            result.boxes = try Tensor(corners, shape: 1, 4).moved(to: model.device)
        }
        if let logits = prompts.maskLogits {
            let side = ModelFrame.maskSide
            result.masks = try Tensor(logits, shape: 1, 1, side, side).moved(to: model.device)
        }
        return result
    }

    /// Low-resolution masks `[objects, masks, 256, 256]` to the size of the image.
    package static func resize(
        _ logits: Tensor,
        as transform: ResizeLongestSide
    ) throws(TensorError) -> Tensor {
        let framed = try logits.resizedBilinear(height: ModelFrame.side, width: ModelFrame.side)
        return try resizeModelFrame(framed, as: transform)
    }

    /// Maps `[batch, channels, 1024, 1024]` without their padding, to the size of the image.
    private static func resizeModelFrame(
        _ maps: Tensor,
        as transform: ResizeLongestSide
    ) throws(TensorError) -> Tensor {
        let (resized, original) = (transform.resizedSize, transform.originalSize)
        let cropped = try maps.sliced(2, 0..<resized.height).sliced(3, 0..<resized.width)
        guard resized != original else { return cropped }
        return try cropped.resizedBilinear(height: original.height, width: original.width)
    }

    /// The channels of `[channels, height, width]`, one raster each.
    private static func rasters(_ maps: Tensor) throws -> [Raster<Float>] {
        let size = Size(width: maps.size(2), height: maps.size(1))
        let planes = try maps.moved(to: .cpu).contiguous()
        return try (0..<maps.size(0)).map { channel in
            try Raster(
                size: size,
                samples: planes.selected(0, channel).elements(as: Float.self)
            )
        }
    }
}

/// What can go wrong in a segmentation, apart from lack of memory and bad images.
public enum SegmentationError: Error, Hashable, Sendable {
    /// Automatic segmentation with a decoder was asked of a model that has none.
    case noInstanceDecoder(model: String)
}

extension SegmentationError: CustomStringConvertible {
    /// What is missing, and what to use instead.
    public var description: String {
        switch self {
        case .noInstanceDecoder(let model):
            "the checkpoint (\(model)) has no decoder for automatic segmentation; "
                + "use a model such as vit_b_lm, or give the decoder's file"
        }
    }
}
