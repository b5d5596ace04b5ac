import Imaging
import Prompting
import SegmentAnything
import Torch

/// One iteration: predictions, losses and steps of the optimiser.
struct TrainingIteration {
    let options: TrainingOptions
    let parameters: ModelParameters
    let optimizer: AdamW

    /// Factor of the learning rate.
    let rateScale: Double

    /// What can end the iteration before its first step.
    let work: Work

    /// The losses of an iteration.
    struct Losses {
        var prompted = PromptedStep.Sums()
        var decoder: Double?
    }

    private var device: Device { parameters.device }
    private var precision: DType { options.precision == .bfloat16 ? .bfloat16 : .float32 }

    private var trainsEncoder: Bool { parameters.isTrained(ParameterSelection.encoderPrefix) }

    private var usesPrompts: Bool {
        options.parts != .decoder
            && (trainsEncoder || parameters.isTrained("prompt_encoder.")
                || parameters.isTrained("mask_decoder."))
    }

    private var usesDecoder: Bool {
        options.parts != .promptable && parameters.hasDecoder
            && (trainsEncoder || parameters.isTrained(ParameterSelection.decoderPrefix))
    }

    /// Runs the iteration.
    ///
    /// - Parameters:
    ///   - samples: Of all batches.
    ///   - start: The first prompt of each object.
    ///   - random: Objects and prompts follow from it.
    /// - Throws: `CancellationError` if the work was cancelled; everything is then as it was before.
    func run(
        _ samples: [TrainingSample],
        start: SimulatedPrompts.Start,
        using random: inout SplitMix64
    ) throws -> Losses {
        let statistics = try parameters.runningStatistics()
        do {
            return try losses(of: samples, start: start, using: &random)
        } catch let error as CancellationError {
            try parameters.removeGradients()
            for (name, value) in statistics { try parameters.restore(name, value) }
            throw error
        }
    }

    /// A place where the work may end: as long as no parameter has changed, the iteration can be undone.
    private func checkpoint() throws { try work.checkpoint() }

    private func losses(
        of samples: [TrainingSample],
        start: SimulatedPrompts.Start,
        using random: inout SplitMix64
    ) throws -> Losses {
        let batches = try stride(from: 0, to: samples.count, by: options.batchSize).map { first in
            try FrameBatch(
                Array(samples[first..<min(first + options.batchSize, samples.count)]),
                side: options.frameSide,
                padding: parameters.padding,
                using: &random,
                on: device
            )
        }
        var losses = Losses()
        var passes: [EncoderPass] = []
        let isJoined = options.jointSteps == .combined && usesPrompts && usesDecoder
        if usesPrompts {
            for batch in batches {
                let networks = try networks()
                let pass = try pass(batch, networks, between: checkpoint)
                if !trainsEncoder { passes.append(pass) }
                losses.prompted.add(
                    try trainPrompts(
                        batch,
                        networks,
                        pass,
                        start,
                        share: Double(batches.count),
                        using: &random
                    )
                )
                if isJoined {
                    try checkpoint()
                    let value = try trainDecoder(batch, networks, pass, share: batches.count)
                    losses.decoder = (losses.decoder ?? 0) + value
                }
                try checkpoint()
                try pass.backward(between: checkpoint)
            }
            try step(losses)
        }
        if usesDecoder, !isJoined {
            // After a step of the prompts the iteration cannot be undone, and is completed.
            let between = usesPrompts ? {} : checkpoint
            var sum = 0.0
            for (index, batch) in batches.enumerated() {
                let networks = try networks()
                // A frozen encoder would say the same once more.
                let pass =
                    passes.indices.contains(index)
                    ? passes[index] : try pass(batch, networks, between: between)
                try between()
                sum += try trainDecoder(batch, networks, pass, share: batches.count)
                try between()
                try pass.backward(between: between)
            }
            losses.decoder = sum
            try step(losses)
        }
        return losses
    }

    /// Changes the parameters, unless a loss is no number.
    private func step(_ losses: Losses) throws {
        guard losses.prompted.loss.isFinite, losses.decoder?.isFinite ?? true else {
            try parameters.removeGradients()
            throw NotANumber()
        }
        try optimizer.step(parameters, scale: rateScale)
    }

    /// A loss that is not a number.
    struct NotANumber: Error {}

    private func networks() throws -> TrainableNetworks {
        let trainsDecoder = parameters.isTrained(ParameterSelection.decoderPrefix)
        return try parameters.networks(
            encoderStatistics: trainsEncoder && !options.freezesEncoderStatistics
                && options.adapter == nil ? .batch : .running,
            decoderStatistics: trainsDecoder && !options.freezesDecoderStatistics
                ? .batch : .running
        )
    }

    private func pass(
        _ batch: FrameBatch,
        _ networks: TrainableNetworks,
        between: () throws -> Void
    ) throws -> EncoderPass {
        try EncoderPass(
            networks.imageEncoder,
            batch.image,
            isTrained: trainsEncoder,
            precision: precision,
            recomputes: options.usesCheckpointing,
            between: between
        )
    }

    /// The predictions from prompts; every image counts the same.
    private func trainPrompts(
        _ batch: FrameBatch,
        _ networks: TrainableNetworks,
        _ pass: EncoderPass,
        _ start: SimulatedPrompts.Start,
        share: Double,
        using random: inout SplitMix64
    ) throws -> PromptedStep.Sums {
        let truths = try batch.items.map { item in
            try ObjectTruth(
                item.sample,
                limit: options.objectsPerImage,
                using: &random,
                on: device
            )
        }
        let images = truths.count { !$0.isEmpty }
        var sums = PromptedStep.Sums()
        for (index, truth) in truths.enumerated() where !truth.isEmpty {
            let step = PromptedStep(
                networks: networks,
                batch: batch,
                item: batch.items[index],
                truth: truth,
                embedding: try pass.embedding.sliced(0, index..<index + 1),
                precision: precision,
                pixelWeight: options.pixelLossWeight
            )
            sums.add(
                try step.train(
                    start,
                    count: options.subIterations,
                    maskProbability: options.maskProbability,
                    weight: 1 / (Double(images) * share),
                    using: &random,
                    between: checkpoint
                )
            )
        }
        return sums
    }

    /// The maps of the decoder; the result is this batch's part of the mean over all batches.
    private func trainDecoder(
        _ batch: FrameBatch,
        _ networks: TrainableNetworks,
        _ pass: EncoderPass,
        share: Int
    ) throws -> Double {
        let predicted = try withAutocast(to: precision, on: device) { () throws(TensorError) in
            try networks.instanceMaps(of: pass.embedding, batch.image)
        }
        guard let maps = try predicted?.converted(to: .float32) else { return 0 }
        var loss = DecoderLoss(foregroundWeight: options.foregroundLossWeight ?? 0)
        var isEmpty = true
        for (index, item) in batch.items.enumerated() {
            guard let targets = try item.sample.decoderTargets(on: device) else { continue }
            isEmpty = false
            try loss.add(
                batch.restored(maps.sliced(0, index..<index + 1), item),
                targets,
                weights: options.borderWeight.map { (weight) throws(TensorError) in
                    try item.sample.borderWeights(1 + weight, on: device)
                }
            )
        }
        guard !isEmpty else { return 0 }
        let value = try loss.value() / Double(share)
        try value.backward()
        return try value.item()
    }
}
