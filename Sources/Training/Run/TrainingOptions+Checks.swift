public import Checkpoints
import SegmentAnything

extension TrainingOptions {
    /// Checks that options are in their ranges and go together.
    ///
    /// - Parameter start: The model that training starts from.
    /// - Throws: ``TrainerError/invalidOption(name:reason:)``.
    public func validate(for start: SAMCheckpoint) throws(TrainerError) {
        for (name, value) in [
            ("batch size", batchSize), ("gradient accumulation", gradientAccumulation),
            ("objects per image", objectsPerImage), ("sub-iterations", subIterations),
            ("epochs", iterations == nil ? epochs : 1), ("iterations", iterations ?? 1),
        ] where value < 1 {
            throw .invalidOption(name: name, reason: "must be positive, is \(value)")
        }
        try require(
            frameSide.isMultiple(of: 16) && (64...ModelFrame.side).contains(frameSide),
            "frame side",
            "must be a multiple of 16 in 64...\(ModelFrame.side), is \(frameSide)"
        )
        if case .viT = start.architecture, frameSide != ModelFrame.side {
            throw .invalidOption(
                name: "frame side",
                reason:
                    "must be \(ModelFrame.side) for ViT-B, L and H, whose positions are absolute"
            )
        }
        if adapter != nil, frozen.contains(where: { "image_encoder.".hasPrefix($0) }) {
            throw .invalidOption(
                name: "frozen",
                reason: "a frozen image encoder and an adapter exclude each other"
            )
        }
        try require(
            (0...1).contains(maskProbability),
            "mask probability",
            "must be in 0...1, is \(maskProbability)"
        )
        try require(
            (0...1).contains(boxDistortion),
            "box distortion",
            "must be in 0...1, is \(boxDistortion)"
        )
        try require(
            (0...100).contains(pixelLossWeight),
            "pixel loss weight",
            "must be in 0...100, is \(pixelLossWeight)"
        )
        try validateOptimizer()
    }

    private func validateOptimizer() throws(TrainerError) {
        let rate = optimizer.learningRate
        try require(rate > 0 && rate <= 1, "learning rate", "must be in 0...1, is \(rate)")
        for (name, value) in [("beta1", optimizer.beta1), ("beta2", optimizer.beta2)] {
            try require((0..<1).contains(value), name, "must be in 0..<1, is \(value)")
        }
        if let limit = optimizer.gradientNormLimit {
            try require(limit > 0, "gradient norm limit", "must be positive, is \(limit)")
        }
        try require(
            (0...1).contains(optimizer.weightDecay),
            "weight decay",
            "must be in 0...1, is \(optimizer.weightDecay)"
        )
        try require(
            optimizer.plateauFactor > 0 && optimizer.plateauFactor <= 1,
            "plateau factor",
            "must be in 0...1, is \(optimizer.plateauFactor)"
        )
    }

    private func require(
        _ isFulfilled: Bool,
        _ name: String,
        _ reason: String
    ) throws(TrainerError) {
        guard isFulfilled else { throw .invalidOption(name: name, reason: reason) }
    }
}
