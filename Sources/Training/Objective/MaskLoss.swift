package import Torch

/// The loss of predicted masks and of their predicted IoU.
///
/// - Source: Archit et al., Segment Anything for Microscopy (2025), methods, "Interactive segmentation".
package struct MaskLoss {
    /// Mask loss (with the cross entropy, if it has a weight) and IoU loss together; a scalar that
    /// can be differentiated.
    package let total: Tensor

    /// One minus Dice of the best mask of each object, on average.
    package let mask: Tensor

    /// Mean squared error of the predicted IoU.
    package let iou: Tensor

    private static let epsilon = 1e-7

    /// - Parameters:
    ///   - logits: `[objects, masks, height, width]`.
    ///   - scores: The IoU that the model predicts, `[objects, masks]`.
    ///   - truth: Ones and zeros, `[objects, 1, height, width]`, float32.
    ///   - pixelWeight: Weight of the cross entropy of the same masks, 0 to leave it out.
    package init(
        logits: Tensor,
        scores: Tensor,
        truth: Tensor,
        pixelWeight: Double = 0
    ) throws(TensorError) {
        let probabilities = try logits.sigmoid()
        let area = try truth.sum([2, 3])  // [objects, 1]
        let overlap = try (probabilities * truth).sum([2, 3])
        // A mask of ones and zeros is its own square.
        let squares = try (probabilities * probabilities).sum([2, 3]) + area
        let dice = try 1 - overlap * 2 / squares.clamped(Self.epsilon...Double.infinity)
        mask = try dice.min([1]).mean()
        let target = try withoutGradients { () throws(TensorError) in
            let predicted = try (logits.detached() .> 0).converted(to: .float32)
            let intersection = try (predicted * truth).sum([2, 3])
            let union = try predicted.sum([2, 3]) + area - intersection
            return try intersection / (union + Self.epsilon)
        }
        let error = try scores - target
        iou = try (error * error).mean()
        var objective = dice
        if pixelWeight > 0 {
            objective = try dice + Self.crossEntropy(logits, truth, area: area) * pixelWeight
        }
        total = try objective.min([1]).mean() + iou
    }

    /// Binary cross entropy, `[objects, masks]`: summed over the image and divided by twice the object's area,
    /// so that small objects count as much as large ones, as with Dice.
    ///
    /// Dice alone has next to no gradient where a prediction is wrong and sure of it.
    private static func crossEntropy(
        _ logits: Tensor,
        _ truth: Tensor,
        area: Tensor
    ) throws(TensorError) -> Tensor {
        // -log p = max(x, 0) - x t + log(1 + exp(-|x|)), which overflows for no x.
        let positive = try logits.relu()
        let magnitude = try positive * 2 - logits
        let entropy =
            try positive - logits * truth + ((magnitude * -1).exponential() + 1).logarithm()
        return try entropy.sum([2, 3]) / (area * 2).clamped(1...Double.infinity)
    }
}

/// The loss of the decoder for automatic segmentation: Dice of the foreground and, inside it, of both
/// distances.
///
/// All images of a batch are pooled.
///
/// - Source: Archit et al., Segment Anything for Microscopy (2025), methods, "Automatic instance
///   segmentation".
package struct DecoderLoss {
    private var overlaps: [Tensor?] = [nil, nil, nil]
    private var squares: [Tensor?] = [nil, nil, nil]
    private var entropies: [Tensor] = []
    private let foregroundWeight: Double

    private static let epsilon = 1e-7

    /// Predictions in half precision are no surer than this.
    private static let certainty = 1e-3

    /// No image yet.
    ///
    /// - Parameter foregroundWeight: Weight of the cross entropy of the foreground, 0 to leave it out.
    package init(foregroundWeight: Double = 0) { self.foregroundWeight = foregroundWeight }

    /// Adds an image.
    ///
    /// - Parameters:
    ///   - maps: Predicted foreground, centre distance and boundary distance, `[1, 3, height, width]`.
    ///   - targets: What they should be, `[3, height, width]`.
    ///   - weights: How much each pixel counts, `[height, width]`; nil for all the same.
    package mutating func add(
        _ maps: Tensor,
        _ targets: Tensor,
        weights: Tensor? = nil
    ) throws(TensorError) {
        func summed(_ values: Tensor) throws(TensorError) -> Tensor {
            if let weights { return try (values * weights).sum() }
            return try values.sum()
        }
        let foreground = try targets.selected(0, 0)
        for channel in 0..<3 {
            var map = try maps.selected(0, 0).selected(0, channel)
            var target = try targets.selected(0, channel)
            if channel > 0 { (map, target) = (try map * foreground, try target * foreground) }
            let overlap = try summed(map * target)
            let square = try summed(map * map) + summed(target * target)
            if channel == 0, foregroundWeight > 0 {
                let entropy = try Self.entropy(map, target)
                let mean: Tensor
                if let weights {
                    mean = try summed(entropy) / weights.sum()
                } else {
                    mean = try entropy.mean()
                }
                entropies.append(mean)
            }
            overlaps[channel] =
                try overlaps[channel].map { (sum) throws(TensorError) in
                    try sum + overlap
                } ?? overlap
            squares[channel] =
                try squares[channel].map { (sum) throws(TensorError) in
                    try sum + square
                } ?? square
        }
    }

    /// The loss of all images that were added, a scalar; at least one must have been.
    package func value() throws(TensorError) -> Tensor {
        var sum: Tensor?
        for case (let overlap?, let square?) in zip(overlaps, squares) {
            let limited = try square.clamped(Self.epsilon...Double.infinity)
            let loss = try 1 - overlap * 2 / limited
            sum = try sum.map { (sum) throws(TensorError) in try sum + loss } ?? loss
        }
        guard var sum else { preconditionFailure("the decoder loss needs an image") }
        for entropy in entropies {
            sum = try sum + entropy * (foregroundWeight / Double(entropies.count))
        }
        return sum
    }

    /// Binary cross entropy of probabilities, for each pixel.
    private static func entropy(
        _ probability: Tensor,
        _ truth: Tensor
    ) throws(TensorError) -> Tensor {
        let inside = try probability.clamped(certainty...1)
        let outside = try (1 - probability).clamped(certainty...1)
        return try (truth * inside.logarithm() + (1 - truth) * outside.logarithm()) * -1
    }
}

extension Tensor {
    fileprivate static func - (number: Double, tensor: Tensor) throws(TensorError) -> Tensor {
        try tensor * -1 + number
    }
}
