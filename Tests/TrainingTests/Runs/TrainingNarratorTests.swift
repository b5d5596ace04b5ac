import Foundation
import Testing
import Training

@Suite("What is told of a training")
struct TrainingNarratorTests {
    private static func iteration(_ number: Int, of epoch: Int = 2) throws -> IterationReport {
        let text = """
            {"iteration": \(number), "epoch": \(number / epoch), "iterationsPerEpoch": \(epoch),
             "loss": 0.5, "decoderLoss": 0.25, "learningRate": 1e-4, "seconds": 2}
            """
        return try JSONDecoder().decode(IterationReport.self, from: Data(text.utf8))
    }

    private static func validation(_ metric: Double, epoch: Int, isBest: Bool) throws
        -> ValidationReport
    {
        let text = """
            {"iteration": \(2 * epoch + 2), "epoch": \(epoch), "metric": \(metric),
             "isBest": \(isBest), "seconds": 1}
            """
        return try JSONDecoder().decode(ValidationReport.self, from: Data(text.utf8))
    }

    @Test("A line tells losses, metric, rate and remaining time, and one of its own each epoch")
    func lines() throws {
        var options = TrainingOptions()
        options.epochs = 10
        var narrator = TrainingNarrator(options, clock: TrainingClock())
        let first = try narrator.line(after: Self.iteration(0))
        #expect(
            first
                == "epoch 1, iteration 1 of 20, loss 0.500, decoder 0.250, 2 s/iteration, about 38 s left"
        )
        _ = try narrator.line(after: Self.iteration(1))
        let epochs = [
            try narrator.line(after: Self.validation(0.4, epoch: 0, isBest: true)),
            try narrator.line(after: Self.validation(0.5, epoch: 1, isBest: false)),
        ]
        #expect(
            epochs == [
                "epoch 1: loss 0.500, decoder 0.250; validation 0.400, the best so far",
                "epoch 2: validation 0.500",
            ]
        )
        let later = try narrator.line(after: Self.iteration(4))
        #expect(later.contains("validation 0.500 ▁█"))
    }

    @Test("With a limit of time the number of iterations is not told")
    func limited() throws {
        var narrator = TrainingNarrator(TrainingOptions(), clock: TrainingClock(minutes: 60))
        let line = try narrator.line(after: Self.iteration(1))
        #expect(line.hasPrefix("epoch 1, iteration 2, "))
    }
}
