public import Imaging
public import Prompting
import SegmentAnything

/// One mask that was predicted for an object.
public struct PromptedMask: Sendable {
    /// Which of the given objects it belongs to.
    public let object: Int

    /// Which of several masks of the object this is, from 0; 0 where there is one.
    public let index: Int

    /// Its pixels in the image.
    public let mask: RunLengthMask

    /// The IoU that the model expects of it.
    public let score: Double

    /// How little it depends on its threshold, 0...1.
    public let stability: Double

    /// How many points were left out because they lie outside of the tile of the object.
    public let droppedPoints: Int
}

extension ImagePredictor {
    /// Segments objects from any combination of prompts each, all of them in batches.
    ///
    /// What becomes of each prompt, and which of the predicted masks are returned, `docs/prompts.md`
    /// describes; with the default options it is what micro-sam does.
    ///
    /// - Parameters:
    ///   - objects: The objects and their prompts, in pixels of the image.
    ///   - embedding: Of the whole image.
    ///   - options: How prompts are used and which masks are returned.
    ///   - progress: Receives the number of predictions done and of all; refinements count, too.
    /// - Returns: Masks in the order of the objects; one for each, three for
    ///   ``PromptOptions/MaskChoice/all``.
    /// - Throws: ``PromptUseError`` that names the object whose prompts can not be used; ``TensorError``;
    ///   `CancellationError` if the task is cancelled between batches.
    /// - Source: `prompt_based_segmentation.py` in micro-sam.
    public func segment(
        _ objects: [PromptedObject],
        in embedding: ImageEmbedding,
        _ options: PromptOptions = PromptOptions(),
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> [PromptedMask] {
        try requireUsable(options)
        let size = embedding.transform.originalSize
        let resolver = PromptResolver(imageSize: size, frame: size, options: options)
        var run = PromptedRun(
            objects: try objects.map(resolver.resolve),
            options: options,
            predictor: self
        )
        return try run.masks(in: embedding) {
            progress($0, objects.count * (1 + options.refinements))
        }
    }

    func requireUsable(_ options: PromptOptions) throws(ImagingError) {
        guard let defect = options.defect else { return }
        throw .invalidParameter("prompt options", reason: defect)
    }
}

/// The predictions of some objects in one embedding, round by round.
struct PromptedRun {
    private var objects: [ObjectPrompts]
    private let options: PromptOptions
    private let predictor: ImagePredictor

    init(
        objects: [ObjectPrompts],
        options: PromptOptions,
        predictor: ImagePredictor
    ) {
        self.objects = objects
        self.options = options
        self.predictor = predictor
    }

    /// The masks of all objects, in their order.
    mutating func masks(
        in embedding: ImageEmbedding,
        progress: (Int) -> Void
    ) throws -> [PromptedMask] {
        var results: [[PromptedMask]] = []
        for round in 0...options.refinements {
            results = [[PromptedMask]](repeating: [], count: objects.count)
            var done = round * objects.count
            for count in [MaskCount.single, .multiple] {
                let chosen = objects.indices.filter { maskCount(of: objects[$0], round) == count }
                guard !chosen.isEmpty else { continue }
                let isLast = round == options.refinements
                try predict(chosen, count, keepsLogits: !isLast, embedding, &results) {
                    progress(done + $0)
                }
                done += chosen.count
            }
        }
        return results.flatMap { $0 }
    }

    /// Refinements follow a mask, which leaves little doubt.
    private func maskCount(of object: ObjectPrompts, _ round: Int) -> MaskCount {
        switch options.masks {
        case .single: .single
        case .automatic: object.isSinglePositivePoint && round == 0 ? .multiple : .single
        case .best, .all, .smallest, .middle, .largest: .multiple
        }
    }

    private mutating func predict(
        _ chosen: [Int],
        _ count: MaskCount,
        keepsLogits: Bool,
        _ embedding: ImageEmbedding,
        _ results: inout [[PromptedMask]],
        progress: (Int) -> Void
    ) throws {
        let resampler = MaskResampler(embedding.transform)
        var batchOptions = BatchOptions()
        batchOptions.maskThreshold = .logit(Float(options.maskThreshold))
        var logits: [Int: [Float]] = [:]
        try predictor.decode(
            chosen.map { objects[$0] },
            in: embedding,
            batchSize: options.batchSize,
            progress: progress
        ) { batch in
            let wanted = batch.scores.indices.flatMap { place in
                tokens(count, batch.scores[place]).map {
                    DecodedPrompts.Mask(object: place, token: $0)
                }
            }
            let low = try batch.logits(of: wanted, with: predictor.model)
            let made = try low.resampled(resampler, batchOptions)
            for place in batch.indices.indices {
                let all = wanted.indices.filter { wanted[$0].object == place }
                let object = chosen[batch.indices[place]]
                let kept = selected(all, areas: all.map { made[$0].mask.area })
                results[object] = kept.enumerated().map { index, mask in
                    PromptedMask(
                        object: object,
                        index: index,
                        mask: made[mask].mask,
                        score: Double(batch.scores[place][wanted[mask].token]),
                        stability: made[mask].stability,
                        droppedPoints: 0
                    )
                }
                if keepsLogits, let mask = kept.first { logits[object] = try low.values(mask) }
            }
        }
        for (object, values) in logits { objects[object].maskLogits = values }
    }

    /// Which masks are made of those that the scores tell of.
    private func tokens(_ count: MaskCount, _ scores: [Float]) -> [Int] {
        let tokens = Array(count.tokens)
        switch options.masks {
        case .all, .smallest, .middle, .largest: return tokens
        case .automatic, .single, .best:
            let best = tokens.map { scores[$0] }.max()
            return [tokens.first { scores[$0] == best } ?? tokens[0]]
        }
    }

    /// Those of an object's masks that are kept; of equal areas the earlier one is the smaller.
    private func selected(_ masks: [Int], areas: [Int]) -> [Int] {
        let bySize = masks.indices.sorted { (areas[$0], $0) < (areas[$1], $1) }.map { masks[$0] }
        guard bySize.count == 3 else { return masks }
        switch options.masks {
        case .smallest: return [bySize[0]]
        case .middle: return [bySize[1]]
        case .largest: return [bySize[2]]
        default: return masks
        }
    }
}

extension ObjectPrompts {
    /// Whether all that is known is one place inside the object.
    var isSinglePositivePoint: Bool {
        points.count == 1 && points[0].isInside && box == nil && maskLogits == nil
    }
}

// MARK: - Results

extension PromptedMask {
    /// The mask as files and messages hold it.
    public func prediction(of objects: [PromptedObject]) -> ObjectPrediction {
        ObjectPrediction(
            of: objects[object],
            maskIndex: index,
            mask: mask,
            score: score,
            stability: stability
        )
    }
}

extension LabelImage {
    /// Paints predicted masks with the ids of their objects; of several masks of one object the best.
    ///
    /// - Throws: ``ImagingError`` if a mask has another size.
    public init(
        painting masks: [PromptedMask],
        of objects: [PromptedObject],
        size: Size,
        _ options: PromptOptions
    ) throws(ImagingError) {
        try self.init(
            painting: masks.map {
                PaintedMask(label: objects[$0.object].id, mask: $0.mask, score: $0.score)
            },
            size: size,
            overlap: options.overlap,
            minimumSize: options.minimumSize
        )
    }
}
