public import Checkpoints
import Foundation
import Imaging
public import Prompting
public import Torch

/// Times steps of joint training with the settings that the Python original is measured with.
public struct TrainingBenchmark {
    private let usesLoRA: Bool

    /// Will time steps.
    ///
    /// - Parameter usesLoRA: Whether the image encoder is trained through LoRA.
    public init(usesLoRA: Bool) { self.usesLoRA = usesLoRA }

    private static let side = 512

    /// Seconds of each step, after one that does not count.
    ///
    /// - Parameter work: May be cancelled between two steps.
    public func run(
        _ start: SAMCheckpoint,
        steps: Int,
        on device: Device,
        _ work: Work = Work()
    ) throws -> [Double] {
        var options = TrainingOptions()
        options.iterations = steps + 1
        options.objectsPerImage = 4
        options.subIterations = 4
        if usesLoRA { options.adapter = AdapterOptions() }
        var sampling = SamplingOptions()
        sampling.patchSize = Size(width: Self.side, height: Self.side)
        var simulated = SimulatedNuclei.Options()
        simulated.samplesPerEpoch = steps + 1
        let source = try SimulatedNuclei(simulated, sampling: sampling)
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("usam-benchmark-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var seconds: [Double] = []
        do {
            try Trainer(start, options: options, on: device).run(
                training: source,
                validation: nil,
                in: folder
            ) { event in
                guard case .iteration(let report) = event else { return }
                seconds.append(report.seconds)
                try work.checkpoint()
                // Nobody wants the model, so the run ends before it is written.
                if seconds.count > steps { throw Done() }
            }
        } catch is Done {}
        return Array(seconds.dropFirst())
    }

    private struct Done: Error {}
}
