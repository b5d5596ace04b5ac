public import Imaging
public import Prompting
import SegmentAnything

/// Automatic segmentation of one image, stage by stage: what a changed parameter does not touch is not
/// computed again.
///
/// The stages are the decoder's maps or the masks of a grid of points (minutes to seconds), smoothing,
/// flooding or the masks of generated prompts, and the choice by size and overlap (milliseconds). This is the
/// only implementation: a batch runs through it once, sliders and parameter searches many times.
///
/// ```swift
/// var state = AutomaticState(embeddings, predictor)
/// let labels = try state.labels(options)
/// options.watershed.minimumSize = 50
/// let fewer = try state.labels(options)                     // at once
/// ```
public struct AutomaticState: Sendable {
    /// The embeddings of the image.
    public let embeddings: ImageEmbeddings

    private let predictor: ImagePredictor

    /// The image: nothing is found where nothing can be seen, and layers of crops are embedded on their own.
    private let pixels: PlanePixels?

    /// Whether the results of stages are kept for the next parameters, which costs memory.
    private let keepsStages: Bool

    private var maps: InstanceMaps?
    private var candidates: (options: MaskGenerationOptions, masks: MaskCandidates)?
    private var smoothedMaps: [Smoothing: InstanceMaps] = [:]
    private var flooded: (options: Flooding, labels: LabelImage)?
    private var generated: (options: PromptGenerationOptions, masks: [PredictedMask])?

    /// Begins with the embeddings of an image; no network runs yet.
    ///
    /// - Parameters:
    ///   - pixels: The image; needed for layers of crops, which are embedded on their own, and to find
    ///     nothing where nothing can be seen.
    ///   - maps: The decoder's maps, if they are known already.
    ///   - keepsStages: Whether other parameters will follow.
    public init(
        _ embeddings: ImageEmbeddings,
        _ predictor: ImagePredictor,
        pixels: PlanePixels? = nil,
        maps: InstanceMaps? = nil,
        keepsStages: Bool = true
    ) {
        self.embeddings = embeddings
        self.predictor = predictor
        self.pixels = pixels
        self.maps = maps
        self.keepsStages = keepsStages
    }

    /// Size of the image.
    public var size: Size { embeddings.imageSize }

    /// The mode of some options, or that which suits the model.
    ///
    /// - Throws: ``SegmentationError/noInstanceDecoder(model:)`` if the mode needs a decoder, and the model has
    ///   none.
    public func mode(
        of options: AutomaticSegmentationOptions
    ) throws(SegmentationError) -> AutomaticMode {
        let hasDecoder = predictor.model.instanceDecoder != nil
        let mode = options.mode ?? (hasDecoder ? .instanceDecoder : .maskGeneration)
        guard hasDecoder || mode == .maskGeneration else {
            throw .noInstanceDecoder(model: predictor.model.architecture.name)
        }
        return mode
    }

    /// Runs the networks as far as they do not depend on thresholds.
    ///
    /// Afterwards ``labels(_:_:)`` needs no network, except for generated prompts.
    ///
    /// - Throws: ``TilingError/cropLayers`` for crops of an image in tiles; `TensorError`;
    ///   `CancellationError`.
    public mutating func prepare(
        _ options: AutomaticSegmentationOptions,
        _ work: Work = Work()
    ) throws {
        guard try pixels?.isBlank(work) != true else { return }
        switch try mode(of: options) {
        case .instanceDecoder, .generatedPrompts:
            if maps == nil { maps = try predictor.instanceMaps(of: embeddings, work) }
        case .maskGeneration:
            guard candidates?.options != options.generation else { return }
            candidates = nil
            work.decide(.pointGrid(options.generation))
            candidates = (options.generation, try candidates(options.generation, work))
        }
    }

    private func candidates(
        _ options: MaskGenerationOptions,
        _ work: Work
    ) throws -> MaskCandidates {
        switch embeddings {
        case .whole(let embedding):
            let image = options.cropLayers > 0 ? try pixels?.whole(work) : nil
            return try predictor.maskCandidates(of: image, embedding: embedding, options, work)
        case .tiled(let tiled):
            return try predictor.maskCandidates(of: tiled, options, work)
        }
    }

