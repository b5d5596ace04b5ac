import Imaging
package import SegmentAnything
package import Torch

/// Predictions of one image from simulated prompts, with their losses.
///
/// - Source: Archit et al., Segment Anything for Microscopy (2025), methods, "Interactive segmentation":
///   a first prompt, then corrections of the model's own predictions.
package struct PromptedStep {
    /// Sums over the predictions that were made.
    package struct Sums {
        var loss = 0.0
        var mask = 0.0
        var iou = 0.0
        var modelIoU = 0.0
        var count = 0.0

        /// Adds another sum.
        mutating func add(_ other: Sums) {
            loss += other.loss
            mask += other.mask
            iou += other.iou
            modelIoU += other.modelIoU
            count += other.count
        }
    }

    let networks: TrainableNetworks
    let batch: FrameBatch
    let item: FrameBatch.Item
    let truth: ObjectTruth

    /// Of this image, `[1, 256, side, side]`.
    let embedding: Tensor

    /// The type in which products are computed.
    let precision: DType

    /// Weight of the cross entropy of the masks beside Dice.
    let pixelWeight: Double

    package init(
        networks: TrainableNetworks,
        batch: FrameBatch,
        item: FrameBatch.Item,
        truth: ObjectTruth,
        embedding: Tensor,
        precision: DType = .float32,
        pixelWeight: Double = 0
    ) {
        self.networks = networks
        self.batch = batch
        self.item = item
        self.truth = truth
        self.embedding = embedding
        self.precision = precision
        self.pixelWeight = pixelWeight
    }

    /// One prediction with its loss.
    package struct Prediction {
        package let loss: MaskLoss
        package let lowResolution: Tensor  // [objects, masks, h, w]
        package let logits: Tensor  // [objects, masks, height, width] of the sample
        package let scores: Tensor  // [objects, masks]
    }

    /// Predicts masks of all objects.
    package func predict(_ prompts: SimulatedPrompts, _ masks: MaskCount) throws -> Prediction {
        let device = embedding.device
        let predicted = try withAutocast(to: precision, on: device) { () throws(TensorError) in
            let encoded = try networks.promptEncoder(prompts.tensors(batch, item, on: device))
            return try networks.maskDecoder(
                embedding: embedding,
                positions: networks.promptEncoder.positions(
                    x: batch.column,
                    y: batch.row,
                    side: embedding.size(2)
                ),
                prompts: encoded,
                masks: masks
            )
        }
        let low = try predicted.logits.converted(to: .float32)
        let scores = try predicted.scores.converted(to: .float32)
        let logits = try batch.restored(low, item)
        return Prediction(
            loss: try MaskLoss(
                logits: logits,
                scores: scores,
                truth: truth.masks,
                pixelWeight: pixelWeight
            ),
            lowResolution: low,
            logits: logits,
            scores: scores
        )
    }

    /// All predictions of an iteration; each takes its gradients back at once, so that one at a time is
    /// in memory.
    ///
    /// - Parameters:
    ///   - start: The first prompt.
    ///   - count: Predictions, at least 1.
    ///   - maskProbability: How often a correction sees the mask that it corrects.
    ///   - weight: Factor of the gradients.
    ///   - between: Called before each prediction; what it throws ends the work.
    func train(
        _ start: SimulatedPrompts.Start,
        count: Int,
        maskProbability: Double,
        weight: Double,
        using random: inout SplitMix64,
        between: () throws -> Void
    ) throws -> Sums {
        var prompts = SimulatedPrompts(start, truth, using: &random)
        var sums = Sums()
        for index in 0..<count {
            try between()
            let isAmbiguous = index == 0 && start == .point
            let prediction = try predict(prompts, isAmbiguous ? .multiple : .single)
            try (prediction.loss.total * (weight / Double(count))).backward()
            sums.add(try prediction.sums())
            guard index < count - 1 else { break }
            try withoutGradients {
                let best = try prediction.best()
                prompts.correct(
                    try prediction.masks(best, truth),
                    truth,
                    using: &random
                )
                prompts.masks =
                    random.happens(maskProbability)
                    ? try prediction.lowResolution.detached().choosing(best).unsqueezed(1) : nil
            }
        }
        return sums
    }
}

extension PromptedStep.Prediction {
    /// The losses as numbers.
    func sums() throws(TensorError) -> PromptedStep.Sums {
        PromptedStep.Sums(
            loss: try loss.total.item(),
            mask: try loss.mask.item(),
            iou: try loss.iou.item(),
            modelIoU: try scores.mean().item(),
            count: 1
        )
    }

    /// For each object the mask that the model thinks best.
    package func best() throws(TensorError) -> [Int] {
        let values: [Float] = try scores.detached().moved(to: .cpu).contiguous().elements()
        let masks = scores.size(1)
        return stride(from: 0, to: values.count, by: masks).map { start in
            var best = 0
            for mask in 1..<max(masks, 1) where values[start + mask] > values[start + best] {
                best = mask
            }
            return best
        }
    }

    /// One mask of each object, as pixels of the sample.
    func masks(_ chosen: [Int], _ truth: ObjectTruth) throws -> [RunLengthMask] {
        let isInside = try (logits.detached().choosing(chosen) .> 0).moved(to: .cpu).contiguous()
        let pixels = try isInside.elements(as: Bool.self)
        return try truth.objects.enumerated().map { index, object in
            let count = object.mask.size.count
            return try RunLengthMask(
                Raster(
                    size: object.mask.size,
                    samples: Array(pixels[index * count..<(index + 1) * count])
                )
            )
        }
    }
}

extension Tensor {
    /// One entry of the second axis for each of the first: `[n, m, ...]` to `[n, ...]`.
    package func choosing(_ entries: [Int]) throws(TensorError) -> Tensor {
        let width = size(1)
        let rows = entries.enumerated().map { Int64($0.offset * width + $0.element) }
        return try reshaped([size(0) * width] + shape.dropFirst(2))
            .indexed(0, by: Tensor(rows, shape: rows.count).moved(to: device))
    }
}
