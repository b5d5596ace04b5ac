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
