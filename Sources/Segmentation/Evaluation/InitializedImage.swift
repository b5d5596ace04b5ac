public import Imaging
public import Prompting

/// An image after the expensive half of automatic segmentation: many parameters can be tried.
///
/// Parameters go by the names of micro-sam; those that are not given have its defaults.
public struct InitializedImage: Sendable {
    private enum State: Sendable {
        case maps(InstanceMaps)
        case candidates(MaskCandidates)
        case prompts(InstanceMaps, ImageEmbeddings, ImagePredictor)
    }

    private let state: State

    /// Size of the image.
    public let size: Size

    /// Runs the networks.
    ///
    /// - Parameters:
    ///   - image: Three channels, normalised.
    ///   - embeddings: Of the image.
    ///   - maps: Of the image, if they are known already.
    public init(
        _ method: AutomaticMode,
        _ image: Raster<UInt8>,
        _ embeddings: ImageEmbeddings,
        _ predictor: ImagePredictor,
        maps: InstanceMaps? = nil
    ) throws {
        size = image.size
        switch (method, embeddings) {
        case (.instanceDecoder, _):
            state = .maps(try maps ?? predictor.instanceMaps(of: embeddings))
        case (.maskGeneration, .whole(let embedding)):
            state = .candidates(try predictor.maskCandidates(of: image, embedding: embedding))
        case (.maskGeneration, .tiled(let tiled)):
            state = .candidates(try predictor.maskCandidates(of: tiled))
        case (.generatedPrompts, _):
            state = .prompts(
                try maps ?? predictor.instanceMaps(of: embeddings),
                embeddings,
                predictor
            )
        }
    }

    /// Computes what does not depend on parameters, of an image that was perhaps enlarged.
    ///
    /// - Throws: As ``init(_:_:_:_:maps:)``.
    public init(
        _ method: AutomaticMode,
        _ image: Raster<UInt8>,
        _ embedded: EnlargedEmbedding,
        _ predictor: ImagePredictor
    ) throws {
        try self.init(method, image, embedded.whereObjectsAre, predictor, maps: embedded.maps)
    }

    /// The objects for some parameters.
    ///
    /// What the next parameters may need again is kept: smoothed maps, the objects before small ones
    /// are removed, and the masks of derived points.
    ///
    /// - Parameter parameters: Values by name; switches are 0 or 1.
    /// - Throws: `ImagingError.invalidParameter` for a name that the method does not know.
    public mutating func segmented(_ parameters: [String: Double] = [:]) throws -> LabelImage {
        var options = AutomaticSegmentationOptions()
        switch state {
        case .maps(let maps):
            try options.set(parameters, of: .instanceDecoder)
            return try watershed(maps, options.watershed)
        case .candidates(let candidates):
            try options.set(parameters, of: .maskGeneration)
            return try candidates.segmented(options.filter)
        case .prompts(let maps, let embeddings, let predictor):
            try options.set(parameters, of: .generatedPrompts)
            return try generated(maps, embeddings, predictor, options.prompts)
        }
    }

    // MARK: - What is kept

    private struct Smoothing: Hashable {
        let foreground: Double
        let distances: Double
    }

    private var smoothedMaps: [Smoothing: InstanceMaps] = [:]
    private var flooded: (options: WatershedOptions, labels: LabelImage)?
    private var prompted: (options: PromptGenerationOptions, masks: [PredictedMask])?

    /// As `InstanceMaps.segmented`, with all steps that are known already left out.
    private mutating func watershed(
        _ maps: InstanceMaps,
        _ options: WatershedOptions
    ) throws -> LabelImage {
        var key = options
        key.minimumSize = 0
        let labels: LabelImage
        if let flooded, flooded.options == key {
            labels = flooded.labels
        } else {
            let smooth = try smoothed(maps, options)
            labels = try LabelImage(
                flooding: smooth.boundaryDistances,
                from: smooth.seeds(options),
                within: smooth.foregroundMask(options)
            )
            flooded = (key, labels)
        }
        guard options.minimumSize > 0 else { return labels }
        return labels.removingObjects(smallerThan: options.minimumSize)
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
        // A grid has few smoothings; whoever tries more pays with time instead of memory.
        if smoothedMaps.count >= 16 { smoothedMaps = [:] }
        let result = try maps.smoothed(options)
        smoothedMaps[key] = result
        return result
    }

    /// As `ImagePredictor.segmentFromGeneratedPrompts`, with the masks of known points reused.
    private mutating func generated(
        _ maps: InstanceMaps,
        _ embeddings: ImageEmbeddings,
        _ predictor: ImagePredictor,
        _ options: PromptGenerationOptions
    ) throws -> LabelImage {
        var key = options
        key.minimumSize = 0
        // No two masks overlap more than entirely, so all are kept.
        key.overlapThreshold = 2
        key.overlapMeasure = .intersectionOverUnion
        let all: [PredictedMask]
        if let prompted, prompted.options == key {
            all = prompted.masks
        } else {
            all = try predictor.generatedMasks(maps, in: embeddings, key)
            prompted = (key, all)
        }
        let candidates = all.filter {
            options.minimumSize == 0 || $0.pixels.area > options.minimumSize
        }
        let kept = NonMaximumSuppression.keptMasks(
            candidates.map(\.pixels),
            scores: candidates.map { $0.score * $0.stability },
            threshold: options.overlapThreshold,
            measure: options.overlapMeasure
        )
        var painting = MaskPaintingOptions()
        painting.minimumSize = options.minimumSize
        return try LabelImage(
            painting: kept.map { candidates[$0].pixels },
            size: maps.size,
            painting
        )
    }
}
