import Foundation
import ImageFormats
import Imaging
import Plots
import Prompting

/// One image of a ``ContactSheet``.
public struct ContactSheetEntry: Sendable {
    /// The image.
    public let input: String

    /// Number of objects; nil if there is no result.
    public private(set) var objects: Int?

    /// Median diameter of a disk as large as an object, in pixels; nil without objects.
    public private(set) var diameter: Double?

    /// Share of the image inside objects, 0...1.
    public private(set) var cover: Double?

    /// What is unusual, a few words each; empty for nothing.
    public internal(set) var remarks: [String] = []

    /// Why there is no picture; nil if there is one.
    public private(set) var problem: String?

    /// The picture as PNG.
    private var picture: Data?

    /// Pixels of the longest side of pictures.
    private static let side = 320

    /// Larger images would need too much memory for a small picture.
    private static let pixelLimit = 64 << 20

    init(_ item: BatchItem, problem: String) {
        input = item.input
        self.problem = problem
    }

    /// Reads the labels of an image and draws them; a problem becomes part of the entry.
    init(_ item: BatchItem, plane selection: PlaneSelection) {
        input = item.input
        do {
            try read(item, selection)
        } catch {
            problem = ErrorText.line(error)
        }
    }

    private mutating func read(_ item: BatchItem, _ selection: PlaneSelection) throws {
        guard let result = item.results.first(where: \.kind.holdsLabels) else {
            problem = "no label image"
            return
        }
        let file = try LabelFile(opening: result.path)
        let pixels = file.axes.x * file.axes.y
        guard pixels <= Self.pixelLimit else {
            problem = "too large for a picture"
            return
        }
        // The first plane stands for a stack.
        let labels = try file.read()
        let sizes = LabelIndex(labels).sizes(in: labels)
        objects = sizes.count
        cover = Double(sizes.reduce(0, +)) / Double(max(pixels, 1))
        if !sizes.isEmpty {
            diameter = 2 * (Double(sizes.sorted()[sizes.count / 2]) / .pi).squareRoot()
        }
        guard let plane = try PlaneFile(opening: item.input, selection, each: true).planes.first,
            plane.size == labels.size
        else {
            problem = "the image no longer fits its labels"
            return
        }
        let shown = try plane.read(Region(plane.size)).renderedForDisplay()
        picture = try Self.picture(of: labels, on: shown)
    }

    private static func picture(of labels: LabelImage, on image: Raster<UInt8>) throws -> Data {
        var options = OverlayOptions()
        let scale = max(Double(labels.size.longestSide) / Double(side), 1)
        options.contourWidth = Int(scale.rounded(.up))
        let drawn = try labels.overlay(on: image, options)
        let size = Size(
            width: max(Int((Double(drawn.size.width) / scale).rounded()), 1),
            height: max(Int((Double(drawn.size.height) / scale).rounded()), 1)
        )
        return try AnyRaster.uint8(drawn.resized(to: size)).pngData()
    }

    // MARK: - Rank

    /// The entries with remarks on what is unusual among them, the most unusual first.
    ///
    /// A value is unusual if it lies more than 3.5 robust standard deviations from the median (Iglewicz and
    /// Hoaglin, 1993); among fewer than five images nothing but an empty image is.
    static func ranked(_ entries: [ContactSheetEntry]) -> [ContactSheetEntry] {
        let counts = RobustScale(entries.compactMap { $0.objects.map { log1p(Double($0)) } })
        let diameters = RobustScale(entries.compactMap { $0.diameter.map { log($0) } })
        let covers = RobustScale(entries.compactMap(\.cover))
        var scored: [(entry: ContactSheetEntry, score: Double)] = entries.map { entry in
            var (entry, score) = (entry, 0.0)
            func judge(_ value: Double?, _ scale: RobustScale, _ low: String, _ high: String) {
                guard let value, let distance = scale.distance(of: value) else { return }
                score = max(score, abs(distance))
                if abs(distance) > 3.5 { entry.remarks.append(distance < 0 ? low : high) }
            }
            if entry.problem != nil { score = .infinity }
            if entry.objects == 0 {
                entry.remarks.append("no objects")
                score = max(score, 1000)
            } else {
                judge(
                    entry.objects.map { log1p(Double($0)) },
                    counts,
                    "few objects",
                    "many objects"
                )
                judge(entry.diameter.map { log($0) }, diameters, "small objects", "large objects")
                judge(entry.cover, covers, "low coverage", "high coverage")
            }
            return (entry, score)
        }
        // Entries without anything unusual keep the order of the run.
        for index in scored.indices where scored[index].entry.remarks.isEmpty {
            scored[index].score = scored[index].entry.problem == nil ? 0 : .infinity
        }
        let order = scored.indices.sorted {
            (-scored[$0].score, $0) < (-scored[$1].score, $1)
        }
        return order.map { scored[$0].entry }
    }

    // MARK: - Markup

    /// The entry as a figure of the page.
    var figure: String {
        let name = URL(filePath: input).lastPathComponent.escapedForMarkup
        var words: [String] = []
        if let objects { words.append("\(objects) \(objects == 1 ? "object" : "objects")") }
        if let diameter { words.append(String(format: "diameter %.0f px", diameter)) }
        if let cover { words.append(String(format: "%.0f&nbsp;%% of area", 100 * cover)) }
        let image = picture.map {
            "<img alt=\"\(name) with the contours of its objects\" loading=\"lazy\" "
                + "src=\"data:image/png;base64,\($0.base64EncodedString())\">"
        }
        let odd = remarks.map { " <span class=\"odd\">\($0)</span>" }.joined()
        let trouble = problem.map { "<p class=\"warning\">\($0.escapedForMarkup)</p>" } ?? ""
        return "<figure>\(image ?? "")\(trouble)<figcaption><b>\(name)</b>\(odd)<br>"
            + "\(words.joined(separator: ", "))</figcaption></figure>"
    }
}
