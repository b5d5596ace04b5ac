import Files
public import Foundation
import ImageFormats
public import Imaging
import Plots

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

    /// Names the model that the page shows completely, for ``shows(_:at:)``; nil while pictures are missing.
    public var completeFor: String?

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
        var body = ["<h1>\(title.escapedForMarkup)</h1>"]
        if let best = history.validations.filter(\.isBest).last,
            let first = history.validations.first
        {
            body.append(
                "<p class=\"lead\">Validation metric \(short(best.metric)) in epoch "
                    + "\(best.epoch + 1), after \(short(first.metric)) in the first; lower is "
                    + "better.</p>"
            )
        }
        body += warnings.map { "<p class=\"warning\">\($0.escapedForMarkup)</p>" }
        body.append("<h2>Curves</h2><div class=\"charts\">")
        body += TrainingCurves(history).figures
        body.append("</div>")
        body += try pictureSection()
        body.append("<h2>Settings</h2><table>")
        body += facts.map {
            "<tr><th>\($0.name.escapedForMarkup)</th><td>\($0.value.escapedForMarkup)</td></tr>"
        }
        body.append("</table>")
        let mark = completeFor.map(Self.mark) ?? ""
        return HTMLPage.text(title: title, mark + body.joined(separator: "\n"))
    }

    /// Whether a page was written, with all its pictures, for a model.
    public static func shows(_ model: String, at url: URL) -> Bool {
        // A page that cannot be read is written anew.
        guard let text = try? String(contentsOf: url, encoding: .utf8) else { return false }
        return text.contains(mark(model))
    }

    private static func mark(_ model: String) -> String {
        "<!-- complete: \(model.replacing("-", with: "_")) -->\n"
    }

    // MARK: - Pictures

    private func pictureSection() throws -> [String] {
        guard !pictures.isEmpty else { return [] }
        var lines = ["<h2>Validation images</h2>", "<p>\(pictureNote.escapedForMarkup)</p>"]
        for picture in pictures {
            lines.append("<h3>\(picture.name.escapedForMarkup)</h3><div class=\"pictures\">")
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
}

/// Four significant digits.
private func short(_ value: Double) -> String { String(format: "%.4g", value) }
