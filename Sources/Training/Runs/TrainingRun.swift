import Checkpoints
import Foundation
import Imaging
import ModelZoo
public import Prompting
import Synchronization
public import Torch

/// A training from annotated images to a model that others can use, in a folder of its own.
///
/// ```swift
/// let model = try ModelZoo.standard.locate("usam-tiny")
/// let run = try TrainingRun(images: images, labels: labels, from: model, in: "run") {
///     $0.choices.limits.minutes = 10
/// }
/// let summary = try run.run()             // blocks; run/best.safetensors, run/report.html
/// ```
///
/// A run that was cancelled, killed or out of time goes on with ``resume(in:limits:from:on:)`` as if
/// nothing had happened: on the CPU, with the same number of threads, it ends with the same bits.
///
/// Preparing looks at all files and leaves no trace; what is written into the folder is written by
/// ``run(pictures:_:telling:)``. While a run is at work, memory that libtorch has freed is kept for the
/// whole process, so that a program with other things to do trains in a process of its own.
public final class TrainingRun: Sendable {
    /// What is trained on what, and how.
    public let record: TrainingRecord

    /// Where.
    public let folder: TrainingFolder

    /// The device that computes.
    public let device: Device

    /// Whether the folder holds the beginning of the run.
    public let isContinued: Bool

    /// What was found in the data, and how they were divided, a sentence each; empty for a run that goes on.
    public let dataSummary: [String]

    private let start: SAMCheckpoint
    private let recipeFile: String?

    /// What the folder holds when the run begins, where that may be replaced.
    private let isFolderOpen: Bool
    private let isRecorded: Atomic<Bool>

    /// Validation images that parameters are searched with, at most.
    private static let searchedImages = 12

    /// - Parameters:
    ///   - known: What the folder has already.
    ///   - replacesOther: Whether files of another run in the folder are removed.
    init(
        _ record: TrainingRecord,
        known: TrainingRecord?,
        replacesOther: Bool = false,
        recipeFile: String? = nil,
        dataSummary: [String] = [],
        start: SAMCheckpoint,
        in folder: TrainingFolder,
        on device: Device
    ) {
        self.record = record
        self.folder = folder
        self.device = device
        self.dataSummary = dataSummary
        self.start = start
        self.recipeFile = recipeFile
        isContinued = known != nil
        isFolderOpen = replacesOther
        isRecorded = Atomic(known == record)
    }

    /// Trains, from the start or from where an earlier part of the run ended, to the end or to a limit.
    ///
    /// Afterwards the parameters of automatic segmentation that suit the model are searched on validation
    /// images and written into its file, and the report is written. Blocks for as long as it computes, on
    /// the thread of the caller.
    ///
    /// - Parameters:
    ///   - pictures: Number of validation images in the report.
    ///   - work: Once it is cancelled, the present iteration is undone or finished and the state saved; a
    ///     search ends at once, and the model keeps its parameters.
    ///   - report: Told what happens, on the same thread.
    /// - Throws: ``TrainingRunError``, ``TrainerError``; an error of the data, the files or libtorch;
    ///   `CancellationError` if the work is cancelled before the first iteration, which leaves no files.
    public func run(
        pictures: Int = 4,
        _ work: Work = Work(),
        telling report: @escaping @Sendable (TrainingRunEvent) -> Void = { _ in }
    ) throws -> TrainingSummary {
        try folder.exclusively {
            try writeRecord()
            let trainer = try Trainer(
                start,
                options: record.training,
                objectDiameter: record.files.objectDiameter,
                decoderDiameter: record.files.decoderDiameter,
                normalization: record.files.normalization,
                on: device
            )
            let isResumed = try resume(trainer)
            trainer.origin = origin
            if isResumed, let known = try checkpoint(trainer) {
                trainer.carriedParameters = ModelTraits(metadata: known.metadata).parameters
            }
            let first = trainer.iteration
            let log = try TrainingLog(in: folder.url, start: beginning(first))
            let clock = TrainingClock(earlier: trainer.seconds, minutes: record.minutes)
            report(
                .began(
                    TrainingBeginning(
                        trainedValueCount: trainer.trainedValueCount,
                        valueCount: trainer.valueCount,
                        isContinued: isResumed,
                        iteration: first,
                        options: record.training,
                        clock: clock,
                        history: try TrainingLog.history(in: folder.url)
                    )
                )
            )
            let end = try clock.isUp ? .outOfTime : train(trainer, log, clock, work, report)
            if end == .cancelled, trainer.iteration == 0, !isContinued { try withdraw() }
            var summary = try summary(end, trainer, first, clock)
            try finish(&summary, pictures: pictures, work, report)
            report(.ended(summary))
            return summary
        }
    }

    /// Puts the record into the folder, once.
    private func writeRecord() throws {
        guard !isRecorded.load(ordering: .acquiring) else { return }
        if isFolderOpen { try folder.clear() }
        if !isContinued { _ = try folder.record(recipe: recipeFile) }
        try record.write(in: folder.path)
        isRecorded.store(true, ordering: .releasing)
    }

    /// Takes back what was written before the first iteration: a model that has learned nothing is no result.
    private func withdraw() throws -> Never {
        try folder.clear()
        isRecorded.store(false, ordering: .releasing)
        throw CancellationError()
    }

    private func resume(_ trainer: Trainer) throws -> Bool {
        do {
            return try trainer.resume(from: folder.url)
        } catch {
            throw TrainingRunError.unreadableState(folder: folder.path, reason: "\(error)")
        }
    }

