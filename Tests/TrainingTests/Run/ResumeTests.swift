import Checkpoints
import Foundation
import Imaging
import ModelZoo
import Prompting
import Segmentation
import Synchronization
import Testing
import Torch
import Training

/// Counts calls from any thread.
private final class Counter: Sendable {
    private let state = Mutex(0)

    var count: Int { state.withLock { $0 } }

    func next() -> Int {
        state.withLock { count in
            count += 1
            return count
        }
    }
}

/// Runs that are interrupted, against one that is not: the state must have the same bits.
@Suite("Interrupted trainings", .serialized)
struct ResumeTests {
    private let workplace: DataFolder
    private let start: SAMCheckpoint

    init() throws {
        workplace = try DataFolder()
        start = try SAMCheckpoint(contentsOf: EmbeddedModel.url())
    }

    private static func options(
        iterations: Int,
        _ steps: TrainingOptions.JointSteps = .separate
    ) -> TrainingOptions {
        var options = TrainingOptions()
        options.jointSteps = steps
        options.iterations = iterations
        options.batchSize = 1
        options.objectsPerImage = 1
        options.subIterations = 2
        options.frameSide = 64
        options.seed = 3
        options.optimizer.learningRate = 1e-4
        return options
    }

    private static func source(_ count: Int) throws -> SimulatedNuclei {
        var sampling = SamplingOptions()
        sampling.framing = .frame
        sampling.cropSide = 64
        sampling.minimumSize = 10
        var simulated = SimulatedNuclei.Options()
        simulated.radius = [6, 10]
        simulated.samplesPerEpoch = count
        return try SimulatedNuclei(simulated, sampling: sampling)
    }

    /// Trains in a folder until the end, or until the work is cancelled: after some iterations, or at one of
    /// the places where it can end.
    private func run(
        _ name: String,
        _ steps: TrainingOptions.JointSteps = .separate,
        iterations: Int,
        cancelledAfter limit: Int = .max,
        atPlace last: Int = .max,
        places: Counter = Counter()
    ) throws -> TrainingEnd {
        let folder = workplace.url.appendingPathComponent(name)
        let trainer = try Trainer(
            start,
            options: Self.options(iterations: iterations, steps),
            objectDiameter: ObjectDiameter(framePixels: 64),
            decoderDiameter: ObjectDiameter(framePixels: 24)
        )
        _ = try trainer.resume(from: folder)
        let work = Work()
        work.setUrgent { if places.next() == last { work.cancel() } }
        return try trainer.run(
            training: Self.source(2),
            validation: Self.source(1),
            in: folder,
            work
        ) { event in
            if case .iteration(let report) = event, report.iteration + 1 >= limit { work.cancel() }
        }
    }

    @Test("End when the time is up, and go on later")
    func deadline() throws {
        let folder = workplace.url.appendingPathComponent("late")
        let trainer = try Trainer(start, options: Self.options(iterations: 1))
        let end = try trainer.run(
            training: Self.source(2),
            validation: Self.source(1),
            in: folder,
            until: .now
        ) { _ in }
        #expect(end == .outOfTime && trainer.iteration == 0)
    }

    private func content(_ name: String) throws -> Data {
        let url = workplace.url.appendingPathComponent(name).appendingPathComponent(
            Trainer.latestFileName
        )
        let checkpoint = try Checkpoint(contentsOf: url)
        return checkpoint.tensors.sorted { $0.name < $1.name }.reduce(into: Data()) { data, entry in
            entry.withBytes { data.append(contentsOf: $0) }
        }
    }

    @Test("End with the same bits, wherever they were interrupted")
    func exactResumption() throws {
        #expect(try run("whole", iterations: 3) == .completed)
        // Iteration 1 is the middle of a pass, iteration 2 its end.
        for limit in [1, 2] {
            let name = "cut\(limit)"
            #expect(try run(name, iterations: 3, cancelledAfter: limit) == .cancelled)
            #expect(try content(name) != content("whole"))
            #expect(try run(name, iterations: 3) == .completed)
            #expect(try content(name) == content("whole"), "cancelled after \(limit)")
        }
    }

    @Test(
        "End in the middle of an iteration, which is made again",
        arguments: [TrainingOptions.JointSteps.separate, .combined]
    )
    func undone(steps: TrainingOptions.JointSteps) throws {
        let all = Counter()
        #expect(try run("whole", steps, iterations: 2, places: all) == .completed)
        // Prompts, gradients of the encoder and of the decoder are behind at some of them.
        #expect(all.count > 8)
        for place in 2...min(all.count, 8) {
            let name = "cut\(place)"
            #expect(try run(name, steps, iterations: 2, atPlace: place) == .cancelled)
            #expect(try run(name, steps, iterations: 2) == .completed)
            #expect(try content(name) == content("whole"), "cancelled at place \(place)")
        }
    }

    @Test("Are not continued by another training")
    func otherTraining() throws {
        _ = try run("first", iterations: 1)
        var options = Self.options(iterations: 1)
        options.objectsPerImage = 3
        let other = try Trainer(start, options: options)
        #expect(throws: TrainerError.self) {
            try other.resume(from: workplace.url.appendingPathComponent("first"))
        }
        // More of the same is no other training.
        let more = try Trainer(start, options: Self.options(iterations: 9))
        #expect(try more.resume(from: workplace.url.appendingPathComponent("first")))
        #expect(more.iteration == 1)
    }

    @Test("Leave models that are read like any other")
    func resultIsReadable() throws {
        _ = try run("model", iterations: 1)
        for name in [Trainer.latestFileName, Trainer.bestFileName] {
            let result = try SAMCheckpoint(
                contentsOf: workplace.url.appendingPathComponent("model/\(name)")
            )
            #expect(result.architecture == start.architecture)
            #expect(result.decoder?.count == start.decoder?.count)
            #expect(result.hasPromptPath)
            let traits = ModelTraits(metadata: result.metadata)
            #expect(traits.objectDiameter?.framePixels == 64)
            #expect(traits.decoderDiameter?.framePixels == 24)
        }
    }
}
