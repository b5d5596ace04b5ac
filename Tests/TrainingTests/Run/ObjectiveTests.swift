import Checkpoints
import Foundation
import ModelZoo
import Testing
import Torch
import Training

@Suite("Objective")
struct ObjectiveTests {
    @Test("The cross entropy of a mask counts pixels by the area of the object, and adds to Dice")
    func pixelLoss() throws {
        let values: [Float] = [2, -1, 0.5, -3]
        let inside: [Float] = [1, 0, 0, 0]
        let logits = try Tensor(values, shape: 1, 1, 2, 2)
        let truth = try Tensor(inside, shape: 1, 1, 2, 2)
        let scores = try Tensor.zeros([1, 1])
        let plain = try MaskLoss(logits: logits, scores: scores, truth: truth)
        let weighted = try MaskLoss(logits: logits, scores: scores, truth: truth, pixelWeight: 0.5)
        let entropy = zip(values, inside).reduce(0.0) { sum, pixel in
            let probability = 1 / (1 + exp(-Double(pixel.0)))
            return sum - log(pixel.1 > 0 ? probability : 1 - probability)
        }
        let difference: Double = try weighted.total.item() - plain.total.item()
        #expect(abs(difference - 0.5 * entropy / 2) < 1e-5)
        #expect(try weighted.mask.item() == plain.mask.item())
    }

    @Test("The cross entropy of a prediction that is sure and wrong is finite and has a gradient")
    func confidentMistake() throws {
        let logits = try Tensor([Float(200), -200], shape: 1, 1, 1, 2)
        try logits.setRequiresGradient(true)
        let truth = try Tensor([Float(0), 1], shape: 1, 1, 1, 2)
        let scores = try Tensor.zeros([1, 1])
        let loss = try MaskLoss(logits: logits, scores: scores, truth: truth, pixelWeight: 1)
        try loss.total.backward()
        let gradient: [Float] = try #require(try logits.gradient()).elements()
        #expect(abs(gradient[0] - 0.5) < 1e-5 && abs(gradient[1] + 0.5) < 1e-5)
    }

    @Test("Weighted pixels count in the decoder's loss as if they were there more often")
    func pixelWeights() throws {
        // Two pixels, the second of weight 3, against the same with the second one three times.
        let values: [[Float]] = [[0.8, 0.4], [0.3, 0.6], [0.5, 0.1]]
        let truths: [[Float]] = [[1, 0], [0.2, 0.7], [0.9, 0.4]]
        func loss(_ places: [Int], _ weights: [Float]?, entropy: Double) throws -> Double {
            let maps = values.flatMap { row in places.map { row[$0] } }
            let targets = truths.flatMap { row in places.map { row[$0] } }
            var loss = DecoderLoss(foregroundWeight: entropy)
            try loss.add(
                Tensor(maps, shape: 1, 3, 1, places.count),
                Tensor(targets, shape: 3, 1, places.count),
                weights: weights.map { (weights) throws(TensorError) in
                    try Tensor(weights, shape: 1, weights.count)
                }
            )
            return try loss.value().item()
        }
        for entropy in [0, 0.5] {
            let weighted = try loss([0, 1], [1, 3], entropy: entropy)
            let repeated = try loss([0, 1, 1, 1], nil, entropy: entropy)
            #expect(abs(weighted - repeated) < 1e-6)
            let same = try loss([0, 1], [1, 1], entropy: entropy)
            #expect(try abs(same - loss([0, 1], nil, entropy: entropy)) < 1e-6)
        }
        // Sure within what half precision can say: 0.8 where 1 is true, 0.4 where 0 is.
        let added = try loss([0, 1], nil, entropy: 1) - loss([0, 1], nil, entropy: 0)
        #expect(abs(added + (log(0.8) + log(0.6)) / 2) < 1e-5)
    }

    @Test("Gradients that are longer than allowed are shortened, all by the same factor")
    func gradientNormLimit() throws {
        let start = try SAMCheckpoint(contentsOf: EmbeddedModel.url())
        var training = TrainingOptions()
        training.parts = .promptable
        training.frozen = ["image_encoder"]
        var means: [[String: Double]] = []
        for limit in [nil, 1e6, 0.25] {
            let parameters = try ModelParameters(start, training, on: .cpu)
            var options = OptimizerOptions()
            options.gradientNormLimit = limit
            let optimizer = AdamW(options)
            for name in parameters.trained {
                guard let value = parameters.values[name] else { continue }
                try value.setGradient(try Tensor.zeros(value.shape) + 0.01)
            }
            try optimizer.step(parameters)
            means.append(try optimizer.moments.mapValues { try $0.mean.sum().item() })
        }
        #expect(means[0] == means[1] && !means[0].isEmpty)
        let values = means[0].reduce(0) { $0 + $1.value } / (0.01 * 0.1)
        let factor = 0.25 / (0.01 * values.squareRoot())
        for (name, mean) in means[0] {
            #expect(abs((means[2][name] ?? 0) - mean * factor) < 1e-4 * mean * factor, "\(name)")
        }
    }
}
