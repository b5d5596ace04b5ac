import ArgumentParser
import Evaluation
import Files
import Foundation
import ImageFormats
import Imaging
import Judging
import Presentation
import Prompting
import Terminal
import Torch

/// `usam evaluate labels`: compares label images with the truth.
struct EvaluateLabels: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "labels",
        abstract: "Score label images against annotated ones.",
        discussion: """
            Labels and predictions are paired by their names without extension, otherwise by natural \
            order. Stacks are compared as volumes. mSA is the mean of TP / (TP + FP + FN) over the \
            IoU thresholds 0.5, 0.55 ... 0.95; SA50 and SA75 are the values at one threshold; mAP is \
            the mean up to 0.9. Scores are means over all images.
            """
    )

    @Option(
        parsing: .upToNextOption,
        help: "Annotated label images: files, folders or patterns.",
        completion: .file()
    )
    var labels: [String]

    @Option(
        parsing: .upToNextOption,
        help: "Label images to score: files, folders or patterns.",
        completion: .file()
    )
    var predictions: [String]

    @Option(help: ArgumentHelp("The data set inside label containers.", valueName: "path"))
    var labelKey: String?

    @Option(help: ArgumentHelp("The data set inside prediction containers.", valueName: "path"))
    var predictionKey: String?

    @Option(help: AxesOption.help)
    var axes: String?

    @Option(
        parsing: .upToNextOption,
        help: "IoU thresholds to score at (default: 0.5, 0.55 ... 0.95)."
    )
    var threshold: [Double] = []

    @Flag(
        help: "Count connected parts of an annotated label as separate objects, as micro-sam does."
    )
    var splitLabels = false

    @Flag(help: "Print a CSV table with the scores of every image instead of the means.")
    var csv = false

    @Flag(help: "Print the scores as JSON.")
    var json = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A folder for tables of images and objects (CSV) and the curve (SVG).",
            valueName: "folder"
        ),
        completion: .directory
    )
    var output: String?

    func validate() throws {
        try AxesOption.validate(axes)
        for value in threshold where !(value > 0 && value <= 1) {
            throw ValidationError("--threshold is \(value); it must be above 0 and at most 1.")
        }
        guard !(csv && json) else {
            throw ValidationError("--csv and --json cannot be combined.")
        }
    }

    func run() async throws {
        let console = Console.system
        let pairs = try PairedFiles(
            predictions,
            labels: labels,
            reading: .init(imageKey: predictionKey, labelKey: labelKey, axes: axes),
            called: PairedFiles.predictions
        )
        .pairs
        let thresholds = threshold.isEmpty ? SegmentationScore.thresholds : threshold
        let hasOwnThresholds = !threshold.isEmpty
        let scores = try await judging(on: .cpu, console, keepsScores: false) {
            [splitLabels] work in
            try pairs.map { pair in
                try work.checkpoint()
                return try LabelsScore(
                    comparing: pair,
                    splitsLabels: splitLabels,
                    thresholds: thresholds,
                    work
                )
            }
        }
        if let output {
            try EvaluationFiles(output).write(scores, hasOwnThresholds: hasOwnThresholds)
        }
        if json {
            console.print(try JSONText.encode(LabelsScore.Report(scores)))
        } else if csv {
            console.writeOutput(
                LabelsScore.table(scores, hasOwnThresholds: hasOwnThresholds).text
            )
        } else {
            let means = LabelsScore.meansTable(scores, hasOwnThresholds: hasOwnThresholds)
            console.print(means.text(width: 100))
        }
    }
}
