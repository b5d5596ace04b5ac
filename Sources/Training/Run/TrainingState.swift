import Checkpoints
import Files
import Foundation
import Torch
import TorchNN

/// How far a training has come.
struct TrainingProgress: Codable, Hashable {
    /// Iterations done.
    var iteration = 0
    /// Whether an epoch is over and its validation is still to come.
    var owesValidation = false
    /// The lowest metric so far.
    var bestMetric: Double?
    /// The epoch that it belongs to.
    var bestEpoch = 0
    /// The learning rate's course.
    var schedule = PlateauSchedule()
    /// Time spent in iterations and validation.
    var seconds = 0.0
}

/// Everything that a training needs to go on exactly, as one file.
struct TrainingState {
    /// The texts of the file.
    private struct Header: Codable {
        var version = 1
        var training: String
        var progress: TrainingProgress
        var steps: [String: Int]
    }

    private static let key = "usam.training_state"

    /// Writes a state beside an older one and puts it in its place.
    ///
    /// - Parameter training: What the training is, see ``TrainingIdentity``.
    static func write(
        to url: URL,
        _ parameters: ModelParameters,
        _ optimizer: AdamW,
        _ progress: TrainingProgress,
        training: String
    ) throws {
        let header = Header(
            training: training,
            progress: progress,
            steps: optimizer.moments.mapValues(\.steps)
        )
        let text = try JSONText.encodeLine(header, keys: .asDeclared)
        var writer = SafetensorsWriter(metadata: [key: text])
        for (name, value) in parameters.values { try writer.add(value, named: "value." + name) }
        for (name, moments) in optimizer.moments {
            try writer.add(moments.mean, named: "mean." + name)
            try writer.add(moments.meanSquare, named: "square." + name)
        }
        try writer.write(to: url)
    }

    /// Puts a stored state into parameters and optimiser.
    ///
    /// - Throws: ``TrainerError/otherTraining(file:reason:)`` if it is of another training or damaged.
    static func restore(
        from url: URL,
        _ parameters: ModelParameters,
        _ optimizer: AdamW,
        training: String
    ) throws -> TrainingProgress {
        let checkpoint = try Checkpoint(contentsOf: url)
        guard let text = checkpoint.metadata[key],
            let header = try? JSONText.decode(
                Header.self,
                from: Data(text.utf8),
                keys: .asDeclared
            )
        else {
            throw TrainerError.otherTraining(file: url.path, reason: "it holds no state")
        }
        guard header.training == training else {
            throw TrainerError.otherTraining(
                file: url.path,
                reason: "start model, data or options differ"
            )
        }
        var entries: [String: TensorEntry] = [:]
        for entry in checkpoint.tensors { entries[entry.name] = entry }
        let source = CheckpointParameters(entries, name: url.path)
        for name in parameters.values.keys {
            try parameters.restore(name, source.values(of: "value." + name))
        }
        for (name, steps) in header.steps {
            optimizer.restore(
                name,
                AdamW.Moments(
                    mean: try source.values(of: "mean." + name).moved(to: parameters.device)
                        .copied(),
                    meanSquare: try source.values(of: "square." + name)
                        .moved(to: parameters.device).copied(),
                    steps: steps
                )
            )
        }
        return header.progress
    }
}

/// What has to be the same for a training to be continued.
enum TrainingIdentity {
    /// A text that differs when the start values, or options that change the course, differ.
    ///
    /// When to save may change, and how long to train unless the learning rate depends on it.
    static func text(_ options: TrainingOptions, _ parameters: ModelParameters) throws -> String {
        var options = options
        if options.optimizer.cooldownIterations == 0 {
            options.epochs = 0
            options.iterations = nil
        }
        options.earlyStopping = nil
        options.checkpointInterval = nil
        options.keepsEveryEpochs = nil
        var hash: UInt64 = 14_695_981_039_346_656_037
        for name in parameters.values.keys.sorted() {
            guard let value = parameters.values[name] else { continue }
            // A few numbers of each tensor tell models apart.
            let part = try value.detached().reshaped(-1).sliced(0, 0..<min(value.count, 64))
            let numbers: [Float] = try part.moved(to: .cpu).contiguous().elements()
            for number in numbers {
                hash = (hash ^ UInt64(number.bitPattern)) &* 1_099_511_628_211
            }
        }
        return try JSONText.encodeLine(options, keys: .asDeclared) + " " + String(hash, radix: 16)
    }
}
