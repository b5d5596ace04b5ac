import ArgumentParser
import Evaluation
import Files
import Foundation
import ImageFormats
import Judging
import Presentation
import Prompting
import Segmentation
import Terminal

/// `usam evaluate grid-search`: the parameters of automatic segmentation that suit some images best.
struct EvaluateGridSearch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grid-search",
        abstract: "Find the parameters of automatic segmentation that suit annotated images best.",
        discussion: """
            Tries all combinations of parameters on every image and takes the one with the highest \
            mean mSA. A few annotated images suffice; score the result on other images.

            usam evaluate grid-search images/ --labels labels/ --mode ais -o search
            usam evaluate automatic test/ --labels test-labels/ --parameters \
            search/best_parameters.json

            Without --try, the combinations are micro-sam's: 525 for ais, 210 for amg, 750 for apg. \
            An interrupted search is continued.
            """
    )

    @OptionGroup var data: AnnotatedData

    @Option(
        name: .customLong("try"),
        help: ArgumentHelp(
            "Values of one parameter, such as min_size=25,50 or distance_smoothing=1:2:0.2 "
                + "(start:end:step); can be repeated.",
            valueName: "name=values"
        )
    )
    var ranges: [String] = []

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Machine") var machine: DeviceOptions
    @OptionGroup(title: "Objects") var method: MethodOptions
    @OptionGroup(title: "Large images") var tiling: TilingArguments
    @OptionGroup(title: "Large images") var joining: JoiningArguments
    @OptionGroup(title: "Files") var files: EvaluationFileOptions
    @OptionGroup(title: "Run") var run: EvaluationRunOptions

    func validate() throws {
        guard run.output != nil else {
            throw ValidationError("--output is required; it names the folder for the tables.")
        }
        guard run.objects == nil else {
            throw ValidationError("--objects does not apply here, because no objects are prompted.")
        }
        let known = ParameterTable.names(of: method.mode)
        for range in try chosenRanges where !known.contains(range.name) {
            throw ValidationError(
                "The mode \(method.mode.rawValue) has no parameter '\(range.name)'; "
                    + "its parameters are \(Wording.list(known))."
            )
        }
        guard try grid.count <= 100_000 else {
            throw ValidationError(
                "There are \(try grid.count) combinations; at most 100000 can be tried."
            )
        }
    }

    private var chosenRanges: [ParameterRange] {
        get throws {
            try ranges.map { text in
                if let range = ParameterRange(text) { return range }
                throw ValidationError(
                    "'\(text)' gives no values; --try takes name=1,2,3 or name=start:end:step."
                )
            }
        }
    }

    private var grid: ParameterGrid {
        get throws {
            let standard: ParameterGrid =
                switch method.mode {
                case .instanceDecoder: .decoder
                case .maskGeneration: .maskGeneration
                case .generatedPrompts: .promptGeneration
                }
            return standard.replacing(try chosenRanges)
        }
    }

    func run() async throws {
        let console = Console.system
        let pairs = try data.pairs(files)
            .limited(to: run.limit)
        let session = try await model.session(
            machine,
            needsDecoder: method.mode != .maskGeneration,
            console
        )
        let search = try GridSearch(
            .init(
                model: session.fingerprint,
                mode: method.mode,
                grid: grid,
                fixed: method.values(),
                reading: files.reading,
                splitsLabels: files.splitLabels,
                tiling: tiling.value,
                limits: joining.limits
            ),
            output: run.output ?? "",
            replaces: run.force
        )
        let progress = SearchProgress(
            pairs,
            combinations: try grid.count,
            console,
            isQuiet: run.quiet
        )
        let result = try await judging(on: session.device, console, keepsScores: true) { stop in
            try search.run(
                pairs,
                session.model,
                stop.part(telling: progress.receive),
                finished: progress.finish
            )
        }
        let best = search.best(result)
        if run.json {
            console.print(String(decoding: try best.text(), as: UTF8.self))
        } else {
            let mean = String(format: "%.4f", best.meanAccuracy)
            console.print(
                "best of \(Wording.count(result.grid.count, "combination")) on "
                    + "\(Wording.count(result.images, "image")): mSA \(mean)\n\(best.optionText)"
            )
        }
    }
}
