import ArgumentParser
import Files
import Foundation
import ImageFormats
import Jobs
import Judging
import Presentation
import Prompting
import Segmentation
import Terminal

/// `usam evaluate sets`: one model, several data sets, one table.
struct EvaluateSets: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sets",
        abstract: "Score a model on several data sets, in one table.",
        discussion: """
            For every data set: scores of automatic segmentation, and the mean IoU of masks from the \
            box and from the centre of each object. The list is JSON:

            [{"name": "nuclei", "images": ["nuclei/images"], "labels": ["nuclei/labels"]}]

            usam evaluate sets sets.json --data data --model usam-tiny --limit 8

            With --output, an interrupted run is continued.
            """
    )

    @Argument(help: "The list of data sets.", completion: .file(extensions: ["json"]))
    var list: String

    @Option(
        help: ArgumentHelp(
            "The folder to which paths in the list are relative (default: the folder of the list).",
            valueName: "folder"
        ),
        completion: .directory
    )
    var data: String?

    @Option(
        help: ArgumentHelp(
            "Use only the data set with this name; can be repeated.",
            valueName: "name"
        )
    )
    var only: [String] = []

    @Flag(inversion: .prefixedNo, help: "Measure automatic segmentation.")
    var automatic = true

    @Flag(inversion: .prefixedNo, help: "Measure masks from a box and from a point.")
    var prompted = true

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Machine") var machine: DeviceOptions
    @OptionGroup(title: "Objects") var method: MethodOptions
    @OptionGroup(title: "Large images") var tiling: TilingArguments
    @OptionGroup(title: "Large images") var joining: JoiningArguments
    @OptionGroup(title: "Run") var run: EvaluationRunOptions

    func validate() throws {
        guard automatic || prompted else {
            throw ValidationError("With --no-automatic and --no-prompted nothing is left to do.")
        }
    }

    func run() async throws {
        let console = Console.system
        let sets = try chosenSets()
        let folder = data ?? URL(filePath: list).deletingLastPathComponent().path
        let pairs = try sets.map { set in
            try PairedFiles(
                EvaluationSet.paths(set.images, in: folder),
                labels: EvaluationSet.paths(set.labels, in: folder),
                reading: set.reading
            )
            .limited(to: run.limit)
        }
        let session = try await model.session(
            machine,
            needsDecoder: automatic && method.mode != .maskGeneration,
            console
        )
        let files = try run.output.map { try EvaluationFiles($0) }
        let settings = try settings(session.weights)
        let (output, replaces) = (run.output, run.force)
        let progress = JudgingProgress(console, isQuiet: run.quiet)
        let summaries = try await judging(
            on: session.device,
            console,
            keepsScores: run.output != nil
        ) { stop in
            let work = stop.part(telling: progress.receive)
            var model: Model?
            return try zip(sets, pairs).map { set, images in
                let folder = output.map { "\($0)/\(set.name)" }
                let store = try folder.map { folder in
                    try JudgementStore(
                        folder,
                        .init(
                            model: session.fingerprint,
                            settings: settings,
                            reading: set.reading
                        ),
                        replaces: replaces
                    )
                }
                progress.begin(set.name, images)
                let judgements = try JudgedSet(set.name, images, store: store).judgements(
                    by: {
                        let loaded = try model ?? session.model()
                        model = loaded
                        return ModelJudge(loaded, settings)
                    },
                    work,
                    finished: progress.finish
                )
                let summary = JudgementSummary(set.name, judgements)
                try folder.map { try EvaluationFiles($0).write(judgements, summary) }
                return summary
            }
        }
        try files?.write(summaries)
        let table = TextTable(header: JudgementSummary.header, rows: summaries.map(\.row))
        console.print(run.json ? try JSONText.encode(summaries) : table.text(width: 100))
    }

    private func chosenSets() throws -> [EvaluationSet] {
        let all = try EvaluationSet.list(in: list)
        guard !only.isEmpty else { return all }
        for name in only where !all.contains(where: { $0.name == name }) {
            throw CommandFailure(
                "\(list): there is no data set '\(name)'; "
                    + "its data sets are \(Wording.list(all.map(\.name)))"
            )
        }
        return all.filter { only.contains($0.name) }
    }

    private func settings(_ weights: ModelWeights) throws -> JudgeSettings {
        var settings = JudgeSettings()
        settings.method = automatic ? method.mode : nil
        settings.parameters = try method.values(weights)
        settings.starts = prompted ? [.box, .point] : []
        settings.maximumObjects = run.objects
        settings.tiling = tiling.value
        settings.limits = joining.limits
        return settings
    }
}
