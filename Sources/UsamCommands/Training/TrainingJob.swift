import Checkpoints
import Foundation
import Jobs
import Prompting
import Segmentation
import Torch
import Training

/// Trains in a folder, from its start or from where an earlier run left it.
struct TrainingJob: Sendable {
    let record: TrainingRecord
    let folder: RunFolder
    let start: SAMCheckpoint
    let device: Device
    let console: Console
    let isQuiet: Bool
    let interrupt: TrainingInterrupt

    /// Number of validation images in the report.
    let pictures: Int

    /// Runs to the end, to a limit or to an interruption; blocks for as long.
    func run() throws -> TrainingSummary {
        let trainer = try Trainer(
            start,
            options: record.training,
            objectDiameter: record.files.objectDiameter,
            on: device
        )
        let isContinued = try resume(trainer)
        let first = trainer.iteration
        let log = try TrainingLog(in: folder.url, start: beginning(first))
        let history = try TrainingLog.history(in: folder.url)
        let clock = TrainingClock(earlier: trainer.seconds, minutes: record.minutes)
        var presenter = TrainingPresenter(
            record.training,
            clock: clock,
            history: history,
            console: console,
            isQuiet: isQuiet
        )
        presenter.say(
            "Training \(Self.count(trainer.trainedValueCount)) of "
                + "\(Self.count(trainer.valueCount)) values on \(device)"
                + (isContinued ? ", from iteration \(first) on" : "")
                + "; Ctrl-C saves and stops."
        )
        let end = try clock.isUp ? .cancelled : train(trainer, log, clock, &presenter)
        let summary = summary(end, trainer, first, clock)
        return try reported(summary, isFresh: trainer.iteration > first, &presenter)
    }

    private func resume(_ trainer: Trainer) throws -> Bool {
        do {
            return try trainer.resume(from: folder.url)
        } catch {
            throw CommandFailure(
                "\(folder.path): the run can not go on: \(describe(error)); --force begins anew"
            )
        }
    }

    private func train(
        _ trainer: Trainer,
        _ log: TrainingLog,
        _ clock: TrainingClock,
        _ presenter: inout TrainingPresenter
    ) throws -> TrainingEnd {
        defer { presenter.clear() }
        let interrupt = interrupt
        do {
            return try trainer.run(
                training: record.files.trainingSource(),
                validation: record.files.validationSource(),
                in: folder.url,
                isCancelled: { interrupt.signal != nil || clock.isUp },
                report: { event in
                    try log.add(event)
                    presenter.handle(event)
                }
            )
        } catch TensorError.outOfMemory(let operation, _) {
            throw CommandFailure(
                "there was not enough memory (\(operation)); begin anew with less at a time: "
                    + "--batch-size 1, --checkpointing, a smaller --crop-side or --parts promptable"
            )
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
    ) -> TrainingSummary {
        let isBest = folder.has(Trainer.bestFileName)
        let name = isBest ? Trainer.bestFileName : Trainer.latestFileName
        let ending: TrainingSummary.Ending =
            switch end {
            case .completed: .completed
            case .stoppedEarly: .stoppedEarly
            case .cancelled: interrupt.signal == nil ? .outOfTime : .interrupted
            }
        return TrainingSummary(
            folder: folder.path,
            ending: ending,
            model: folder.has(name) ? "\(folder.path)/\(name)" : nil,
            isBest: isBest,
            iterations: trainer.iteration,
            newIterations: trainer.iteration - first,
            seconds: clock.seconds,
            warnings: record.warnings
        )
    }

    /// Looks for the parameters that suit the model, and writes them into its file.
    private func suggestParameters(
        _ summary: inout TrainingSummary,
        _ presenter: inout TrainingPresenter
    ) throws {
        guard let model = summary.model, summary.ending != .interrupted,
            record.training.parts != .promptable
        else { return }
        let interrupt = interrupt
        defer { presenter.clear() }
        do {
            let checkpoint = try SAMCheckpoint(contentsOf: URL(filePath: model))
            let pairs = record.files.pictured(Self.searchedImages)
            let found = try ParameterSearch(pairs, on: device).run(checkpoint) { done, total in
                guard interrupt.signal == nil else { throw CancellationError() }
                presenter.show("parameters that suit the model: \(done) of \(total)")
            }
            guard let found else { return }
            try checkpoint.write(to: URL(filePath: model), suggesting: found.parameters)
            summary.parameters = found.parameters
            let gain = String(
                format: "mSA %.3f instead of %.3f",
                found.accuracy,
                found.accuracyBefore
            )
            presenter.say(
                "Parameters that suit it, now in the file: \(gain) on "
                    + "\(Wording.count(pairs.count, "validation image"))."
            )
        } catch is CancellationError {
            // The user is in a hurry.
        } catch {
            summary.warnings.append(
                "the parameters of automatic segmentation are the defaults: \(describe(error))"
            )
        }
    }

    /// Validation images that parameters are searched with, at most.
    private static let searchedImages = 6

    /// Writes the report, unless the one that is there is still right.
    private func reported(
        _ summary: TrainingSummary,
        isFresh: Bool,
        _ presenter: inout TrainingPresenter
    ) throws -> TrainingSummary {
        var summary = summary
        let history = try TrainingLog.history(in: folder.url)
        summary.firstMetric = history.validations.first?.metric
        summary.bestMetric = history.best?.metric
        summary.bestEpoch = history.best.map { $0.epoch + 1 }
        let reporter = TrainingReporter(record: record, folder: folder, device: device)
        if isFresh { try suggestParameters(&summary, &presenter) }
        if isFresh || !folder.has(RunFolder.reportName) {
            let interrupt = interrupt
            let problem = try reporter.write(summary, before: start, pictures: pictures) { text in
                guard interrupt.signal == nil else { throw CancellationError() }
                presenter.show(text)
            }
            presenter.clear()
            if let problem { summary.warnings.append(problem) }
        }
        summary.report = "\(folder.path)/\(RunFolder.reportName)"
        return summary
    }

    /// `12.3 million`, `123 thousand`.
    private static func count(_ number: Int) -> String {
        if number >= 1_000_000 { return String(format: "%.1f million", Double(number) / 1e6) }
        return number >= 10_000 ? "\(number / 1000) thousand" : "\(number)"
    }
}
