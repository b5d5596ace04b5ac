import Imaging
import SegmentAnything
import Torch

/// The metric on the validation data: one minus Dice of prompted masks, and a third of the decoder's loss.
struct ValidationPass {
    let options: TrainingOptions
    let parameters: ModelParameters

    /// Mean values over the samples.
    struct Result {
        var metric = 0.0
        var mask: Double?
        var iou: Double?
        var decoder: Double?
    }

    /// Looks at every sample once, with the same prompts each time; nil if the run is to end meanwhile.
    func run(_ source: any TrainingSource, _ limits: RunLimits) throws -> Result? {
        let networks = try parameters.networks(
            encoderStatistics: .running,
            decoderStatistics: .running
        )
        var prompted = PromptedStep.Sums()
        var decoder = (sum: 0.0, count: 0.0)
        for index in 0..<source.samplesPerEpoch {
            guard limits.end == nil else { return nil }
            var random = SampleRandom(seed: options.seed, epoch: -1, index: index)
            let sample = try source.sample(epoch: 0, index: index, seed: options.seed)
            let batch = try FrameBatch(
                [sample],
                side: options.frameSide,
                padding: parameters.padding,
                using: &random,
                on: parameters.device
            )
            try withoutGradients {
                let pass = try EncoderPass(networks.imageEncoder, batch.image, isTrained: false)
                if options.parts != .decoder,
                    let sums = try promptedSums(index, batch, networks, pass, using: &random)
                {
                    prompted.add(sums)
                }
                if options.parts != .promptable,
                    let loss = try decoderLoss(batch, networks, pass)
                {
                    decoder = (decoder.sum + loss, decoder.count + 1)
                }
            }
        }
        var result = Result()
        if prompted.count > 0 {
            result.mask = prompted.mask / prompted.count
            result.iou = prompted.iou / prompted.count
        }
        if decoder.count > 0 { result.decoder = decoder.sum / decoder.count }
        result.metric =
            result.mask.map { $0 + (result.decoder ?? 0) / 3 } ?? result.decoder ?? .infinity
        return result
    }

    private func promptedSums(
        _ index: Int,
        _ batch: FrameBatch,
        _ networks: TrainableNetworks,
        _ pass: EncoderPass,
        using random: inout SplitMix64
    ) throws -> PromptedStep.Sums? {
        let item = batch.items[0]
        let truth = try ObjectTruth(
            item.sample,
            limit: options.objectsPerImage,
            using: &random,
            on: parameters.device
        )
        guard !truth.isEmpty else { return nil }
        let prompts =
            switch index % 4 {
            case 0: SimulatedPrompts(.point, truth, using: &random)
            case 1: SimulatedPrompts(.box(distortion: 0), truth, using: &random)
            case 2: SimulatedPrompts(randomPoints: truth, usesBox: false, using: &random)
            default: SimulatedPrompts(randomPoints: truth, usesBox: true, using: &random)
            }
        let step = PromptedStep(
            networks: networks,
            batch: batch,
            item: item,
            truth: truth,
            embedding: pass.embedding
        )
        return try step.predict(prompts, index % 4 == 0 ? .multiple : .single).sums()
    }

    private func decoderLoss(
        _ batch: FrameBatch,
        _ networks: TrainableNetworks,
        _ pass: EncoderPass
    ) throws -> Double? {
        let item = batch.items[0]
        guard let maps = try networks.instanceMaps(of: pass.embedding, batch.image),
            let targets = try item.sample.decoderTargets(on: parameters.device)
        else { return nil }
        var loss = DecoderLoss()
        try loss.add(batch.restored(maps, item), targets)
        return try loss.value().item()
    }
}
