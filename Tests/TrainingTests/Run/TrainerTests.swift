import Checkpoints
import Foundation
import Imaging
import ModelZoo
import SegmentAnything
import TestFixtures
import Testing
import Torch
import Training

@Suite("Trainer")
struct TrainerTests {
    @Test("Refuses options that are out of range or do not go together")
    func invalidOptions() throws {
        try refuses("batch size") { $0.batchSize = 0 }
        try refuses("frame side") { $0.frameSide = 100 }
        try refuses("adapter") {
            $0.adapter = AdapterOptions()
            $0.adapter?.kind = .fact
        }
        try refuses("blocks") {
            $0.adapter = AdapterOptions()
            $0.adapter?.blocks = [10]
        }
        try refuses("learning rate") { $0.optimizer.learningRate = -1 }
        try refuses("frozen") {
            $0.frozen = ["image_encoder"]
            $0.adapter = AdapterOptions()
        }
        try refuses("frozen") {
            $0.frozen = ["image_encoder", "prompt_encoder", "mask_decoder", "decoder"]
        }
        // A name that means nothing would leave everything trained.
        try refuses("frozen") { $0.frozen = ["imageEncoder"] }
        try refuses("pixel loss weight") { $0.pixelLossWeight = -1 }
        try refuses("border weight") { $0.borderWeight = -1 }
        try refuses("foreground loss weight") { $0.foregroundLossWeight = 101 }
        for widths in [[], [30], [32, 64, 96, 128], [0]] {
            try refuses("detail widths") { $0.detailWidths = widths }
        }
        try refuses("detail widths") { ($0.detailWidths, $0.parts) = ([32], .promptable) }
        try refuses("gradient norm limit") { $0.optimizer.gradientNormLimit = 0 }
    }

    private func refuses(_ name: String, _ change: (inout TrainingOptions) -> Void) throws {
        let start = try SAMCheckpoint(contentsOf: EmbeddedModel.url())
        var options = TrainingOptions()
        change(&options)
        do {
            _ = try Trainer(start, options: options)
            Issue.record("no error for \(name)")
        } catch TrainerError.invalidOption(let found, _) {
            #expect(found == name)
        }
    }

    @Test("Trains what is asked for, and nothing else")
    func frozenParts() throws {
        let start = try SAMCheckpoint(contentsOf: EmbeddedModel.url())
        var options = TrainingOptions()
        let all = try ModelParameters(start, options, on: .cpu)
        #expect(all.isTrained("image_encoder.") && all.isTrained("decoder."))
        #expect(!all.trained.contains { $0.hasSuffix("running_mean") })
        #expect(!all.trained.contains { $0.contains("gaussian_matrix") })
        options.frozen = ["image_encoder", "prompt_encoder"]
        let some = try ModelParameters(start, options, on: .cpu)
        #expect(!some.isTrained("image_encoder.") && !some.isTrained("prompt_encoder."))
        #expect(some.isTrained("mask_decoder."))
        options = TrainingOptions()
        options.parts = .decoder
        let decoder = try ModelParameters(start, options, on: .cpu)
        #expect(!decoder.isTrained("mask_decoder.") && decoder.isTrained("image_encoder."))
        options.parts = .promptable
        let prompts = try ModelParameters(start, options, on: .cpu)
        #expect(!prompts.values.keys.contains { $0.hasPrefix("decoder.") })
    }

    @Test("A decoder that knows nothing has the names and shapes of a trained one")
    func freshDecoder() throws {
        let start = try SAMCheckpoint(contentsOf: EmbeddedModel.url())
        let fresh = try InitialValues(seed: 1).instanceDecoder()
        // A detail path is added by an option.
        let known = (start.decoder ?? [:]).filter {
            !SAMCheckpoint.isUnused($0.key) && !$0.key.contains("detail.")
        }
        #expect(fresh.mapValues(\.shape) == known.mapValues(\.shape))
        let again = try InitialValues(seed: 1).instanceDecoder()
        for (name, value) in fresh {
            #expect(try value.isIdentical(to: #require(again[name])), "\(name)")
        }
    }

    @Test("The learning rate falls after more epochs without improvement than patience")
    func plateau() {
        var schedule = PlateauSchedule()
        let options = OptimizerOptions()
        for metric in [1, 0.9, 0.95, 0.95, 0.89995] { schedule.add(metric, options) }
        #expect(schedule.factor == 1)
        schedule.add(0.9, options)
        #expect(schedule.factor == 0.9)
        schedule.add(0.5, options)
        #expect(schedule.factor == 0.9)
    }

    @Test("The learning rate rises at the beginning and falls at the end")
    func warmupAndCooldown() {
        var options = OptimizerOptions()
        #expect((0..<10).allSatisfy { options.rateScale(of: $0, total: 10) == 1 })
        options.warmupIterations = 2
        options.cooldownIterations = 4
        let scales = (0..<10).map { options.rateScale(of: $0, total: 10) }
        #expect(scales == [0.5, 1, 1, 1, 1, 1, 1, 0.75, 0.5, 0.25])
    }

    @Test("Every sample of a pass is used once, and passes differ")
    func order() {
        var order = SampleOrder(count: 7, perIteration: 3, seed: 5)
        #expect(order.iterationsPerEpoch == 3)
        let passes = (0..<2).map { pass in
            (0..<3).flatMap { order.places(of: 3 * pass + $0).places }
        }
        #expect(passes.allSatisfy { $0.sorted() == Array(0..<7) })
        #expect(passes[0] != passes[1])
        #expect(order.places(of: 4).epoch == 1)
    }
}
