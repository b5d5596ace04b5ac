import ArgumentParser
import Evaluation
import Foundation
import ImageFormats
import Imaging

/// Compares label images with the truth.
struct Evaluate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Score label images against annotated ones.",
        discussion: """
            Labels and predictions are paired by their names without ending. mSA is the mean of \
            TP / (TP + FP + FN) over the IoU thresholds 0.5, 0.55 ... 0.95; SA50 and SA75 are its \
            values at one threshold.
            """
    )

    @Option(
        help: "Annotated label images: files, folders or patterns.",
        completion: .file()
    )
    var labels: [String]

    @Option(
        help: "Label images to score: files, folders or patterns.",
        completion: .file()
    )
    var predictions: [String]

    @Flag(help: "Print a table of every image in CSV instead of the means.")
    var csv = false

    func run() async throws {
        let pairs = try Self.pairs(InputList(labels).paths, InputList(predictions).paths)
        var scores: [SegmentationScore] = []
        if csv { print("Image," + SegmentationScore.csvHeader) }
        for pair in pairs {
            try Task.checkCancellation()
            let score = try SegmentationScore(
                truth: Self.read(pair.labels),
                prediction: Self.read(pair.prediction)
            )
            if csv { print("\(Self.stem(pair.labels)),\(score.csvRow)") }
            scores.append(score)
        }
        guard !csv, let mean = SegmentationScore(meanOf: scores) else { return }
        let names = SegmentationScore.csvHeader.split(separator: ",").map(String.init)
        let values = mean.csvRow.split(separator: ",").map { value in
            String(format: "%.4f", Double(value) ?? 0)
        }
        print(TextTable(header: ["images"] + names, rows: [["\(scores.count)"] + values]).text)
    }

    private static func read(_ path: String) throws -> LabelImage {
        try ImageSource(opening: URL(filePath: path)).readLabels()
    }

    private static func stem(_ path: String) -> String {
        URL(filePath: path).deletingPathExtension().lastPathComponent
    }

    /// Pairs files of equal names; labels without prediction are an error, the rest is left out.
    private static func pairs(
        _ labels: [String],
        _ predictions: [String]
    ) throws -> [(labels: String, prediction: String)] {
        let byName = Dictionary(predictions.map { (stem($0), $0) }, uniquingKeysWith: { a, _ in a })
        if labels.count == 1, predictions.count == 1 { return [(labels[0], predictions[0])] }
        return try labels.map { path in
            guard let prediction = byName[stem(path)] else {
                throw CommandFailure("\(path): there is no prediction named \(stem(path))")
            }
            return (path, prediction)
        }
    }
}
