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

    /// Logit above which a pixel belongs to the object.
    public var maskThreshold: Float = 0

    /// Shift of the threshold in the stability score, in logits.
    public var stabilityOffset: Float = 1

    /// Masks that are expected to be no better than this are skipped before they are enlarged.
    public var minimumScore: Double?

    /// Whether the logits of the masks are returned too.
    public var keepsLogits = false

    /// The defaults for prompts that stand for one object each.
    public init() {}
}

extension ImagePredictor {
    /// Predicts masks of many objects, in the order in which the objects are given.
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
        var done = 0
        for group in Self.groups(objects) {
            for start in stride(from: 0, to: group.count, by: max(options.batchSize, 1)) {
                try Task.checkCancellation()
                let indices = group[start..<min(start + max(options.batchSize, 1), group.count)]
                let batch = try predictBatch(indices.map { objects[$0] }, in: embedding, options)
                for (place, index) in indices.enumerated() {
                    results[index] = try batch.masks(of: place, as: index, resampler, options)
                }
                done += indices.count
                progress(done)
            }
        }
        return results.flatMap { $0 }
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

    private func predictBatch(
        _ objects: [ObjectPrompts],
        in embedding: ImageEmbedding,
        _ options: BatchOptions
    ) throws(TensorError) -> Batch {
        try withInferenceMode { () throws(TensorError) in
            let prediction = try predictLogits(objects, in: embedding, masks: options.masks)
            return Batch(
                logits: try prediction.logits.moved(to: .cpu).contiguous(),
                scores: try prediction.scores.moved(to: .cpu).contiguous()
                    .elements(as: Float.self)
            )
        }
    }
}

/// What the decoder predicted for a few objects.
private struct Batch {
    let logits: Tensor  // [objects, masks, 256, 256]
    let scores: [Float]

    func masks(
        of place: Int,
        as object: Int,
        _ resampler: MaskResampler,
        _ options: BatchOptions
    ) throws(TensorError) -> [PredictedMask] {
        let perObject = logits.size(1)
        let first = place * perObject
        var candidates = Array(first..<first + perObject)
        if options.keepsBestOnly, let best = candidates.max(by: { scores[$0] < scores[$1] }) {
            candidates = [candidates.first { scores[$0] == scores[best] } ?? best]
        }
        if let minimum = options.minimumScore {
            candidates = candidates.filter { Double(scores[$0]) > minimum }
        }
        let pixels = MaskResampler.side * MaskResampler.side
        return try logits.withElements(as: Float.self) { all in
            candidates.map { index in
                let low = UnsafeBufferPointer(rebasing: all[index * pixels..<(index + 1) * pixels])
                let result = resampler.mask(
                    low,
                    threshold: options.maskThreshold,
                    stabilityOffset: options.stabilityOffset
                )
                return PredictedMask(
                    object: object,
                    mask: result.mask,
                    score: Double(scores[index]),
                    stability: result.stability,
                    logits: options.keepsLogits ? Array(low) : nil
                )
            }
        }
    }
}
