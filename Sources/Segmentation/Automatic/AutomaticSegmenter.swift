public import Imaging
public import Prompting
import SegmentAnything

/// What the model says of an image, before thresholds are applied: the expensive half.
public enum AutomaticState: Sendable {
    /// Maps of the decoder; for both modes that use it.
    case maps(InstanceMaps)
    /// Masks from a grid of points.
    case candidates(MaskCandidates)
}

/// Finds all objects of an image in any mode, whether the image is in one piece or in tiles.
///
/// ```swift
/// let segmenter = try AutomaticSegmenter(predictor)            // AIS or AMG, as the model allows
/// let embeddings = ImageEmbeddings.whole(try predictor.embed(image))
/// let state = try segmenter.initialize(embeddings)
/// let labels = try segmenter.segment(state, in: embeddings)    // again with other thresholds
/// ```
public struct AutomaticSegmenter: Sendable {
    /// The networks.
    public let predictor: ImagePredictor

    /// Which of the ways is taken.
    public let mode: AutomaticMode

    /// Thresholds and the like.
    public var options: AutomaticSegmentationOptions

    /// Chooses the mode.
    ///
    /// - Throws: ``SegmentationError/noInstanceDecoder(model:)`` if a mode was asked for that needs a
    ///   decoder, and the model has none.
    public init(
        _ predictor: ImagePredictor,
        _ options: AutomaticSegmentationOptions = AutomaticSegmentationOptions()
    ) throws(SegmentationError) {
        let hasDecoder = predictor.model.instanceDecoder != nil
        mode = options.mode ?? (hasDecoder ? .instanceDecoder : .maskGeneration)
        guard hasDecoder || mode == .maskGeneration else {
            throw .noInstanceDecoder(model: predictor.model.architecture.name)
        }
        self.predictor = predictor
        self.options = options
    }

    /// Runs the model.
    ///
    /// - Parameters:
    ///   - embeddings: Of the image.
    ///   - image: Three channels, normalised; needed for layers of crops only, which are embedded
    ///     on their own.
    ///   - work: Told how many tiles or points are done.
    /// - Throws: ``TilingError/cropLayers`` for crops of an image in tiles;
    ///   ``TensorError``; `CancellationError` if the work is cancelled.
    public func initialize(
        _ embeddings: ImageEmbeddings,
        image: Raster<UInt8>? = nil,
        _ work: Work = Work()
    ) throws -> AutomaticState {
        guard mode == .maskGeneration else {
            return .maps(try predictor.instanceMaps(of: embeddings, work))
        }
        let generation = options.generation
        switch embeddings {
        case .whole(let embedding):
            return .candidates(
                try predictor.maskCandidates(
                    of: image,
                    embedding: embedding,
                    generation,
                    work
                )
            )
        case .tiled(let tiled):
            return .candidates(
                try predictor.maskCandidates(of: tiled, generation, work)
            )
        }
    }

    /// Turns what the model said into objects, with the present ``options``.
    ///
    /// Only automatic prompt generation runs the model here.
    ///
    /// - Parameters:
    ///   - state: What ``initialize(_:image:_:)`` returned, of a segmenter of the same mode
    ///     (maps serve both modes of the decoder).
    ///   - embeddings: Of the same image.
    ///   - work: Told how many prompts are done, where the model is run.
    /// - Throws: ``SegmentationError/wrongState(mode:)`` if the state is that of another mode.
    public func segment(
        _ state: AutomaticState,
        in embeddings: ImageEmbeddings,
        _ work: Work = Work()
    ) throws -> LabelImage {
        switch (mode, state) {
        case (.instanceDecoder, .maps(let maps)):
            if let blocking = embeddings.blocking, !options.floodsWholeImage {
                return try maps.segmented(options.watershed, in: blocking)
            }
            return try maps.segmented(options.watershed)
        case (.generatedPrompts, .maps(let maps)):
            return try predictor.segmentFromGeneratedPrompts(
                maps,
                in: embeddings,
                options.prompts,
                work
            )
        case (.maskGeneration, .candidates(let candidates)):
            return try candidates.segmented(
                options.filter,
                removesBackground: options.removesLargestObject
            )
        case (.instanceDecoder, .candidates), (.generatedPrompts, .candidates),
            (.maskGeneration, .maps):
            throw SegmentationError.wrongState(mode: mode.rawValue)
        }
    }

    /// Finds all objects: both halves at once.
    public func segment(
        _ embeddings: ImageEmbeddings,
        image: Raster<UInt8>? = nil,
        _ work: Work = Work()
    ) throws -> LabelImage {
        try segment(initialize(embeddings, image: image, work), in: embeddings, work)
    }
}
