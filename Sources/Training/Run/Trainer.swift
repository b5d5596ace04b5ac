public import Checkpoints
import Files
public import Foundation
public import Imaging
public import Prompting
import SegmentAnything
import Segmentation
public import Torch

/// A training run: a start model, options, and a folder that the results go to.
///
/// ```swift
/// let trainer = try Trainer(SAMCheckpoint(contentsOf: model), options: options)
/// _ = try trainer.resume(from: folder)
/// try trainer.run(training: images, validation: others, in: folder) { print($0) }
/// ```
///
/// Calls block for as long as they compute, and belong on a thread of their own. On the CPU, with the same
/// number of threads, a run that was interrupted anywhere and resumed ends with the same bits.
///
/// - Source: Archit et al., Segment Anything for Microscopy (Nature Methods 2025), methods, "Training".
public final class Trainer {
    /// The file of everything that ``resume(from:)`` needs.
    public static let stateFileName = "state.safetensors"

    /// The file of the model as of the last save.
    public static let latestFileName = "latest.safetensors"

    /// The file of the model with the best metric so far.
    public static let bestFileName = "best.safetensors"

    private let options: TrainingOptions
    private let parameters: ModelParameters
    private let optimizer: AdamW
    private let identity: String
    private let objectDiameter: ObjectDiameter?
    private let decoderDiameter: ObjectDiameter?
    private let normalization: Normalization
    private var progress = TrainingProgress()

    /// Parameters of automatic segmentation that the models of this run carry, by micro-sam's names.
    ///
    /// At first those of the start model: as long as nobody has searched for others, they are the best guess.
    public var carriedParameters: [String: Double]

    /// Entries for the metadata of the models of this run, such as what they were made of.
    public var origin: [String: String] = [:]

    /// Prepares a run.
    ///
    /// What the start model lacks is added: a decoder for automatic segmentation that knows nothing yet
    /// where one is to be trained, and the adapter of the options.
    ///
    /// - Parameters:
    ///   - start: The model that training starts from.
    ///   - options: How to train.
    ///   - objectDiameter: To what the samples' objects are enlarged, so that the model carries it.
    ///   - decoderDiameter: The same for the decoder, if smaller objects suit it.
    ///   - normalization: How the samples were stretched, so that the model carries it.
    ///   - device: Where to compute.
    /// - Throws: ``TrainerError`` for options that are out of range or do not go together; an error of the
    ///   checkpoint or of libtorch.
    public init(
        _ start: SAMCheckpoint,
        options: TrainingOptions,
        objectDiameter: ObjectDiameter? = nil,
        decoderDiameter: ObjectDiameter? = nil,
        normalization: Normalization = .minmax,
        on device: Device = .cpu
    ) throws {
        try options.validate(for: start.architecture)
        self.options = options
        self.objectDiameter = objectDiameter
        self.decoderDiameter = decoderDiameter
        self.normalization = normalization
        parameters = try ModelParameters(start, options, on: device)
        carriedParameters =
            start.decoder == nil || options.parts == .promptable
            ? [:] : ModelTraits(metadata: start.metadata).parameters
        optimizer = AdamW(options.optimizer)
        identity = try TrainingIdentity.text(options, parameters)
        // Whether every parameter has its place shows here and not after the data are read.
        _ = try parameters.networks(encoderStatistics: .running, decoderStatistics: .running)
    }

    /// Number of numbers that are trained.
    public var trainedValueCount: Int { parameters.trainedValueCount }

    /// Number of numbers that the model has.
    public var valueCount: Int { parameters.valueCount }

    /// Iterations done, those of earlier runs included.
    public var iteration: Int { progress.iteration }

    /// Seconds that iterations and validation took, those of earlier runs included.
    public var seconds: Double { progress.seconds }

    /// Goes on from what an earlier run left in `folder`.
    ///
    /// How long to train and when to save may differ from that run, and nothing else.
    ///
    /// - Returns: Whether there was something.
    /// - Throws: ``TrainerError/otherTraining(file:reason:)`` if it belongs to another training.
    public func resume(from folder: URL) throws -> Bool {
        let url = folder.appendingPathComponent(Self.stateFileName)
        guard FileManager.default.fileExists(atPath: url.path) else { return false }
        progress = try TrainingState.restore(
            from: url,
            parameters,
            optimizer,
            training: identity
        )
        return true
    }

