public import Imaging
public import Prompting
public import SegmentAnything
import Torch

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
    /// - Parameters:
    ///   - image: Three channels, normalised to 0 ... 255 (`AnyRaster/normalizedRGB()`).
    ///   - work: Can end, or give way to something else, between two blocks of the encoder.
    public func embed(
        _ image: Raster<UInt8>,
        _ work: Work = Work()
    ) throws -> ImageEmbedding {
        let transform = try ResizeLongestSide(from: image.size)
        let resized = try image.resized(to: transform.resizedSize)
        let input = try Tensor(modelInput: resized, padding: model.padding)
        let features = try withInferenceMode {
            try model.imageEncoder(input.moved(to: model.device), between: work.checkpoint)
        }
        return ImageEmbedding(
            features: features,
            transform: transform,
            frame: usesImage ? .resized(resized) : nil
        )
    }

    /// Whether the decoder for automatic segmentation needs the image beside its embedding.
    var usesImage: Bool { model.instanceDecoder?.usesImage ?? false }

    /// Predicts masks of one object, with their logits.
    ///
    /// - Parameter masks: One, or three that differ in extent.
    public func predict(
        _ prompts: ObjectPrompts,
        in embedding: ImageEmbedding,
        masks: MaskCount
    ) throws -> [PredictedMask] {
        var options = BatchOptions()
        options.masks = masks
        options.keepsBestOnly = false
        options.keepsLogits = true
        return try predict([prompts], in: embedding, options)
    }

    /// Predicts foreground and distances with the instance decoder.
    ///
    /// - Parameter work: Can end, or give way to something else, between two layers of the decoder.
    /// - Throws: ``SegmentationError/noInstanceDecoder(model:)`` if the model has none;
    ///   ``SegmentationError/decoderNeedsImage`` if it has a detail path, and the embedding comes from a file
    ///   and was not given its image by ``ImageEmbedding/showing(_:)``.
    public func instanceMaps(
        of embedding: ImageEmbedding,
        _ work: Work = Work()
    ) throws -> InstanceMaps {
        guard let decoder = model.instanceDecoder else {
            throw SegmentationError.noInstanceDecoder(model: model.architecture.name)
        }
        return try embedding.preparations.maps(for: model) {
            let input = try decoder.usesImage ? input(of: embedding, work) : nil
            let maps = try withInferenceMode {
                try Self.resizeModelFrame(
                    decoder(
                        embedding.features.moved(to: model.device),
                        image: input?.moved(to: model.device),
                        height: embedding.transform.resizedSize.height,
                        width: embedding.transform.resizedSize.width,
                        between: work.checkpoint
                    ),
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
}

// MARK: - Prompts and post-processing

extension ImagePredictor {
    /// What the encoder saw of an image, `[1, 3, 1024, 1024]`.
    private func input(of embedding: ImageEmbedding, _ work: Work) throws -> Tensor {
        guard let frame = embedding.frame else { throw SegmentationError.decoderNeedsImage }
        return try Tensor(
            modelInput: frame.pixels(embedding.transform, work),
            padding: model.padding
        )
    }

    func tensors(
        _ objects: [TilePrompts],
        _ transform: ResizeLongestSide
    ) throws(TensorError) -> PromptTensors {
        var result = PromptTensors()
        let points = objects.flatMap(\.points)
        if !points.isEmpty {
            let places = points.map { transform.apply($0.position) }
            let shape = [objects.count, points.count / objects.count]
            result.points = (
                try Tensor(places.flatMap { [Float($0.x), Float($0.y)] }, shape: shape + [2])
                    .moved(to: model.device),
                try Tensor(points.map { Int64($0.isInside ? 1 : 0) }, shape: shape)
                    .moved(to: model.device)
            )
        }
        let boxes = objects.compactMap(\.box).map(transform.apply)
        if !boxes.isEmpty {
            let corners = boxes.flatMap { [$0.minX, $0.minY, $0.maxX, $0.maxY].map(Float.init) }
            result.boxes = try Tensor(corners, shape: boxes.count, 4).moved(to: model.device)
        }
        let masks = objects.compactMap(\.maskLogits)
        if !masks.isEmpty {
            let side = ModelFrame.maskSide
            result.masks = try Tensor(Array(masks.joined()), shape: masks.count, 1, side, side)
                .moved(to: model.device)
        }
        return result
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

    /// Layers of crops were asked for without the image, whose crops have to be embedded.
    case cropsNeedImage

    /// The decoder has a detail path and looks at the image too, but was given an embedding alone.
    case decoderNeedsImage

    /// Objects were to be joined from the tiles of a plane that was shown as a whole.
    case noTiles
}

extension SegmentationError: CustomStringConvertible {
    /// What is missing, and what to use instead.
    public var description: String {
        switch self {
        case .noInstanceDecoder(let model):
            "the checkpoint (\(model)) has no decoder for automatic segmentation; "
                + "use a model such as vit_b_lm, or give the decoder's file"
        case .cropsNeedImage:
            "layers of crops need the image, because each crop is embedded on its own; "
                + "give the image, or ask for no layers"
        case .decoderNeedsImage:
            "the decoder of this model looks at the image beside its embedding, and was given the "
                + "embedding alone; give the image, too"
        case .noTiles:
            "the plane was shown to the model as a whole and has no tiles to be joined; "
                + "divide it into tiles, or find its objects as a whole"
        }
    }
}
