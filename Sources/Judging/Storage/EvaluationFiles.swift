import Evaluation
public import Files
public import Foundation
import Plots
import Segmentation

/// The tables and plots of an evaluation in its folder.
public struct EvaluationFiles: Sendable {
    /// The folder.
    public let folder: URL

    /// Makes the folder.
    ///
    /// - Throws: ``JudgingError/folderNotMade(folder:)``.
    public init(_ path: String) throws(JudgingError) {
        folder = URL(filePath: path)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw .folderNotMade(folder: path)
        }
    }

    /// Writes a file; it is complete or not there.
    ///
    /// - Throws: ``JudgingError/notWritten(file:)``.
    public func write(_ text: String, to name: String) throws(JudgingError) {
        let file = folder.appending(path: name)
        do {
            try FileReplacement.write(text, to: file.path)
        } catch {
            throw .notWritten(file: file.path)
        }
    }

    /// Writes a table.
    public func write(_ table: CSVTable, to name: String) throws(JudgingError) {
        try write(table.text, to: name)
    }

    /// Writes what one data set gave: tables of images and the curves.
    public func write(_ judgements: [ImageJudgement], _ summary: JudgementSummary) throws {
        if summary.automatic != nil {
            try write(CSVTable(automaticScoresOf: judgements), to: "images.csv")
            try write(
                LinePlot(accuraciesOf: [summary.name], [summary.accuracies], summary.thresholds)
                    .svg,
                to: "accuracy.svg"
            )
        }
        for prompted in summary.prompted {
            try write(
                CSVTable(promptedScoresOf: judgements, start: prompted.start),
                to: "prompted_\(prompted.fileName).csv"
            )
        }
        if summary.prompted.contains(where: { $0.rounds.count > 1 }) {
            try write(LinePlot(roundsOf: summary.prompted).svg, to: "iterations.svg")
        }
        try write(JSONText.encode(summary) + "\n", to: "summary.json")
    }

    /// Writes what several data sets gave together.
    public func write(_ summaries: [JudgementSummary]) throws {
        try write(
            CSVTable(header: JudgementSummary.header, rows: summaries.map(\.row)),
            to: "summary.csv"
        )
        try write(JSONText.encode(summaries) + "\n", to: "summary.json")
        try write(BarPlot(summaries).svg, to: "datasets.svg")
        let curves = summaries.filter { !$0.accuracies.isEmpty }
        guard let thresholds = curves.first?.thresholds else { return }
        try write(
            LinePlot(accuraciesOf: curves.map(\.name), curves.map(\.accuracies), thresholds).svg,
            to: "accuracy.svg"
        )
    }

    /// Writes the rounds of iterative prompting: a table for each first prompt, as micro-sam's.
    public func writeRounds(_ summary: JudgementSummary) throws {
        for prompted in summary.prompted {
            try write(
                CSVTable(roundsOf: prompted),
                to: "iterative_prompts_start_\(prompted.start).csv"
            )
        }
    }

    /// Writes the scores of tracks: a table of all measures, and all as JSON.
    public func write(_ score: TracksScore) throws {
        try write(score.table(), to: "tracks.csv")
        try write(JSONText.encode(score.report()) + "\n", to: "summary.json")
    }

    /// Writes the scores of label images: tables of images, objects and counts, the curve, and all as JSON.
    public func write(_ scores: [LabelsScore], hasOwnThresholds: Bool) throws {
        try write(
            LabelsScore.table(scores, hasOwnThresholds: hasOwnThresholds),
            to: "images.csv"
        )
        try write(LabelsScore.objectTable(scores), to: "objects.csv")
        try write(LabelsScore.countTable(scores), to: "counts.csv")
        let thresholds = scores.first?.curve.counts.map(\.threshold) ?? []
        let means = LabelsScore.meanAccuracies(scores)
        try write(LinePlot(accuraciesOf: ["images"], [means], thresholds).svg, to: "accuracy.svg")
        try write(JSONText.encode(LabelsScore.Report(scores)) + "\n", to: "summary.json")
    }
}

