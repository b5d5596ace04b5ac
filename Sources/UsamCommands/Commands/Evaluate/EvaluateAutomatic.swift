import ArgumentParser
import Files
import Foundation
import ImageFormats
import Imaging
import Judging
import Presentation
import Prompting
import Segmentation
import Terminal

/// `usam evaluate automatic`: segments images and scores them in one go.
struct EvaluateAutomatic: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "automatic",
        abstract: "Segment images without prompts and score the result.",
        discussion: """
            usam evaluate automatic images/ --labels labels/ --model vit_b_lm -o scores

            Images and labels are paired by their names, otherwise by natural order.
            """
    )

    @OptionGroup var data: AnnotatedData

    @Flag(help: "Also measure masks from the box and from the centre of each object.")
    var prompted = false

    @Option(
        help: ArgumentHelp("A folder for the predicted label images.", valueName: "folder"),
        completion: .directory
    )
    var predictions: String?

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Machine") var machine: DeviceOptions
    @OptionGroup(title: "Objects") var method: MethodOptions
    @OptionGroup(title: "Large images") var tiling: TilingArguments
    @OptionGroup(title: "Large images") var joining: JoiningArguments
    @OptionGroup(title: "Files") var files: EvaluationFileOptions
    @OptionGroup(title: "Run") var run: EvaluationRunOptions

    func run() async throws {
        var settings = JudgeSettings()
        settings.method = method.mode
        settings.starts = prompted ? [.box, .point] : []
        settings.maximumObjects = run.objects
        settings.splitsLabels = files.splitLabels
        settings.tiling = tiling.value
        settings.limits = joining.limits
        let session = try await model.session(
            machine,
            needsDecoder: method.mode != .maskGeneration,
            .system
        )
        settings.parameters = try method.values(session.weights)
        let pairs = try data.pairs(files)
        let folder = JudgedFolder(
            images: pairs.limited(to: run.limit),
            settings: settings,
            session: session,
            output: run.output,
            replaces: run.force,
            predictions: predictions,
            isQuiet: run.quiet
        )
        let summary = try await folder.run()
        let table = TextTable(header: JudgementSummary.header, rows: [summary.row])
        Console.system.print(run.json ? try JSONText.encode(summary) : table.text(width: 100))
    }
}
