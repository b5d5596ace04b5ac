import Files
public import ImageFormats
import Imaging
public import Tracking

/// A table of tracks, one a row, as CSV (RFC 4180, UTF-8, decimal points).
public struct TrackTable: Sendable {
    private let graph: LineageGraph
    private let physicalSize: PhysicalSize

    /// Creates the table of a graph.
    ///
    /// - Parameter physicalSize: Size of a pixel and time between frames; where both are known, distance and speed come in their units,
    ///   too.
    public init(_ graph: LineageGraph, physicalSize: PhysicalSize = PhysicalSize()) {
        (self.graph, self.physicalSize) = (graph, physicalSize)
    }

    /// The names of the columns.
    ///
    /// `lineage` is the number of the first track of the tree, `generation` counts divisions from there. Frames count from 0;
    /// `gaps` counts the frames between first and last without the object. `daughters` are numbers of tracks separated by spaces.
    /// Distances are in pixels: `path` adds all steps, `displacement` is from the first place to the last, `speed` is the path for each
    /// frame.
    public var columns: [String] {
        [
            "track", "parent", "lineage", "generation", "first_frame", "last_frame", "objects",
            "gaps",
            "daughters", "mean_area", "first_x", "first_y", "last_x", "last_y", "path",
            "displacement", "speed",
        ]
            + (scale.map {
                ["path_\($0.unit)", "displacement_\($0.unit)"]
                    + ($0.interval == nil ? [] : ["speed_\($0.unit)_per_\($0.timeUnit)"])
            } ?? [])
    }

    /// The values of every track, mothers before daughters, in the order of ``columns``.
    public var rows: [[String]] {
        var places: [UInt32: (lineage: UInt32, generation: Int)] = [:]
        return graph.tracksByLineage().map { track in
            let mother = track.parent.flatMap { places[$0] }
            let place = (mother?.lineage ?? track.number, mother.map { $0.generation + 1 } ?? 0)
            places[track.number] = place
            return row(track, lineage: place.0, generation: place.1)
        }
    }

    /// The whole table as CSV text, with a row of names.
    public var csv: String { CSVTable(header: columns, rows: rows).text }

    /// What a pixel and a frame are, where pixels are square and their size is known.
    private var scale: (size: Double, unit: String, interval: Double?, timeUnit: String)? {
        guard let x = physicalSize.x, let y = physicalSize.y, let unit = physicalSize.unit,
            abs(x - y) <= 1e-6 * max(x, y)
        else { return nil }
        // The micro sign would be read wrongly by programs that do not expect UTF-8.
        let name = unit == "\u{B5}m" ? "um" : unit
        let interval = physicalSize.timeUnit == nil ? nil : physicalSize.t
        return (x, name, interval.flatMap { $0 > 0 ? $0 : nil }, physicalSize.timeUnit ?? "")
    }

    private func row(_ track: LineageTrack, lineage: UInt32, generation: Int) -> [String] {
        let nodes = track.nodes.compactMap { graph[$0] }
        guard let first = nodes.first, let last = nodes.last else { return [] }
        let path = zip(nodes, nodes.dropFirst()).reduce(0) { $0 + $1.0.distance(to: $1.1) }
        let displacement = first.distance(to: last)
        let frames = Double(last.frame - first.frame)
        let area = Double(nodes.reduce(0) { $0 + $1.area }) / Double(nodes.count)
        let daughters = track.children.map { "\($0)" }.joined(separator: " ")
        var cells = [
            "\(track.number)", track.parent.map { "\($0)" } ?? "", "\(lineage)", "\(generation)",
            "\(first.frame)", "\(last.frame)", "\(nodes.count)", "\(track.gaps)", daughters,
        ]
        cells += [
            area, first.centroid.x, first.centroid.y, last.centroid.x, last.centroid.y, path,
            displacement, frames > 0 ? path / frames : .nan,
        ].map(ObjectTable.text)
        if let scale {
            cells += [path * scale.size, displacement * scale.size].map(ObjectTable.text)
            if let interval = scale.interval {
                let speed = frames > 0 ? path * scale.size / (frames * interval) : .nan
                cells.append(ObjectTable.text(speed))
            }
        }
        return cells
    }
}

extension LineageNode {
    fileprivate func distance(to other: LineageNode) -> Double {
        let (x, y) = (other.centroid.x - centroid.x, other.centroid.y - centroid.y)
        return (x * x + y * y).squareRoot()
    }
}
