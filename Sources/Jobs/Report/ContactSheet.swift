import Files
public import Foundation
import ImageFormats
import Plots
public import Prompting

/// A page with a small picture of every image of a run: contours, number and size of objects, the odd
/// ones first.
///
/// The page is made from the results on the disk, so it also shows images that an earlier run finished.
public struct ContactSheet: Sendable {
    /// The entries, the most unusual first.
    public let entries: [ContactSheetEntry]

    /// The heading.
    public let title: String

    /// Facts about the run, such as the model, by name.
    public let facts: [(name: String, value: String)]

    /// Reads the results of a run and ranks the images.
    ///
    /// An image whose result cannot be read gets an entry without a picture.
    ///
    /// - Parameters:
    ///   - items: The images and their results; one of them is a label image, see ``canShow(_:)``.
    ///   - report: The account of the run, with the errors of failed images.
    ///   - plane: Which plane of each image was segmented.
    ///   - work: Progress and cancellation, by image.
    /// - Throws: `CancellationError`.
    public init(
        of items: [BatchItem],
        _ report: BatchReport,
        plane: PlaneSelection,
        _ work: Work = Work()
    ) throws {
        let errors = Dictionary(
            report.files.compactMap { file in file.error.map { (file.input, $0) } },
            uniquingKeysWith: { first, _ in first }
        )
        var found: [ContactSheetEntry] = []
        for (index, item) in items.enumerated() {
            try work.checkpoint()
            if let error = errors[item.input] {
                found.append(ContactSheetEntry(item, problem: error))
            } else if item.isFinished {
                found.append(ContactSheetEntry(item, plane: plane))
            } else {
                found.append(ContactSheetEntry(item, problem: "not segmented yet"))
            }
            try work.advance(index + 1, of: items.count)
        }
        entries = ContactSheetEntry.ranked(found)
        title = "\(items.count) \(items.count == 1 ? "image" : "images")"
        facts = [
            ("model", report.model.name), ("kind of network", report.model.architecture),
            ("version", report.version), ("objects in this run", "\(report.counts.objects)"),
        ]
    }

    /// Whether results of these forms can be shown: one of them has to be a label image.
    public static func canShow(_ kinds: [ResultKind]) -> Bool {
        kinds.contains(where: \.holdsLabels)
    }

    /// Writes the page, which replaces an existing one only when it is complete.
    ///
    /// - Throws: `FileError`.
    public func write(to url: URL) throws {
        try FileReplacement.write(html, to: url.path)
    }

    /// The page.
    var html: String {
        let counted = entries.compactMap(\.objects)
        let odd = entries.count { !$0.remarks.isEmpty }
        var body = [
            "<h1>\(title.escapedForMarkup)</h1>",
            "<p class=\"lead\">\(counted.reduce(0, +)) objects"
                + (odd > 0
                    ? "; \(odd) unusual \(odd == 1 ? "image comes" : "images come") first" : "")
                + ".</p>",
            "<div class=\"sheet\">",
        ]
        body += entries.map(\.figure)
        body.append("</div><h2>Run</h2><table>")
        body += facts.map {
            "<tr><th>\($0.name.escapedForMarkup)</th><td>\($0.value.escapedForMarkup)</td></tr>"
        }
        body.append("</table>")
        return HTMLPage.text(title: title, body.joined(separator: "\n"))
    }
}
