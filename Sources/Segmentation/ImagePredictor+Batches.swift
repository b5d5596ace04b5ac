public import Imaging
public import SegmentAnything
import Torch

/// One predicted mask of one object.
public struct PredictedMask: Sendable {
    /// Which of the given objects it belongs to.
    public let object: Int

    /// Its pixels in the image.
    public let mask: RunLengthMask

    /// The IoU that the model expects of it.
    public let score: Double

    /// How little it depends on its threshold, 0...1.
    public let stability: Double

    /// Its logits `[256, 256]`, to be used as a prompt, if they were asked for.
    public var logits: [Float]?
}

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
    /// - Throws: ``TensorError``, or `CancellationError` if the task is cancelled between batches.
    public func predict(
        _ objects: [ObjectPrompts],
        in embedding: ImageEmbedding,
        _ options: BatchOptions,
        progress: (Int) -> Void = { _ in }
    ) throws -> [PredictedMask] {
        let resampler = MaskResampler(embedding.transform)
        var results = [[PredictedMask]](repeating: [], count: objects.count)
        try decode(objects, in: embedding, batchSize: options.batchSize, progress: progress) {
            batch in
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
                        mask: masks[position].mask,
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
    /// - Throws: `CancellationError` if the task is cancelled between batches.
    func decode(
        _ objects: [ObjectPrompts],
        in embedding: ImageEmbedding,
        batchSize: Int,
        progress: (Int) -> Void = { _ in },
        _ body: (DecodedBatch) throws -> Void
    ) throws {
        let step = max(batchSize, 1)
        let features = try embedding.features.moved(to: model.device)
        let plain = objects.count { $0.maskLogits == nil }
        let shared =
            plain == 0
            ? nil
            : try withInferenceMode { () throws(TensorError) in
                try prepared(features, dense: model.promptEncoder.absentMask, isShared: plain > 4)
            }
        var done = 0
        for group in Self.groups(objects) {
            for start in stride(from: 0, to: group.count, by: step) {
                try Task.checkCancellation()
                let indices = Array(group[start..<min(start + step, group.count)])
                try body(
                    decodedBatch(indices, indices.map { objects[$0] }, features, shared, embedding)
                )
                done += indices.count
                progress(done)
            }
        }
    }

    private func decodedBatch(
        _ indices: [Int],
        _ objects: [ObjectPrompts],
        _ features: Tensor,
        _ shared: PreparedImage?,
        _ embedding: ImageEmbedding
    ) throws(TensorError) -> DecodedBatch {
        try withInferenceMode { () throws(TensorError) in
            let prompts = try model.promptEncoder(tensors(objects, embedding.transform))
            let hasMasks = objects.first?.maskLogits != nil
            let image: PreparedImage
            if let shared, !hasMasks {
                image = shared
            } else {
                image = try prepared(features, dense: prompts.dense, isShared: false)
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
        _ features: Tensor,
        dense: Tensor,
        isShared: Bool
    ) throws(TensorError) -> PreparedImage {
        try model.maskDecoder.prepare(
            features,
            positions: model.promptEncoder.imagePositions,
            dense: dense,
            isShared: isShared
        )
    }

    /// Indices of objects that have the same number of points and the same kinds of prompts, so that
    /// they need no padding, which would change their results.
    private static func groups(_ objects: [ObjectPrompts]) -> [[Int]] {
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
