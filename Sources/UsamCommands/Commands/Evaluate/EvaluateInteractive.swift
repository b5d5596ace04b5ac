import ArgumentParser
import Evaluation
import Files
import Foundation
import ImageFormats
import Imaging
import Judging
import Presentation
import Segmentation
import Terminal

/// `usam evaluate interactive`: a simulated user prompts every object and corrects the masks.
struct EvaluateInteractive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interactive",
        abstract: "Simulate a user who prompts every object and corrects its mask.",
        discussion: """
            usam evaluate interactive images/ --labels labels/ --start box --use-masks -o scores

            After each round, every object gets a positive point where its mask lacks pixels, and a \
            negative point where it has too many. --seed makes the points repeatable, unlike micro-sam's.

            Every label is an object. mSA, SA50 and SA75 are the scores of a label image with all masks, \
            in which every connected part of a mask counts as an object, as in micro-sam. A mask that \
            another one cuts into pieces therefore lowers them; the mean IoU compares whole masks.

            With --fixed, objects are prompted once, with points drawn from the true objects: points/p2-n4 \
            means two points inside and four outside, and box/p0-n0 means the box.
            """
    )

    @OptionGroup var data: AnnotatedData

    @Option(help: "The first prompt: point or box; can be repeated (default: both).")
    var start: [IterativePromptingOptions.Start] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Prompt settings, each used once: names such as points/p2-n4, 'standard' for "
                + "micro-sam's four settings, or 'all' for its 31.",
            valueName: "settings"
        )
    )
    var fixed: [String] = []

    @Option(help: "Number of rounds of prompts, including the first.")
    var iterations = 8

    @Flag(help: "Also give the model the mask of the previous round.")
    var useMasks = false

    @Option(help: "Seed of the random correction prompts.")
    var seed: UInt64 = 0

    @Option(
        help: ArgumentHelp(
            "A folder for the label images of each round: iteration00, iteration01, ...",
            valueName: "folder"
        ),
        completion: .directory
    )
    var predictions: String?

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Machine") var machine: DeviceOptions
    @OptionGroup(title: "Large images") var tiling: TilingArguments
    @OptionGroup(title: "Files") var files: EvaluationFileOptions
    @OptionGroup(title: "Run") var run: EvaluationRunOptions

    func validate() throws {
        guard (1...100).contains(iterations) else {
            throw ValidationError("--iterations is \(iterations); it must be between 1 and 100.")
        }
        _ = try fixedPrompts
        guard fixed.isEmpty || start.isEmpty else {
            throw ValidationError("--start has no meaning with --fixed; leave one of them out.")
        }
        guard predictions == nil || run.objects == nil else {
            throw ValidationError(
                "--predictions writes all objects; leave out --objects or --predictions."
            )
        }
    }

    func run() async throws {
        let session = try await model.session(machine, needsDecoder: false, .system)
        let pairs = try data.pairs(files)
        let folder = JudgedFolder(
            images: pairs.limited(to: run.limit),
            settings: try settings(),
            session: session,
            output: run.output,
            replaces: run.force,
            predictions: predictions,
            isQuiet: run.quiet
        )
        let summary = try await folder.run()
        if let output = run.output, fixed.isEmpty {
            try EvaluationFiles(output).writeRounds(summary)
        }
        guard !run.json else { return Console.system.print(try JSONText.encode(summary)) }
        Console.system.print(Self.table(summary).text)
        if !run.quiet { Console.system.printError("usam: \(PromptedScore.note)") }
    }

    private var fixedPrompts: [FixedPromptOptions] {
        get throws {
            try fixed.flatMap { name -> [FixedPromptOptions] in
                switch name {
                case "standard": return FixedPromptOptions.standard
                case "all": return FixedPromptOptions.all
                default:
                    guard let prompts = FixedPromptOptions(name: name) else {
                        throw ValidationError(
                            "'\(name)' is not a prompt setting; examples are points/p2-n4, "
                                + "box/p0-n0, standard and all."
                        )
                    }
                    return [prompts]
                }
            }
        }
    }

    private func settings() throws -> JudgeSettings {
        var settings = JudgeSettings()
        settings.method = nil
        settings.fixed = try fixedPrompts
        settings.starts =
            !fixed.isEmpty
            ? []
            : start.isEmpty
                ? [.point, .box]
                : start.reduce(into: []) {
                    if !$0.contains($1) { $0.append($1) }
                }
        settings.iterations = iterations
        settings.usesMasks = useMasks
        settings.maximumObjects = run.objects
        settings.seed = seed
        settings.splitsLabels = files.splitLabels
        settings.tiling = tiling.value
        return settings
    }

    private static func table(_ summary: JudgementSummary) -> TextTable {
        TextTable(
            header: ["start", "round", "objects", "mean IoU", "mSA", "SA50", "SA75"],
            rows: summary.prompted.flatMap { score in
                score.rounds.enumerated().map { index, round in
                    let painted = round.segmentation
                    let values = [
                        round.meanOverlap, painted?.meanAccuracy, painted?.accuracy50,
                        painted?.accuracy75,
                    ]
                    return [score.start, "\(index)", "\(score.objects)"]
                        + values.map { $0.map { String(format: "%.4f", $0) } ?? "-" }
                }
            }
        )
    }
}
