public import Checkpoints
import Prompting
import SegmentAnything

extension TrainingOptions {
    /// Checks that options are in their ranges and go together.
    ///
    /// - Parameter architecture: The image encoder of the model that training starts from.
    /// - Throws: ``TrainerError/invalidOption(name:reason:)``.
    public func validate(for architecture: EncoderArchitecture) throws(TrainerError) {
        for (name, value) in [
            ("batch size", batchSize), ("gradient accumulation", gradientAccumulation),
            ("objects per image", objectsPerImage), ("sub-iterations", subIterations),
            ("epochs", iterations == nil ? epochs : 1), ("iterations", iterations ?? 1),
        ] where value < 1 {
            throw .invalidOption(name: name, reason: "must be positive, but is \(value)")
        }
        try require(
            frameSide.isMultiple(of: 16) && (64...ModelFrame.side).contains(frameSide),
            "frame side",
            "must be a multiple of 16 in 64...\(ModelFrame.side), but is \(frameSide)"
        )
        if case .viT = architecture, frameSide != ModelFrame.side {
            throw .fixedFrameSide(modelType: architecture.modelType)
        }
        if let adapter {
            try validate(adapter, for: architecture)
        }
        try require(
            (0...1).contains(maskProbability),
            "mask probability",
            "must be in 0...1, but is \(maskProbability)"
        )
        try require(
            (0...1).contains(boxDistortion),
            "box distortion",
            "must be in 0...1, but is \(boxDistortion)"
        )
        try require(
            (0...100).contains(pixelLossWeight),
            "pixel loss weight",
            "must be in 0...100, but is \(pixelLossWeight)"
        )
        try validateDecoder()
        try validateOptimizer()
    }

    private func validateDecoder() throws(TrainerError) {
        for (name, weight) in [
            ("foreground loss weight", foregroundLossWeight), ("border weight", borderWeight),
        ] {
            try require(
                (0...100).contains(weight ?? 0),
                name,
                "must be in 0...100, but is \(weight ?? 0)"
            )
        }
        guard let detailWidths else { return }
        try require(
            (1...InstanceDecoder.detailStages).contains(detailWidths.count)
                && detailWidths.allSatisfy { (16...512).contains($0) && $0.isMultiple(of: 16) },
            "detail widths",
            "must be one to \(InstanceDecoder.detailStages) multiples of 16 in 16...512, but are "
                + "\(detailWidths)"
        )
        try require(
            parts != .promptable,
            "detail widths",
            "are for the decoder, which is not trained"
        )
    }

    private func validate(
        _ adapter: AdapterOptions,
        for architecture: EncoderArchitecture
    ) throws(TrainerError) {
        if case .tinyViT = architecture {
            try require(
                adapter.kind == .lora,
                "adapter",
                "\(adapter.kind.rawValue) is for ViT-B, L and H, but the model is a \(architecture.modelType), "
                    + "for which lora can be used; it is small, so all of it can be trained, too"
            )
        }
        try require(
            !frozen.contains { "image_encoder.".hasPrefix($0) },
            "frozen",
            "an adapter trains the image encoder, which then cannot be frozen; give only one of the two"
        )
    }

    private func validateOptimizer() throws(TrainerError) {
        let rate = optimizer.learningRate
        try require(rate > 0 && rate <= 1, "learning rate", "must be in 0...1, but is \(rate)")
        for (name, value) in [("beta1", optimizer.beta1), ("beta2", optimizer.beta2)] {
            try require((0..<1).contains(value), name, "must be in 0..<1, but is \(value)")
        }
        if let limit = optimizer.gradientNormLimit {
            try require(limit > 0, "gradient norm limit", "must be positive, but is \(limit)")
        }
        try require(
            (0...1).contains(optimizer.weightDecay),
            "weight decay",
            "must be in 0...1, but is \(optimizer.weightDecay)"
        )
        try require(
            optimizer.plateauFactor > 0 && optimizer.plateauFactor <= 1,
            "plateau factor",
            "must be in 0...1, but is \(optimizer.plateauFactor)"
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