    /// The model that the folder holds; nil before the first checkpoint.
    private func checkpoint(_ trainer: Trainer) throws -> SAMCheckpoint? {
        let name = folder.has(Trainer.bestFileName) ? Trainer.bestFileName : Trainer.latestFileName
        guard folder.has(name) else { return nil }
        return try SAMCheckpoint(contentsOf: URL(filePath: folder.path(of: name)))
    }

    /// What the models of this run say of where they come from.
    private var origin: [String: String] {
        let pairs = record.files.training.flatMap(\.pairs)
        return [
            "usam.start_model": URL(filePath: record.model).lastPathComponent,
            "usam.version": ProgramVersion.text,
            "usam.training_images": "\(pairs.count)",
        ]
    }

    private func train(
        _ trainer: Trainer,
        _ log: TrainingLog,
        _ clock: TrainingClock,
        _ work: Work,
        _ report: (TrainingRunEvent) -> Void
    ) throws -> TrainingEnd {
        do {
            return try trainer.run(
                training: record.files.trainingSource(),
                validation: record.files.validationSource(),
                in: folder.url,
                until: clock.deadline,
                work
            ) { event in
                try log.add(event)
                report(.training(event))
            }
        } catch TensorError.outOfMemory(let operation, _) {
            throw TrainingRunError.outOfMemory(operation: operation)
        }
    }

    private func beginning(_ iteration: Int) -> TrainingLog.Start {
        TrainingLog.Start(
            iteration: iteration,
            model: record.model,
            device: device.description,
            version: ProgramVersion.text,
            time: Date.now.timeIntervalSince1970
        )
    }

    // MARK: - The end

    private func summary(
        _ end: TrainingEnd,
        _ trainer: Trainer,
        _ first: Int,
        _ clock: TrainingClock
    ) throws -> TrainingSummary {
        let isBest = folder.has(Trainer.bestFileName)
        let name = isBest ? Trainer.bestFileName : Trainer.latestFileName
        let history = try TrainingLog.history(in: folder.url)
        return TrainingSummary(
            folder: folder.path,
            ending: TrainingSummary.Ending(end),
            model: folder.has(name) ? folder.path(of: name) : nil,
            isBest: isBest,
            iterations: trainer.iteration,
            newIterations: trainer.iteration - first,
            seconds: clock.seconds,
            firstMetric: history.validations.first?.metric,
            bestMetric: history.best?.metric,
            bestEpoch: history.best.map { $0.epoch + 1 },
            warnings: record.warnings
        )
    }

    /// Gives the model its parameters and writes the report, unless those that are there are still right.
    private func finish(
        _ summary: inout TrainingSummary,
        pictures: Int,
        _ work: Work,
        _ report: @escaping @Sendable (TrainingRunEvent) -> Void
    ) throws {
        let wasSearched = suggestParameters(&summary, work, report)
        let name = "\(summary.model ?? "none") at iteration \(summary.iterations)"
        let isShown = TrainingReport.shows(name, at: URL(filePath: folder.path(of: reportName)))
        if summary.newIterations > 0 || wasSearched || !isShown {
            let drawing = work.part { event in
                if case .advanced(let index, let count) = event {
                    report(.drawing(index, of: count))
                }
            }
            let (problem, isCancelled) = try TrainingReporter(
                record: record,
                folder: folder,
                device: device
            )
            .write(summary, before: start, pictures: pictures, for: name, drawing)
            if let problem { summary.warnings.append(problem) }
            if isCancelled { summary.remaining.append(.pictures) }
            summary.finishedMore = wasSearched || !isCancelled
        }
        summary.report = folder.path(of: TrainingFolder.reportName)
    }

    private var reportName: String { TrainingFolder.reportName }

    /// Notes in a model that its parameters were searched for.
    private static let searchedKey = "usam.parameters_searched"

    /// Looks for the parameters that suit the model, and writes them into its file.
    ///
    /// - Returns: Whether there was something to search for, and it was done.
    private func suggestParameters(
        _ summary: inout TrainingSummary,
        _ work: Work,
        _ report: @escaping @Sendable (TrainingRunEvent) -> Void
    ) -> Bool {
        guard let model = summary.model, record.training.parts != .promptable else { return false }
        if summary.ending == .interrupted {
            summary.remaining.append(.parameters)
            return false
        }
        let searching = work.part { event in
            if case .advanced(let done, let total) = event {
                report(.searching(done, of: total))
            }
        }
        do {
            let checkpoint = try SAMCheckpoint(contentsOf: URL(filePath: model))
            guard checkpoint.metadata[Self.searchedKey] == nil else { return false }
            let pairs = record.files.pictured(Self.searchedImages)
            let found = try ParameterSearch(pairs, on: device).run(checkpoint, searching)
            let parameters =
                found?.parameters ?? ModelTraits(metadata: checkpoint.metadata).parameters
            try checkpoint.write(
                to: URL(filePath: model),
                suggesting: parameters,
                noting: [Self.searchedKey: "\(pairs.count)"]
            )
            guard let found else { return true }
            summary.parameters = found.parameters
            report(.suited(found, images: pairs.count))
            return true
        } catch is CancellationError {
            // Whoever cancels wants the end now, and has the model with the parameters that it had.
            summary.remaining.append(.parameters)
            return false
        } catch {
            summary.warnings.append(.defaultParameters(reason: "\(error)"))
            return false
        }
    }
}

extension TrainingSummary.Ending {
    fileprivate init(_ end: TrainingEnd) {
        self =
            switch end {
            case .completed: .completed
            case .stoppedEarly: .stoppedEarly
            case .outOfTime: .outOfTime
            case .cancelled: .interrupted
            }
    }
}

extension TrainingLog.History {
    /// The validation of the best model.
    public var best: ValidationReport? { validations.last { $0.isBest } }
}
