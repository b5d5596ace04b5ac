import ArgumentParser
import Files
import Foundation
import Jobs
import ModelZoo
import Presentation
import Prompting
import Segmentation
import Terminal
import Torch
import Training

/// `usam train`: a better model from annotated images.
struct Train: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a model on annotated images.",
        discussion: """
            usam train --images images/ --labels labels/ --minutes 10 -o run
            usam train --images 'a/*.tif' --labels 'b/*.tif' --model vit_b_lm --adapter lora -o run
            usam train --recipe recipe.json -o run
            usam train --resume -o run

            The results are best.safetensors (the model, for --model of all commands), report.html with \
            curves and pictures, log.jsonl, and event files for TensorBoard. Other settings are \
            chosen from the data and the machine, and printed. Ctrl-C saves and stops; the same \
            command, or --resume, continues exactly. A folder with another training is kept unless \
            --force is given.
            """
    )

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The folder of the run.", valueName: "folder"),
        completion: .directory
    )
    var output: String

    @OptionGroup(title: "Data") var data: TrainingDataOptions
    @OptionGroup(title: "Model") var start: TrainingStartOptions
    @OptionGroup(title: "Model") var parts: TrainingPartOptions

    @OptionGroup(title: "End") var limits: TrainingLimitOptions
    @OptionGroup(title: "Iterations") var steps: TrainingStepOptions
    @OptionGroup(title: "Patches") var patches: TrainingPatchOptions
    @OptionGroup(title: "Machine") var economy: TrainingMachineOptions
    @OptionGroup(title: "Machine") var machine: DeviceOptions

    @Flag(
        help: "Continue the run in the folder; only limits and machine can change."
    )
    var resume = false

    @Flag(help: "Start again and remove the training in the folder.")
    var force = false

    @Flag(help: "Check data and memory, show the plan, and stop.")
    var dryRun = false

    @Option(help: ArgumentHelp("Number of validation images in the report.", valueName: "count"))
    var pictures = 4

    @OptionGroup var display: DisplayOptions

    func validate() throws {
        if output.isEmpty { throw ValidationError("--output has an empty name.") }
        if !(0...100).contains(pictures) {
            throw ValidationError("--pictures is \(pictures); it must be between 0 and 100.")
        }
        let isChosen =
            data.isUsed || start.isUsed || choices != TrainingChoices() || economy.preset != .auto
        if resume {
            if force { throw ValidationError("--resume and --force contradict each other.") }
            if isChosen {
                throw ValidationError(
                    "--resume takes everything from the folder; with it, only limits such as "
                        + "--minutes, and --device, --threads and --pictures can be given."
                )
            }
        } else if data.recipe != nil {
            var other = choices
            other.seed = 0
            if other != TrainingChoices() || economy.preset != .auto {
                throw ValidationError(
                    "--recipe holds all options of training; with it, only --model, --seed and limits "
                        + "such as --minutes can be given."
                )
            }
        } else if data.images.isEmpty {
            throw ValidationError("Give --images and --labels, or --recipe, or --resume.")
        }
    }

    /// What the user decided, without limits.
    var choices: TrainingChoices {
        var choices = TrainingChoices()
        parts.apply(to: &choices)
        steps.apply(to: &choices)
        patches.apply(to: &choices)
        economy.apply(to: &choices)
        choices.minimumSize = data.minimumSize
        choices.validationFraction = data.validationFraction
        return choices
    }

    func run() async throws {
        let console = Console.system
        let stop = TrainingStop(console)
        let watch = SignalWatch { stop.receive($0) }
        defer { withExtendedLifetime(watch) {} }
        do {
            let training = try await stop.preparing {
                let folder = try TrainingFolder(output) {
                    console.printError("usam: another program is training in \(output); waiting")
                }
                do {
                    return try await prepared(folder, machine.prepare(), console)
                } catch {
                    folder.removeIfEmpty()
                    throw error
                }
            }
            defer { training.folder.removeIfEmpty() }
            guard !dryRun else { return }
            let summary = try await summary(of: training, stop, console)
            try report(summary, known: training.record.warnings, console)
        } catch is CancellationError where stop.signal != nil {
            console.printError("usam: stopped before the first iteration; no files are left")
        }
        if let signal = stop.signal { throw StoppedBySignal(signal) }
    }

    private func summary(
        of training: TrainingRun,
        _ stop: TrainingStop,
        _ console: Console
    ) async throws -> TrainingSummary {
        let work = try stop.begin()
        let course = TrainingCourse(on: training.device, console: console, isQuiet: display.quiet)
        defer { course.clear() }
        let pictures = pictures
        let engine = InferenceEngine.shared(on: training.device)
        return try await engine.run(.automatic, work) { work in
            try training.run(pictures: pictures, work) { course.handle($0) }
        }
    }

    private func report(
        _ summary: TrainingSummary,
        known: [TrainingWarning],
        _ console: Console
    ) throws {
        for warning in summary.warnings where !known.contains(warning) {
            console.printError("usam: \(warning.words)")
        }
        if display.json {
            console.print(try JSONText.encode(TrainingSummaryOutput(summary: summary)))
        } else {
            summary.lines.forEach { console.print($0) }
        }
    }

    private func prepared(
        _ folder: TrainingFolder,
        _ device: Device,
        _ console: Console
    ) async throws -> TrainingRun {
        var request = try resume ? TrainingRequest(images: [], labels: []) : data.request()
        request.choices = choices
        request.choices.limits = limits.value
        request.preset = economy.preset
        var start = TrainingStart(request, in: folder, on: device, console, isQuiet: display.quiet)
        start.showsPlan = dryRun
        return resume
            ? try await start.resumed(limits.value)
            : try await start.prepared(
                model: self.start.model,
                decoder: self.start.decoder,
                replacingOther: force
            )
    }
}

/// The summary of a training as JSON, with warnings that name options.
private struct TrainingSummaryOutput: Encodable {
    let summary: TrainingSummary

    private enum Keys: String, CodingKey { case warnings }

    func encode(to encoder: any Encoder) throws {
        try summary.encode(to: encoder)
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(summary.warnings.map(\.words), forKey: .warnings)
    }
}

/// The model that a training starts from.
struct TrainingStartOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The model to start from: a name from 'usam models list', or a checkpoint file "
                + "(default: \(EmbeddedModel.name), or the model of the recipe).",
            valueName: "name or file"
        ),
        completion: .file()
    )
    var model: String?

    @Option(
        help: ArgumentHelp(
            "A checkpoint with a decoder for automatic segmentation, if the model has none.",
            valueName: "file"
        ),
        completion: .file()
    )
    var decoder: String?

    /// Whether one of the options was given.
    var isUsed: Bool { model != nil || decoder != nil }
}