extension CSVTable {
    /// One row for each image.
    init(automaticScoresOf judgements: [ImageJudgement]) {
        let scored = judgements.compactMap { judgement in
            judgement.automatic.map { (judgement.name, $0.values) }
        }
        self.init(scored.map { (name: $0.0, values: $0.1) })
    }

    /// One row for each image, with columns by the names of the values.
    init(_ rows: [(name: String, values: [NamedValue])]) {
        let header = ["image"] + (rows.first?.values.map(\.name) ?? [])
        let cells = rows.map { row in
            [row.name] + row.values.map { ParameterValue.number($0.value).description }
        }
        self.init(header: header, rows: cells)
    }

    /// One row for each image and round.
    init(promptedScoresOf judgements: [ImageJudgement], start: String) {
        let header = ["image", "iteration", "objects", "mean IoU", "mSA", "SA50", "SA75"]
        let rows = judgements.flatMap { judgement in
            judgement.prompted.filter { $0.start == start }.flatMap { score in
                score.rounds.enumerated().map { index, round in
                    let painted = round.segmentation
                    return [judgement.name, "\(index)", "\(score.objects)", "\(round.meanOverlap)"]
                        + [painted?.meanAccuracy, painted?.accuracy50, painted?.accuracy75]
                        .map { $0.map { "\($0)" } ?? "" }
                }
            }
        }
        self.init(header: header, rows: rows)
    }

    /// One row for each round: the reference's table of iterative prompting.
    init(roundsOf prompted: JudgementSummary.Prompted) {
        let header =
            ["", "mean IoU"] + SegmentationScore.csvHeader.split(separator: ",").map(String.init)
        let rows = prompted.rounds.enumerated().map { index, round in
            ["\(index)", "\(round.meanOverlap)"]
                + (round.segmentation?.namedValues.map { "\($0.value)" } ?? [])
        }
        self.init(header: header, rows: rows)
    }
}

extension LinePlot {
    /// Accuracy over the thresholds, a curve for each data set.
    init(accuraciesOf names: [String], _ accuracies: [[Double]], _ thresholds: [Double]) {
        self.init(
            title: "Segmentation accuracy",
            xLabel: "IoU threshold",
            yLabel: "TP / (TP + FP + FN), mean over images"
        )
        yLimits = 0...1
        curves = zip(names, accuracies).map { Curve(name: $0, x: thresholds, y: $1) }
    }

    /// Mean IoU and mSA over the rounds of prompts.
    init(roundsOf prompted: [JudgementSummary.Prompted]) {
        self.init(title: "Interactive segmentation", xLabel: "round of prompts", yLabel: "score")
        yLimits = 0...1
        curves = prompted.flatMap { score in
            let x = score.rounds.indices.map(Double.init)
            let overlaps = Curve(
                name: "\(score.start), IoU",
                x: x,
                y: score.rounds.map(\.meanOverlap)
            )
            let painted = score.rounds.compactMap { $0.segmentation?.meanAccuracy }
            guard painted.count == x.count else { return [overlaps] }
            return [overlaps, Curve(name: "\(score.start), mSA", x: x, y: painted)]
        }
    }
}

extension BarPlot {
    /// The main figures of each data set.
    init(_ summaries: [JudgementSummary]) {
        let all: [(String, (JudgementSummary) -> Double?)] = [
            ("mAP 0.5:0.9", { $0.meanAveragePrecision }), ("SA50", { $0.automatic?.accuracy50 }),
            ("IoU from box", { $0.firstOverlap(.box) }),
            ("IoU from point", { $0.firstOverlap(.point) }),
        ]
        self.init(
            title: "Accuracy by data set",
            yLabel: "score",
            groups: summaries.map(\.name),
            series: all.compactMap { name, value in
                let values = summaries.map { value($0) ?? .nan }
                return values.contains { $0.isFinite } ? Series(name: name, values: values) : nil
            }
        )
        yLimits = 0...1
    }
}
