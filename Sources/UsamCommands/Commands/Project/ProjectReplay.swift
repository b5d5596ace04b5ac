import Annotations
import Annotator
import ArgumentParser
import Files
import ImageFormats
import Imaging
import Jobs
import ModelZoo
import Presentation
import Prompting
import Segmentation
import Terminal
import Torch

/// `usam project replay`: all edits once more.
struct ProjectReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Repeat all edits of a project and compare the labels.",
        discussion: """
            usam project replay cells.usam
            usam project replay cells.usam --predict

            Without --predict, the stored masks are used and must give the same labels. With it, masks are \
            predicted again from their prompts and models, and objects that were accepted are segmented again, \
            which shows how well another machine or version agrees. The project is not changed. The exit status is 1 if labels differ.
            """
    )

    @OptionGroup var project: ProjectArguments
    @OptionGroup var images: ProjectImageOptions

    @Flag(help: "Predict the masks again from their prompts.")
    var predict = false

    @Option(
        help: ArgumentHelp(
            "Predict with this model, not with the one that each object names.",
            valueName: "name or file"
        )
    )
    var model: String?

    @OptionGroup(title: "Machine") var machine: DeviceOptions

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if model != nil, !predict { throw ValidationError("--model needs --predict.") }
    }

    private struct Row: Encodable {
        let image: Int64
        let name: String
        let report: ReplayReport
    }

    func run() async throws {
        let opened = try project.open()
        defer { try? opened.close() }
        let chosen = try images.chosen(in: opened)
        let device = predict ? try machine.prepare() : .cpu
        let weights =
            predict
            ? try await ReplayModels.weights(of: opened, chosen, model) {
                try ModelWeights(try await ModelFetcher(console: .system).files(of: $0))
            } : [:]
        let console = Console.system
        let (predicts, model) = (predict, model)
        let rows = try await interruptible(on: device, console, notice: "stopped") { work in
            try chosen.map { image in
                let maker = ReplayedMasks(opened, image, weights, model, on: device)
                let report = try opened.replay(
                    image.id,
                    remaking: predicts ? { try maker.mask($0, $1, $2, work.silent) } : nil,
                    segmenting: predicts ? { try maker.labels($0, $1, $2, work.silent) } : nil,
                    work.silent
                )
                for name in maker.changedModels.sorted() {
                    console.printError("usam: the weights of \(name) have changed since then")
                }
                return Row(image: image.id, name: image.entry.name, report: report)
            }
        }
        if json {
            console.print(try JSONText.encode(rows))
        } else {
            for row in rows { console.print("\(row.name): \(row.report.words)") }
        }
        if !rows.allSatisfy(\.report.isEqual) { throw ExitCode.failure }
    }
}
