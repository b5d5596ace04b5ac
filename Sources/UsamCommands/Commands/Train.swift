import ArgumentParser
import Checkpoints
import Foundation
import Jobs
import ModelZoo
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

            The folder of the run gets best.safetensors, which every other command takes as --model, \
            report.html with curves and pictures, log.jsonl and event files for TensorBoard. What is \
            not given is chosen by one look at the data and the machine, and told. Ctrl-C saves and \
            stops; the same command, or --resume, goes on as if nothing had happened. A folder with \
            another training is left alone unless --force is given.
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
        help: "Go on with the run in the folder; all but limits and machine are taken from there."
    )
    var resume = false

    @Flag(help: "Begin anew where the folder holds a training; its files are removed.")
    var force = false

    @Flag(help: "Check data and memory, tell what would be done, and stop.")
    var dryRun = false

    @Option(help: ArgumentHelp("Validation images in the report.", valueName: "count"))
    var pictures = 4

    @Flag(help: "Print a summary as JSON.")
    var json = false

    @Flag(help: "Show no progress.")
    var quiet = false

    func validate() throws {
        if output.isEmpty { throw ValidationError("--output has an empty name.") }
        if !(0...100).contains(pictures) {
            throw ValidationError("--pictures is \(pictures), it must be between 0 and 100.")
        }
        let isChosen =
            data.isUsed || start.isUsed || choices != TrainingChoices() || economy.preset != .auto
        if resume {
            if force { throw ValidationError("--resume and --force contradict each other.") }
            if isChosen {
                throw ValidationError(
                    "--resume takes everything from the folder; besides it only limits such as "
                        + "--minutes, and --device, --threads and --pictures make sense."
                )
            }
        } else if data.recipe != nil {
            var other = choices
            other.seed = 0
            if other != TrainingChoices() || economy.preset != .auto {
                throw ValidationError(
                    "--recipe holds all options of training; besides it only --model, --seed and limits "
                        + "such as --minutes make sense."
                )
            }
        } else if data.images.isEmpty {
            throw ValidationError("--images and --labels, --recipe or --resume are needed.")
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
        let device = try machine.prepare()
        let folder = try RunFolder(output)
        let preparation = TrainingPreparation(
            folder: folder,
            data: data,
            preset: economy.preset,
            choices: choices,
            limits: limits.value,
            device: device,
            console: console,
            isQuiet: quiet
        )
        let prepared: TrainingPreparation.Result
        do {
            prepared = try await preparation.prepared(
                model: start,
                resumes: resume,
                replaces: force,
                isTrial: dryRun
            )
        } catch {
            folder.removeIfEmpty()
            throw error
        }
        guard !dryRun else { return folder.removeIfEmpty() }
        let interrupt = TrainingInterrupt()
        let watch = SignalWatch { signal in
            interrupt.request(signal)
            console.printError(
                "\nusam: stopping after this iteration; once more Ctrl-C stops at once"
            )
        }
        defer { withExtendedLifetime(watch) {} }
        let job = TrainingJob(
            record: prepared.record,
            folder: folder,
            start: prepared.checkpoint,
            device: device,
            console: console,
            isQuiet: quiet,
            interrupt: interrupt,
            pictures: pictures
        )
        let summary = try await onWorkerThread("training") { try job.run() }
        for warning in summary.warnings where !prepared.record.warnings.contains(warning) {
            console.printError("usam: \(warning)")
        }
        if json {
            console.print(try JSONText.encode(summary))
        } else {
            summary.lines.forEach { console.print($0) }
        }
        if let signal = interrupt.signal { throw ExitCode(128 + signal) }
    }
}

/// The model that a training starts from.
struct TrainingStartOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The model to start from: a name that 'usam models list' shows, or a checkpoint file "
                + "(default: \(EmbeddedModel.name), or what the recipe says).",
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