    /// Trains until all epochs or iterations are done, the metric stops to improve, the time is up, or the
    /// work is cancelled.
    ///
    /// At each end of an epoch, and at the end, `state`, `latest` and where it applies `best` are written to
    /// `folder`, each beside its predecessor and then in its place. Without validation data, the newest
    /// model counts as the best.
    ///
    /// - Parameters:
    ///   - training: Samples to train on.
    ///   - validation: Samples that the metric is computed on, all of one pass each time.
    ///   - folder: Where results go; made if it is missing.
    ///   - deadline: When the run ends at the latest, or nil without a limit of time.
    ///   - work: Once it is cancelled, the present iteration is undone, or finished if parameters have
    ///     changed already; the state is saved, and the run ends.
    ///   - report: Told what happens; what it throws ends the run.
    /// - Throws: ``TrainerError/diverged(iteration:learningRate:)``; an error of data, files or libtorch.
    @discardableResult
    public func run(
        training: any TrainingSource,
        validation: (any TrainingSource)?,
        in folder: URL,
        until deadline: ContinuousClock.Instant? = nil,
        _ work: Work = Work(),
        report: (TrainingEvent) throws -> Void
    ) throws -> TrainingEnd {
        let limits = RunLimits(work: work, deadline: deadline)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // Every step needs the memory of the one before, and the system takes long to hand out pages.
        let cacheLimit = HostMemory.cacheLimit
        HostMemory.cacheLimit = .max
        defer { HostMemory.cacheLimit = cacheLimit }
        var order = SampleOrder(
            count: training.samplesPerEpoch,
            perIteration: options.batchSize * options.gradientAccumulation,
            seed: options.seed
        )
        let perEpoch = order.iterationsPerEpoch
        let total = options.iterations ?? options.epochs * perEpoch
        var pending = progress.iteration < total ? next(training, &order, progress.iteration) : nil
        var lastSave = ContinuousClock.now
        while true {
            if progress.owesValidation {
                try endEpoch(
                    (progress.iteration - 1) / perEpoch,
                    validation,
                    folder,
                    limits,
                    report
                )
                lastSave = .now
                if progress.owesValidation {
                    try save(in: folder, report)
                    return try finished(limits.end ?? .cancelled, report)
                }
            }
            guard progress.iteration < total else { break }
            if let patience = options.earlyStopping, validation != nil,
                progress.iteration / perEpoch - 1 - progress.bestEpoch > patience
            {
                return try finished(.stoppedEarly, report)
            }
            if let end = limits.end {
                try save(in: folder, report)
                return try finished(end, report)
            }
            let samples = try pending?.value() ?? []
            let iteration = progress.iteration
            pending = iteration + 1 < total ? next(training, &order, iteration + 1) : nil
            let done: IterationReport
            do {
                done = try iterate(samples, perEpoch, of: total, work)
            } catch is CancellationError {
                try save(in: folder, report)
                return try finished(.cancelled, report)
            }
            try report(.iteration(done))
            let isEpochEnd = progress.iteration.isMultiple(of: perEpoch)
            if isEpochEnd || progress.iteration == total {
                progress.owesValidation = true
            } else if let interval = options.checkpointInterval,
                lastSave.duration(to: .now) > .seconds(interval)
            {
                try save(in: folder, report)
                lastSave = .now
            }
        }
        return try finished(.completed, report)
    }

    private func finished(
        _ end: TrainingEnd,
        _ report: (TrainingEvent) throws -> Void
    ) throws -> TrainingEnd {
        try report(.finished(end))
        return end
    }

    private func next(
        _ source: any TrainingSource,
        _ order: inout SampleOrder,
        _ iteration: Int
    ) -> PendingSamples {
        let (epoch, places) = order.places(of: iteration)
        return PendingSamples(source, epoch: epoch, places: places, seed: options.seed)
    }

    // MARK: - Iterations

