public import Imaging
public import Prompting
public import SegmentAnything
import Torch

/// How many objects are predicted at once, and which of their masks are returned.
public struct BatchOptions: Hashable, Codable, Sendable {
    /// One or three masks per object.
    public var masks: MaskCount = .single

    /// Whether only the mask with the highest score is returned of three.
    public var keepsBestOnly = true

    /// Objects that go through the decoder together; the result does not depend on it.
    public var batchSize = 8

    /// Above which logit a pixel belongs to the object.
    public var maskThreshold = MaskThreshold.logit(0)

    /// Shift of the threshold in the stability score, in logits.
    public var stabilityOffset: Float = 1

    /// Masks that are expected to be no better than this are left out before they are made.
    public var minimumScore: Double?

    /// Whether the logits of the masks are returned too.
    public var keepsLogits = false

    /// The defaults for prompts that stand for one object each.
    public init() {}
}

extension ImagePredictor {
    /// Predicts masks of many objects, in the order in which the objects are given.
    ///
    /// The score of a mask is known before its pixels are: those that ``BatchOptions`` leaves out cost
    /// a third of the others.
    ///
    /// - Parameters:
    ///   - objects: In pixels of the image.
    ///   - embedding: Of the whole image.
    ///   - options: Which masks are returned, and how they are made.
    ///   - work: Told how many objects are done.
    /// - Throws: `TensorError`, or `CancellationError` if the work is cancelled between batches.
    public func predict(
        _ objects: [ObjectPrompts],
        in embedding: ImageEmbedding,
        _ options: BatchOptions,
        _ work: Work = Work()
    ) throws -> [PredictedMask] {
        try predict(tile: objects.map { $0.seen(in: embedding) }, in: embedding, options, work)
    }

    /// Predicts masks of many objects in what one embedding shows.
    ///
    /// - Returns: Masks of the size of what the embedding shows.
    func predict(
        tile objects: [TilePrompts],
        in embedding: ImageEmbedding,
        _ options: BatchOptions,
        _ work: Work
    ) throws -> [PredictedMask] {
        let resampler = MaskResampler(embedding.transform)
        var results = [[PredictedMask]](repeating: [], count: objects.count)
        try decode(objects, in: embedding, batchSize: options.batchSize, work) { batch in
            let wanted = batch.scores.indices.flatMap { place in
                options.chosenTokens(batch.scores[place]).map {
                    DecodedPrompts.Mask(object: place, token: $0)
                }
            }
            let low = try batch.logits(of: wanted, with: model)
            let masks = try low.resampled(resampler, options)
            for (position, mask) in wanted.enumerated() {
                let index = batch.indices[mask.object]
                results[index].append(
                    PredictedMask(
                        object: index,
                        index: results[index].count,
                        pixels: masks[position].mask,
                        score: Double(batch.scores[mask.object][mask.token]),
                        stability: masks[position].stability,
                        logits: options.keepsLogits ? try low.values(position) : nil
                    )
                )
            }
        }
        return results.flatMap { $0 }
    }
}

extension BatchOptions {
    /// Which of an object's masks are returned, by the scores of the single mask and the three.
    fileprivate func chosenTokens(_ scores: [Float]) -> [Int] {
        var tokens = Array(masks.tokens)
        if keepsBestOnly, let best = tokens.map({ scores[$0] }).max() {
            tokens = [tokens.first { scores[$0] == best } ?? tokens[0]]
        }
        guard let minimum = minimumScore else { return tokens }
        return tokens.filter { Double(scores[$0]) > minimum }
    }
}

// MARK: - Batches

/// A few objects after the decoder, before their masks are made.
struct DecodedBatch {
    /// Which of all objects these are.
    let indices: [Int]

    /// For each of them the scores of the single mask and of the three.
    let scores: [[Float]]

    fileprivate let decoded: DecodedPrompts

    /// The logits of some masks; their objects count within the batch and ascend.
    func logits(
        of masks: [DecodedPrompts.Mask],
        with model: SegmentAnythingModel
    ) throws(TensorError) -> MaskLogits {
        guard !masks.isEmpty else { return MaskLogits(tensor: nil) }
        return try withInferenceMode { () throws(TensorError) in
            let logits = try model.maskDecoder.logits(of: masks, in: decoded)
            return MaskLogits(tensor: try logits.moved(to: .cpu).contiguous())
        }
    }
}

