import Files
public import Foundation
public import Imaging

/// A table of measured objects, one a row, as CSV (RFC 4180, UTF-8, decimal points).
public struct ObjectTable: Hashable, Sendable {
    /// The objects, in the order of the rows.
    public var objects: [ObjectMeasurement]

    /// Size of a pixel; where it is known, there are columns in physical units as well.
    public var physicalSize: PhysicalSize

    /// Names of the channels that intensities were measured in; numbers from 0 where they are missing.
    public var channelNames: [String]

    /// Further columns: a name, and the values by label.
    public var extraColumns: [(name: String, values: [UInt32: Double])] {
        get { extras.map { ($0.name, $0.values) } }
        set { extras = newValue.map { Extra(name: $0.name, values: $0.values) } }
    }

    /// The number of channels that intensities were measured in.
    ///
    /// It is known from the objects, if there are any.
    public var channelCount: Int

    private var extras: [Extra] = []

    private struct Extra: Hashable, Sendable {
        let name: String
        let values: [UInt32: Double]
    }

    /// Creates a table.
    public init(
        _ objects: [ObjectMeasurement],
        physicalSize: PhysicalSize = PhysicalSize(),
        channelNames: [String] = [],
        channelCount: Int? = nil
    ) {
        self.objects = objects
        self.channelCount = channelCount ?? objects.map(\.meanIntensities.count).max() ?? 0
        self.physicalSize = physicalSize
        self.channelNames = channelNames
    }

    /// The names of the columns.
    ///
    /// Lengths are in pixels; `centroid_x` 0 is the centre of the first pixel, the box is given by its
    /// first column and row and by its width and height. With a known size of pixels, area and
    /// centroid come again with the unit in the name, and lengths too if pixels are square.
    public var columns: [String] {
        var names = [
            "label", "area", "centroid_x", "centroid_y", "box_x", "box_y", "box_width",
            "box_height",
            "perimeter", "eccentricity", "major_axis_length", "minor_axis_length",
        ]
        if let scale {
            names += [
                "area_\(scale.unit)2", "centroid_x_\(scale.unit)", "centroid_y_\(scale.unit)",
            ]
            if scale.isSquare {
                names += ["perimeter", "major_axis_length", "minor_axis_length"].map {
                    "\($0)_\(scale.unit)"
                }
            }
        }
        names += (0..<channelCount).map { channel in
            let isNamed = channelNames.indices.contains(channel) && !channelNames[channel].isEmpty
            return "mean_intensity_" + (isNamed ? channelNames[channel] : "\(channel)")
        }
        return names + extras.map(\.name)
    }

    /// The values of every object, in the order of ``columns``.
    public var rows: [[String]] { objects.map { row($0, channels: channelCount) } }

    /// The whole table as CSV text, with a row of names.
    public var csv: String { CSVTable(header: columns, rows: rows).text }

    /// Writes the text of a table, for example of several planes; an existing file is replaced only when
    /// the new one is complete.
    ///
    /// - Throws: ``ImageFormatError`` if the file cannot be written; no partial file remains.
    public static func write(csv: String, to url: URL) throws(ImageFormatError) {
        try replaceFile(at: url) { file throws(FileError) in try file.append(csv) }
    }

    /// Width and height of a pixel, where both and their unit are known.
    private var scale: (x: Double, y: Double, unit: String, isSquare: Bool)? {
        guard let x = physicalSize.x, let y = physicalSize.y, let unit = physicalSize.unit else {
            return nil
        }
        // The micro sign would be read wrongly by programs that do not expect UTF-8.
        return (x, y, unit == "\u{B5}m" ? "um" : unit, abs(x - y) <= 1e-6 * max(x, y))
    }

    private func row(_ object: ObjectMeasurement, channels: Int) -> [String] {
        var cells = [
            "\(object.label)", "\(object.area)", number(object.centroid.x),
            number(object.centroid.y), "\(object.box.x)", "\(object.box.y)",
            "\(object.box.width)", "\(object.box.height)", number(object.perimeter),
            number(object.eccentricity), number(object.majorAxisLength),
            number(object.minorAxisLength),
        ]
        if let scale {
            cells += [
                number(Double(object.area) * scale.x * scale.y),
                number(object.centroid.x * scale.x),
                number(object.centroid.y * scale.y),
            ]
            if scale.isSquare {
                cells += [object.perimeter, object.majorAxisLength, object.minorAxisLength].map {
                    number($0 * scale.x)
                }
            }
        }
        for channel in 0..<channels {
            let values = object.meanIntensities
            cells.append(values.indices.contains(channel) ? number(values[channel]) : "")
        }
        return cells + extras.map { $0.values[object.label].map(Self.text) ?? "" }
    }

    /// A number with up to six digits after the point; empty for what is no number.
    package static func text(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "" : "\(value)" }
        guard abs(value) < 1e9 else { return "\(value)" }
        let rounded = (value * 1e6).rounded() / 1e6
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }

    private func number(_ value: Double) -> String { Self.text(value) }
}
