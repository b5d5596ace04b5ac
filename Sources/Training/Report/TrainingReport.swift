import Files
public import Foundation
import ImageFormats
public import Imaging

/// The report of a training: one HTML page without references to other files.
public struct TrainingReport: Sendable {
    /// A validation image before and after training.
    public struct Picture: Sendable {
        /// Name of the image.
        public var name: String
        /// The image with the true objects, three channels.
        public var truth: Raster<UInt8>
        /// The image with the objects that the start model finds.
        public var before: Raster<UInt8>
        /// The image with the objects that the trained model finds.
        public var after: Raster<UInt8>
        /// Segmentation accuracy of the start model at an IoU of 0.5.
        public var accuracyBefore: Double
        /// Segmentation accuracy of the trained model at an IoU of 0.5.
        public var accuracyAfter: Double

        /// Describes an image.
        public init(
            name: String,
            truth: Raster<UInt8>,
            before: Raster<UInt8>,
            after: Raster<UInt8>,
            accuracyBefore: Double,
            accuracyAfter: Double
        ) {
            self.name = name
            self.truth = truth
            self.before = before
            self.after = after
            self.accuracyBefore = accuracyBefore
            self.accuracyAfter = accuracyAfter
        }
    }

    /// A row of the table of facts.
    public struct Fact: Hashable, Sendable {
        /// What it is.
        public var name: String
        /// Its value.
        public var value: String

        /// Creates a row.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The heading.
    public var title: String

    /// What was trained, on what, and how long.
    public var facts: [Fact]

    /// The course of the training.
    public var history: TrainingLog.History

    /// How the pictures were segmented, a sentence.
    public var pictureNote: String

    /// Validation images before and after.
    public var pictures: [Picture]

    /// What looked odd, a sentence each.
    public var warnings: [String]

    /// Collects what the page shows.
    public init(
        title: String,
        facts: [Fact],
        history: TrainingLog.History,
        pictureNote: String = "",
        pictures: [Picture] = [],
        warnings: [String] = []
    ) {
        self.title = title
        self.facts = facts
        self.history = history
        self.pictureNote = pictureNote
        self.pictures = pictures
        self.warnings = warnings
    }

    /// Writes the page, which replaces an existing one only when it is complete.
    ///
    /// - Throws: `ImageFormatError` or `FileError`.
    public func write(to url: URL) throws {
        try FileReplacement.write(html(), to: url.path)
    }

    /// The page.
    public func html() throws -> String {
        var body = ["<h1>\(title.escapedForHTML)</h1>"]
        if let best = history.validations.filter(\.isBest).last,
            let first = history.validations.first
        {
            body.append(
                "<p class=\"lead\">Validation metric \(Ticks.short(best.metric)) in epoch "
                    + "\(best.epoch + 1), after \(Ticks.short(first.metric)) in the first; lower is "
                    + "better.</p>"
            )
        }
        body += warnings.map { "<p class=\"warning\">\($0.escapedForHTML)</p>" }
        body.append("<h2>Curves</h2><div class=\"charts\">")
        body += charts.map { "<figure><figcaption>\($0.title)</figcaption>\($0.svg)</figure>" }
        body.append("</div>")
        body += try pictureSection()
        body.append("<h2>Settings</h2><table>")
        body += facts.map {
            "<tr><th>\($0.name.escapedForHTML)</th><td>\($0.value.escapedForHTML)</td></tr>"
        }
        body.append("</table>")
        return Self.page(title: title.escapedForHTML, body.joined(separator: "\n"))
    }

    // MARK: - Pictures

    private func pictureSection() throws -> [String] {
        guard !pictures.isEmpty else { return [] }
        var lines = ["<h2>Validation images</h2>", "<p>\(pictureNote.escapedForHTML)</p>"]
        for picture in pictures {
            lines.append("<h3>\(picture.name.escapedForHTML)</h3><div class=\"pictures\">")
            let columns = [
                ("truth", picture.truth),
                (String(format: "before, SA50 %.3f", picture.accuracyBefore), picture.before),
                (String(format: "after, SA50 %.3f", picture.accuracyAfter), picture.after),
            ]
            for (caption, raster) in columns {
                let data = try AnyRaster.uint8(raster).pngData().base64EncodedString()
                lines.append(
                    "<figure><img alt=\"\(caption)\" width=\"\(raster.size.width)\" "
                        + "height=\"\(raster.size.height)\" src=\"data:image/png;base64,\(data)\">"
                        + "<figcaption>\(caption)</figcaption></figure>"
                )
            }
            lines.append("</div>")
        }
        return lines
    }

    // MARK: - Curves

    private var charts: [LineChart] {
        let validation = history.validations
        var metric = [
            LineChart.Series(
                name: "metric",
                points: validation.map { (Double($0.iteration), $0.metric) },
                color: "var(--series-1)",
                hasMarks: true
            )
        ]
        let parts: [(String, (ValidationReport) -> Double?, String)] = [
            ("masks from prompts (1 - Dice)", \.maskLoss, "var(--series-2)"),
            ("decoder", \.decoderLoss, "var(--series-3)"),
        ]
        for (name, value, color) in parts where validation.contains(where: { value($0) != nil }) {
            metric.append(
                LineChart.Series(
                    name: name,
                    points: validation.map { (Double($0.iteration), value($0) ?? .nan) },
                    color: color
                )
            )
        }
        return [
            LineChart(
                title: "Loss of the training data",
                xTitle: "iteration",
                yTitle: "loss",
                series: curves(\.loss, "masks from prompts", "var(--series-2)")
                    + curves(\.decoderLoss, "decoder", "var(--series-3)")
            ),
            LineChart(
                title: "Validation (lower is better)",
                xTitle: "iteration",
                yTitle: "metric",
                series: metric
            ),
            LineChart(
                title: "Learning rate",
                xTitle: "iteration",
                yTitle: "rate",
                series: [
                    LineChart.Series(
                        name: "learning rate",
                        points: Self.thinned(
                            history.iterations.map { (Double($0.iteration), $0.learningRate) }
                        ),
                        color: "var(--series-1)"
                    )
                ]
            ),
        ]
    }

    /// The values themselves, pale, and their running mean.
    private func curves(
        _ value: (IterationReport) -> Double?,
        _ name: String,
        _ color: String
    ) -> [LineChart.Series] {
        let points = history.iterations.compactMap { report in
            value(report).map { (Double(report.iteration), $0) }
        }
        guard !points.isEmpty else { return [] }
        let window = max(points.count / 40, 1)
        var sum = 0.0
        var smooth: [(Double, Double)] = []
        for (index, point) in points.enumerated() {
            sum += point.1
            if index >= window { sum -= points[index - window].1 }
            smooth.append((point.0, sum / Double(min(index + 1, window))))
        }
        return [
            LineChart.Series(name: name, points: Self.thinned(points), color: color, isFaint: true),
            LineChart.Series(name: name, points: Self.thinned(smooth), color: color),
        ]
    }

    /// At most a thousand points, so that the page stays small.
    private static func thinned(_ points: [(Double, Double)]) -> [(x: Double, y: Double)] {
        let step = max(points.count / 1000, 1)
        return stride(from: 0, to: points.count, by: step).map { (points[$0].0, points[$0].1) }
    }
}
