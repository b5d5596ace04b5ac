import ArgumentParser
import Evaluation
import Files
import Foundation
import Imaging
import Plots

/// `usam evaluate labels`: compares label images with the truth.
struct EvaluateLabels: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "labels",
        abstract: "Score label images against annotated ones.",
        discussion: """
            Labels and predictions are paired by their names without ending, otherwise by natural \
            order. Stacks are compared as volumes. mSA is the mean of TP / (TP + FP + FN) over the \
            IoU thresholds 0.5, 0.55 ... 0.95; SA50 and SA75 are its values at one threshold; mAP is \
            the mean up to 0.9. Means are over images.
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

    @Option(
        parsing: .upToNextOption,
        help: "IoU thresholds to score at (default: 0.5, 0.55 ... 0.95)."
    )
    var threshold: [Double] = []

    @Flag(help: "Count connected parts of annotated labels as objects of their own, as micro-sam.")
    var splitLabels = false

    @Flag(help: "Print a table of every image in CSV instead of the means.")
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
        for value in threshold where !(value > 0 && value <= 1) {
            throw ValidationError("--threshold is \(value), it must be above 0 and at most 1.")
        }
        guard !(csv && json) else {
            throw ValidationError("--csv and --json can not be printed together.")
        }
    }

    func run() async throws {
        let pairs = try ImagePairs("prediction", predictions, labels: labels).pairs
        let input = EvaluationInput(splitsLabels: splitLabels)
        let scores = try pairs.map { pair in
            try Task.checkCancellation()
            return LabelsScore(
                pair.name,
                try overlap(pair, input),
                thresholds: threshold.isEmpty ? SegmentationScore.thresholds : threshold
            )
        }
        let table = LabelsScore.table(scores, hasOwnThresholds: !threshold.isEmpty)
        if let output {
            let files = try EvaluationFiles(output)
            try files.write(table, to: "images.csv")
            try files.write(LabelsScore.objectTable(scores), to: "objects.csv")
            let means = LabelsScore.meanAccuracies(scores)
            let thresholds = scores.first?.curve.counts.map(\.threshold) ?? []
            try files.write(
                LinePlot(accuraciesOf: ["images"], [means], thresholds).svg,
                to: "accuracy.svg"
            )
            try files.write(JSONText.encode(LabelsScore.Report(scores)) + "\n", to: "summary.json")
        }
        if json {
            print(try JSONText.encode(LabelsScore.Report(scores)))
        } else if csv {
            print(table.text, terminator: "")
        } else {
            print(LabelsScore.meanTable(scores, hasOwnThresholds: !threshold.isEmpty).text)
        }
    }

    private func overlap(
        _ pair: ImagePairs.Pair,
        _ input: EvaluationInput
    ) throws -> LabelOverlap {
        let truth = try input.volume(pair.labels, key: labelKey, isTruth: true)
        let prediction = try input.volume(pair.file, key: predictionKey, isTruth: false)
        do {
            return try LabelOverlap(truth: truth, prediction: prediction)
        } catch {
            throw CommandFailure("\(pair.file): does not fit the labels \(pair.labels): \(error)")
        }
    }
}