/// Logits of some masks at low resolution.
struct MaskLogits {
    fileprivate let tensor: Tensor?  // [masks, 256, 256] on the CPU

    private static let pixels = MaskResampler.side * MaskResampler.side

    /// The masks at the size of the image, computed on several threads.
    func resampled(
        _ resampler: MaskResampler,
        _ options: BatchOptions
    ) throws(TensorError) -> [MaskResampler.Result] {
        guard let tensor else { return [] }
        return try tensor.withElements(as: Float.self) { all in
            // Safe because the elements are only read, and all calls end before the closure does.
            nonisolated(unsafe) let all = all
            return Engine.map(tensor.size(0)) { index in
                let range = index * Self.pixels..<(index + 1) * Self.pixels
                let logits = UnsafeBufferPointer(rebasing: all[range])
                return resampler.mask(
                    logits,
                    threshold: options.maskThreshold.value(for: logits),
                    stabilityOffset: options.stabilityOffset
                )
            }
        }
    }

    /// The logits of one mask, to be used as a prompt.
    func values(_ index: Int) throws(TensorError) -> [Float] {
        try tensor?.selected(0, index).contiguous().elements(as: Float.self) ?? []
    }
}

extension ImagePredictor {
    /// Runs objects through the decoder, a few at a time, and hands each batch to `body`.
    ///
    /// - Parameter work: Told how many objects are done.
    /// - Throws: `CancellationError` if the work is cancelled between batches.
    func decode(
        _ objects: [TilePrompts],
        in embedding: ImageEmbedding,
        batchSize: Int,
        _ work: Work,
        _ body: (DecodedBatch) throws -> Void
    ) throws {
        let step = max(batchSize, 1)
        let plain = objects.count { $0.maskLogits == nil }
        let tokens =
            plain == 0
            ? nil
            : try embedding.preparations.tokens(for: model, isShared: plain > 4) {
                () throws(TensorError) in
                try prepared(embedding, dense: model.promptEncoder.absentMask)
            }
        var done = 0
        for group in Self.groups(objects) {
            for start in stride(from: 0, to: group.count, by: step) {
                try work.checkpoint()
                let indices = Array(group[start..<min(start + step, group.count)])
                try body(decodedBatch(indices, indices.map { objects[$0] }, tokens, embedding))
                done += indices.count
                try work.advance(done, of: objects.count)
            }
        }
    }

    private func decodedBatch(
        _ indices: [Int],
        _ objects: [TilePrompts],
        _ tokens: PreparedEmbedding?,
        _ embedding: ImageEmbedding
    ) throws(TensorError) -> DecodedBatch {
        try withInferenceMode { () throws(TensorError) in
            let prompts = try model.promptEncoder(tensors(objects, embedding.transform))
            let hasMasks = objects.first?.maskLogits != nil
            let image: PreparedEmbedding
            if let tokens, !hasMasks {
                image = tokens
            } else {
                image = try prepared(embedding, dense: prompts.dense)
            }
            let decoded = try model.maskDecoder.decode(prompts, in: image)
            let scores = try decoded.scores.moved(to: .cpu).contiguous().elements(as: Float.self)
            let perObject = scores.count / objects.count
            return DecodedBatch(
                indices: indices,
                scores: objects.indices.map {
                    Array(scores[$0 * perObject..<($0 + 1) * perObject])
                },
                decoded: decoded
            )
        }
    }

    private func prepared(
        _ embedding: ImageEmbedding,
        dense: Tensor
    ) throws(TensorError) -> PreparedEmbedding {
        try model.maskDecoder.prepare(
            embedding.features.moved(to: model.device),
            positions: model.promptEncoder.imagePositions,
            dense: dense,
            isShared: false
        )
    }

    /// Indices of objects that have the same number of points and the same kinds of prompts, so that
    /// they need no padding, which would change their results.
    private static func groups(_ objects: [TilePrompts]) -> [[Int]] {
        struct Kind: Hashable {
            let points: Int
            let hasBox: Bool
            let hasMask: Bool
        }
        let kinds = Dictionary(grouping: objects.indices) { index in
            Kind(
                points: objects[index].points.count,
                hasBox: objects[index].box != nil,
                hasMask: objects[index].maskLogits != nil
            )
        }
        return kinds.values.sorted { $0[0] < $1[0] }
    }
}