    /// The decoder's maps, if they were needed so far.
    public var instanceMaps: InstanceMaps? { maps }

    /// The candidates of a grid of points, if they were needed so far.
    public var maskCandidates: MaskCandidates? { candidates?.masks }

    // MARK: - Labels

    /// The objects for some options; none in an image in which nothing can be seen.
    ///
    /// - Throws: As ``prepare(_:_:)``; `ImagingError` for an option out of range.
    public mutating func labels(
        _ options: AutomaticSegmentationOptions,
        _ work: Work = Work()
    ) throws -> LabelImage {
        guard try pixels?.isBlank(work) != true else { return LabelImage(size: size) }
        try prepare(options, work)
        switch try mode(of: options) {
        case .instanceDecoder:
            return try watershed(options, work)
        case .generatedPrompts:
            return try objects(ofPrompts: options.prompts, work)
        case .maskGeneration:
            guard let candidates else { return LabelImage(size: size) }
            return try candidates.masks.segmented(
                options.filter,
                removesBackground: options.removesLargestObject,
                work
            )
        }
    }

    // MARK: - Watershed

    private struct Smoothing: Hashable {
        let foreground: Double
        let distances: Double
    }

    private struct Flooding: Hashable {
        let options: WatershedOptions
        let isWhole: Bool
    }

    private mutating func watershed(
        _ options: AutomaticSegmentationOptions,
        _ work: Work
    ) throws -> LabelImage {
        var key = options.watershed
        key.minimumSize = 0
        let flooding = Flooding(options: key, isWhole: options.floodsWholeImage)
        let labels: LabelImage
        if let flooded, flooded.options == flooding {
            labels = flooded.labels
        } else {
            labels = try floodedLabels(flooding, work)
            if keepsStages { flooded = (flooding, labels) }
        }
        guard options.watershed.minimumSize > 0 else { return labels }
        return labels.removingObjects(smallerThan: options.watershed.minimumSize)
    }

    private mutating func floodedLabels(_ flooding: Flooding, _ work: Work) throws -> LabelImage {
        guard let maps else { return LabelImage(size: size) }
        if let blocking = embeddings.blocking, !flooding.isWhole {
            return try maps.segmented(flooding.options, in: blocking)
        }
        let smooth = try smoothed(maps, flooding.options)
        try work.checkpoint()
        return try LabelImage(
            flooding: smooth.boundaryDistances,
            from: smooth.seeds(flooding.options),
            within: smooth.foregroundMask(flooding.options)
        )
    }

    private mutating func smoothed(
        _ maps: InstanceMaps,
        _ options: WatershedOptions
    ) throws -> InstanceMaps {
        let key = Smoothing(
            foreground: options.foregroundSmoothing,
            distances: options.distanceSmoothing
        )
        if let known = smoothedMaps[key] { return known }
        let result = try maps.smoothed(options)
        guard keepsStages else { return result }
        // A search has few smoothings; a slider that passes many pays with time instead of memory.
        if smoothedMaps.count >= 16 { smoothedMaps = [:] }
        smoothedMaps[key] = result
        return result
    }

    // MARK: - Generated prompts

    private mutating func objects(
        ofPrompts options: PromptGenerationOptions,
        _ work: Work
    ) throws -> LabelImage {
        guard let maps else { return LabelImage(size: size) }
        var key = options
        (key.minimumSize, key.maximumSize) = (0, nil)
        // These choose among the masks, and change none.
        key.overlapThreshold = PromptGenerationOptions().overlapThreshold
        key.overlapMeasure = PromptGenerationOptions().overlapMeasure
        let masks: [PredictedMask]
        if let generated, generated.options == key {
            masks = generated.masks
        } else {
            masks = try predictor.maskCandidates(ofPrompts: maps, in: embeddings, key, work)
            if keepsStages { generated = (key, masks) }
        }
        var painting = MaskPaintingOptions()
        painting.minimumSize = options.minimumSize
        let chosen = try options.chosen(of: masks, work).map(\.pixels)
        try work.checkpoint()
        return try LabelImage(painting: chosen, size: maps.size, painting)
    }
}
