import Files
import Foundation
import ImageFormats
import Imaging
public import Jobs
import Prompting

extension ImageFileDescription {
    /// Lines for a person.
    public var text: String {
        var rows = [
            [
                "file",
                image.byteCount > 0 ? "\(file), \(Wording.byteCount(image.byteCount))" : file,
            ],
            ["format", "\(image.format), compression \(image.compression)"],
            ["size", "\(image.axes.x) x \(image.axes.y) pixels"],
            ["samples", samples],
        ]
        let axes = axesText
        if !axes.isEmpty { rows.append(["axes", axes]) }
        if !image.channelNames.isEmpty {
            rows.append(["channels", image.channelNames.joined(separator: ", ")])
        }
        if let size = physicalText { rows.append(["pixel size", size]) }
        if image.levels.count > 1 {
            rows.append(["levels", image.levels.map(\.description).joined(separator: ", ")])
        }
        if image.series.count > 1 {
            let names = image.series.map { $0.name.isEmpty ? "unnamed" : $0.name }
            rows.append(["series", names.joined(separator: ", ")])
        }
        rows.append(["blocks", "\(image.blockSize) pixels"])
        rows += image.notes.map { ["note", $0.description] }
        return TextTable(rows: rows).text
    }

    private var samples: String {
        let stored = image.bitsPerSample
        let depth = stored == image.sampleType.byteCount * 8 ? "" : " (\(stored) bits stored)"
        return "\(image.sampleType.rawValue)\(depth), \(image.colorModel.title)"
    }

    private var axesText: String {
        let axes = [
            (image.axes.t, "time point"), (image.axes.c, "channel"), (image.axes.z, "slice"),
        ]
        return axes.filter { $0.0 > 1 }.map { Wording.count($0.0, $0.1) }.joined(separator: ", ")
    }

    private var physicalText: String? {
        let size = image.physicalSize
        let sides = [("x", size.x), ("y", size.y), ("z", size.z)]
            .compactMap { name, value in value.map { "\(name) \(Self.short($0))" } }
        var parts =
            sides.isEmpty
            ? []
            : [
                "\(sides.joined(separator: ", ")) \(size.unit ?? "(no unit)")"
                    + (image.pixelSizeSource == .resolution ? " (from the resolution)" : "")
            ]
        if let t = size.t { parts.append("t \(Self.short(t)) \(size.timeUnit ?? "s")") }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private static func short(_ value: Double) -> String { String(format: "%.4g", value) }
}

extension ColorModel {
    /// For people.
    fileprivate var title: String {
        switch self {
        case .grey: "grey"
        case .greyAlpha: "grey with opacity"
        case .rgb: "RGB"
        case .rgba: "RGB with opacity"
        case .cmyk: "CMYK"
        case .palette: "palette"
        case .invertedGrey: "grey, 0 is white"
        }
    }
}
