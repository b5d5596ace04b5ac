import Imaging
public import Prompting
import SegmentAnything

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
    ///   - keepsLogits: Whether the logits of the masks are returned, too.
    ///   - work: Told how many predictions are done; refinements count, too.
    /// - Returns: Masks in the order of the objects; one for each, three for
    ///   `PromptOptions/MaskChoice/all`.
    /// - Throws: ``PromptUseError`` that names the object whose prompts cannot be used; `TensorError`;
    ///   `CancellationError` if the work is cancelled between batches.
    /// - Source: `prompt_based_segmentation.py` in micro-sam.
    public func segment(
        _ objects: [PromptedObject],
        in embedding: ImageEmbedding,
        _ options: PromptOptions = PromptOptions(),
        keepsLogits: Bool = false,
        _ work: Work = Work()
    ) throws -> [PredictedMask] {
        try requireUsable(options)
        let size = embedding.transform.originalSize
        let resolver = PromptResolver(imageSize: size, frame: size, options: options)
        // All prompts are looked at before any is predicted.
        let gathered = try objects.map { try resolver.gather($0) }
        let rounds = 1 + options.refinements
        return try PromptedRun.parts(of: objects.count).flatMap { part in
            var run = PromptedRun(
                objects: try part.map { try resolver.resolve(gathered[$0]).seen(in: embedding) },
                options: options,
                keepsLogits: keepsLogits,
                predictor: self
            )
            let work = work.part(from: part.lowerBound * rounds, of: objects.count * rounds)
            return try run.masks(in: embedding, work).map { mask in
                var mask = mask
                mask.object += part.lowerBound
                return mask
            }
        }
        .cleaned(objects, options)
    }

    func requireUsable(_ options: PromptOptions) throws(ImagingError) {
        guard let defect = options.defect else { return }
        throw .invalidParameter("prompt options", reason: defect)
    }
}

/// The predictions of some objects in one embedding, round by round.
struct PromptedRun {
    private var objects: [TilePrompts]

    /// The most objects that are prepared together: each may have logits of 256 x 256 numbers.
    private static let mostObjects = 1024

    /// The places of so many objects in parts of about equal length.
    static func parts(of count: Int) -> [Range<Int>] {
        let parts = max((count + mostObjects - 1) / mostObjects, 1)
        return (0..<parts).map { $0 * count / parts..<($0 + 1) * count / parts }
    }

    private let options: PromptOptions
    private let keepsLogits: Bool
    private let predictor: ImagePredictor

    init(
        objects: [TilePrompts],
        options: PromptOptions,
        keepsLogits: Bool,
        predictor: ImagePredictor
    ) {
        self.objects = objects
        self.options = options
        self.keepsLogits = keepsLogits
        self.predictor = predictor
    }

    /// The masks of all objects, in their order.
    mutating func masks(
        in embedding: ImageEmbedding,
        _ work: Work
    ) throws -> [PredictedMask] {
        var results: [[PredictedMask]] = []
        let total = objects.count * (1 + options.refinements)
        for round in 0...options.refinements {
            results = [[PredictedMask]](repeating: [], count: objects.count)
            var done = round * objects.count
            for count in [MaskCount.single, .multiple] {
                let chosen = objects.indices.filter { maskCount(of: objects[$0], round) == count }
                guard !chosen.isEmpty else { continue }
                let isLast = round == options.refinements
                try predict(
                    chosen,
                    count,
                    isLast: isLast,
                    embedding,
                    &results,
                    work.part(from: done, of: total)
                )
                done += chosen.count
            }
        }
        return results.flatMap { $0 }
    }

    /// Refinements follow a mask, which leaves little doubt.
    private func maskCount(of object: TilePrompts, _ round: Int) -> MaskCount {
        switch options.masks {
        case .single: .single
        case .automatic: object.isSinglePositivePoint && round == 0 ? .multiple : .single
        case .best, .all, .smallest, .middle, .largest: .multiple
        }
    }

    private mutating func predict(
        _ chosen: [Int],
        _ count: MaskCount,
        isLast: Bool,
        _ embedding: ImageEmbedding,
        _ results: inout [[PredictedMask]],
        _ work: Work
    ) throws {
        let resampler = MaskResampler(embedding.transform)
        let logitsBox = keepsLogits && isLast ? embedding.transform.frameInImage : nil
        var batchOptions = BatchOptions()
        batchOptions.maskThreshold = .logit(Float(options.maskThreshold))
        var logits: [Int: [Float]] = [:]
        try predictor.decode(
            chosen.map { objects[$0] },
            in: embedding,
            batchSize: options.batchSize,
            work
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
                results[object] = try kept.enumerated().map { index, mask in
                    var result = PredictedMask(
                        object: object,
                        index: index,
                        pixels: made[mask].mask,
                        score: Double(batch.scores[place][wanted[mask].token]),
                        stability: made[mask].stability,
                        logits: logitsBox == nil ? nil : try low.values(mask)
                    )
                    result.logitsBox = logitsBox
                    return result
                }
                if !isLast, let mask = kept.first { logits[object] = try low.values(mask) }
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