    private func iterate(
        _ samples: [TrainingSample],
        _ perEpoch: Int,
        of total: Int,
        _ work: Work
    ) throws -> IterationReport {
        let began = ContinuousClock.now
        let number = progress.iteration
        var random = SampleRandom(seed: options.seed, epoch: -2, index: number)
        optimizer.learningRate = options.optimizer.learningRate * progress.schedule.factor
        let scale = options.optimizer.rateScale(of: number, total: total)
        let losses: TrainingIteration.Losses
        do {
            losses = try TrainingIteration(
                options: options,
                parameters: parameters,
                optimizer: optimizer,
                rateScale: scale,
                work: work
            ).run(
                samples,
                start: number.isMultiple(of: 2)
                    ? .point : .box(distortion: options.boxDistortion),
                using: &random
            )
        } catch is TrainingIteration.NotANumber {
            throw TrainerError.diverged(
                iteration: number,
                learningRate: optimizer.learningRate * scale
            )
        }
        progress.iteration += 1
        let seconds = began.duration(to: .now).seconds
        progress.seconds += seconds
        let prompted = losses.prompted
        func mean(_ sum: Double) -> Double? { prompted.count > 0 ? sum / prompted.count : nil }
        return IterationReport(
            iteration: number,
            epoch: number / perEpoch,
            iterationsPerEpoch: perEpoch,
            loss: mean(prompted.loss),
            maskLoss: mean(prompted.mask),
            iouLoss: mean(prompted.iou),
            modelIoU: mean(prompted.modelIoU),
            decoderLoss: losses.decoder,
            learningRate: optimizer.learningRate * scale,
            seconds: seconds
        )
    }

    // MARK: - Epochs

    /// Validation and checkpoints; the validation is still owed afterwards if it was cancelled.
    private func endEpoch(
        _ epoch: Int,
        _ validation: (any TrainingSource)?,
        _ folder: URL,
        _ limits: RunLimits,
        _ report: (TrainingEvent) throws -> Void
    ) throws {
        var isBest = true
        if let validation {
            let began = ContinuousClock.now
            guard
                let result = try ValidationPass(options: options, parameters: parameters)
                    .run(validation, limits)
            else { return }
            let seconds = began.duration(to: .now).seconds
            progress.seconds += seconds
            isBest = progress.bestMetric.map { result.metric < $0 } ?? true
            if isBest { (progress.bestMetric, progress.bestEpoch) = (result.metric, epoch) }
            progress.schedule.add(result.metric, options.optimizer)
            try report(
                .validation(
                    ValidationReport(
                        iteration: progress.iteration,
                        epoch: epoch,
                        metric: result.metric,
                        maskLoss: result.mask,
                        iouLoss: result.iou,
                        decoderLoss: result.decoder,
                        isBest: isBest,
                        seconds: seconds
                    )
                )
            )
        }
        progress.owesValidation = false
        if isBest { try write(Self.bestFileName, in: folder, isBest: true, report) }
        if let every = options.keepsEveryEpochs, (epoch + 1).isMultiple(of: every) {
            try write("epoch-\(epoch + 1).safetensors", in: folder, isBest: false, report)
        }
        try save(in: folder, report)
    }

    private func save(in folder: URL, _ report: (TrainingEvent) throws -> Void) throws {
        try TrainingState.write(
            to: folder.appendingPathComponent(Self.stateFileName),
            parameters,
            optimizer,
            progress,
            training: identity
        )
        try write(Self.latestFileName, in: folder, isBest: false, report)
    }

    private func write(
        _ name: String,
        in folder: URL,
        isBest: Bool,
        _ report: (TrainingEvent) throws -> Void
    ) throws {
        let url = folder.appendingPathComponent(name)
        let traits = ModelTraits(
            padding: parameters.padding,
            objectDiameter: objectDiameter,
            decoderDiameter: decoderDiameter,
            parameters: carriedParameters,
            normalization: normalization
        )
        var entries = origin
        entries["usam.iterations"] = "\(progress.iteration)"
        entries["usam.training_seconds"] = "\(Int(progress.seconds.rounded()))"
        let metadata = traits.replacing(in: entries)
        try parameters.write(to: url, metadata: metadata)
        try report(.checkpoint(path: url.path, isBest: isBest))
    }
}

/// What ends a run before its time.
struct RunLimits {
    let work: Work
    let deadline: ContinuousClock.Instant?

    /// Why the run ends now, if it does; a place where more urgent work is done first.
    var end: TrainingEnd? {
        do {
            try work.checkpoint()
        } catch {
            return .cancelled
        }
        return deadline.map { $0 <= .now } == true ? .outOfTime : nil
    }
}
