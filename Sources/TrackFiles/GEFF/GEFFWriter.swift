import Files
public import Foundation
public import ImageFormats
import Imaging
public import Tracking
public import Zarr

/// Writes a graph in the Graph Exchange File Format (GEFF) 1.3.
///
/// Nodes keep their names. Their properties are `t`, `y` and `x` in pixels, `label`, `area`, `track_id`, and the box around the object
/// (`box_x`, `box_y`, `box_width`, `box_height`); edges go from mother to daughter.
///
/// - Source: the specification of GEFF 1.3.
public struct GEFFWriter: Sendable {
    /// The version of Zarr; version 2 is what most programs read.
    public var format: ZarrFormat

    /// Size of a pixel and time between frames, which become the scales of the axes.
    public var physicalSize: PhysicalSize

    /// The label images that the property `label` belongs to, as a path seen from the folder of the graph; nil for none.
    public var labelImages: String?

    /// Whether an older graph may be replaced.
    public var replaces: Bool

    /// Creates a writer.
    public init(
        format: ZarrFormat = .v2,
        physicalSize: PhysicalSize = PhysicalSize(),
        labelImages: String? = nil,
        replaces: Bool = false
    ) {
        (self.format, self.physicalSize) = (format, physicalSize)
        (self.labelImages, self.replaces) = (labelImages, replaces)
    }

    /// Writes a graph as a folder, which appears under its name when it is complete.
    ///
    /// - Throws: ``TrackFileError`` or `ZarrError` if it cannot be written; then nothing remains.
    public func write(_ graph: LineageGraph, to url: URL) throws {
        let folder: FolderReplacement
        do throws(FileError) {
            folder = try FolderReplacement(of: url.path) { path in
                replaces && GEFFFile.isOne(URL(filePath: path))
            }
        } catch {
            throw TrackFileError(writing: error)
        }
        let root = URL(filePath: folder.temporaryPath, directoryHint: .isDirectory)
        let group = try ZarrGroup.create(
            at: root,
            format: format,
            attributes: ["geff": metadata(of: graph)]
        )
        try write(graph, to: group)
        do throws(FileError) {
            try folder.commit()
        } catch {
            throw TrackFileError(writing: error)
        }
    }

    private func write(_ graph: LineageGraph, to group: ZarrGroup) throws {
        let nodes = graph.nodes
        for name in ["nodes", "nodes/props", "edges", "edges/props"] {
            _ = try group.createGroup(name)
        }
        try write(nodes.map { UInt64($0.id.number) }, .uint64, "nodes/ids", to: group)
        for property in Self.properties(of: graph, nodes) {
            _ = try group.createGroup("nodes/props/\(property.name)")
            let place = "nodes/props/\(property.name)/values"
            switch property.values {
            case .integers(let values): try write(values, .int64, place, to: group)
            case .reals(let values): try write(values, .float64, place, to: group)
            }
        }
        let ends = graph.links.flatMap { [UInt64($0.parent.number), UInt64($0.child.number)] }
        try write(ends, .uint64, "edges/ids", columns: 2, to: group)
    }

    /// A property of the nodes.
    private struct Property {
        enum Values {
            case integers([Int64])
            case reals([Double])
        }

        let name: String
        let values: Values

        var type: ZarrDataType {
            switch values {
            case .integers: .int64
            case .reals: .float64
            }
        }

        init(_ name: String, _ values: [Int]) {
            (self.name, self.values) = (name, .integers(values.map { Int64($0) }))
        }

        init(_ name: String, _ values: [Double]) {
            (self.name, self.values) = (name, .reals(values))
        }
    }

    private static func properties(of graph: LineageGraph, _ nodes: [LineageNode]) -> [Property] {
        var numbers: [LineageNode.ID: UInt32] = [:]
        for track in graph.tracks() {
            for id in track.nodes { numbers[id] = track.number }
        }
        return [
            Property("t", nodes.map(\.frame)), Property("y", nodes.map(\.centroid.y)),
            Property("x", nodes.map(\.centroid.x)), Property("label", nodes.map { Int($0.label) }),
            Property("area", nodes.map(\.area)),
            Property("track_id", nodes.map { Int(numbers[$0.id] ?? 0) }),
            Property("box_x", nodes.map(\.box.x)), Property("box_y", nodes.map(\.box.y)),
            Property("box_width", nodes.map(\.box.width)),
            Property("box_height", nodes.map(\.box.height)),
        ]
    }

    private func write<Value: BitwiseCopyable>(
        _ values: [Value],
        _ type: ZarrDataType,
        _ name: String,
        columns: Int? = nil,
        to group: ZarrGroup
    ) throws {
        let rows = values.count / (columns ?? 1)
        let rest = columns.map { [$0] } ?? []
        let array = try group.createArray(
            name,
            shape: [rows] + rest,
            dataType: type,
            // Pieces of a few megabytes at most; small graphs are one piece.
            options: .init(chunkShape: [min(max(rows, 1), 1 << 19)] + rest)
        )
        try array.write(values.withUnsafeBytes { Array($0) })
    }
}

// MARK: - Description

extension GEFFWriter {
    private func metadata(of graph: LineageGraph) -> JSONValue {
        let nodes = graph.nodes
        let properties = Self.properties(of: LineageGraph(), []).map { property in
            (
                property.name,
                [
                    "identifier": .string(property.name),
                    "dtype": .string(property.type.rawValue), "varlength": false,
                ] as JSONValue
            )
        }
        var described = JSONObject()
        for (name, value) in properties { described[name] = value }
        let labels: JSONValue? = labelImages.map {
            [["type": "labels", "path": .string($0), "node_prop": "label"]]
        }
        return [
            "geff_version": "1.3", "directed": true,
            "axes": [
                axis(
                    "t",
                    "time",
                    "frame",
                    nodes.map { Double($0.frame) },
                    physicalSize.t,
                    timeUnit
                ),
                axis("y", "space", "pixel", nodes.map(\.centroid.y), physicalSize.y, lengthUnit),
                axis("x", "space", "pixel", nodes.map(\.centroid.x), physicalSize.x, lengthUnit),
            ],
            "node_props_metadata": .object(described), "edge_props_metadata": [:],
            "track_node_props": ["tracklet": "track_id"], "related_objects": labels ?? .null,
            "extra": [:],
        ]
    }

    private func axis(
        _ name: String,
        _ type: String,
        _ unit: String,
        _ values: [Double],
        _ scale: Double?,
        _ scaledUnit: String?
    ) -> JSONValue {
        var axis: JSONObject = [
            "name": .string(name), "type": .string(type), "unit": .string(unit),
        ]
        if let least = values.min(), let greatest = values.max() {
            axis["min"] = .number(least)
            axis["max"] = .number(greatest)
        }
        if let scale, scale > 0, let scaledUnit {
            axis["scale"] = .number(scale)
            axis["scaled_unit"] = .string(scaledUnit)
        }
        return .object(axis)
    }

    /// The units by the names that the format knows.
    private var lengthUnit: String? {
        switch physicalSize.unit {
        case "\u{B5}m", "\u{3BC}m", "um", "micrometer", "micron": "micrometer"
        case "nm", "nanometer": "nanometer"
        case "mm", "millimeter": "millimeter"
        default: nil
        }
    }

    private var timeUnit: String? {
        switch physicalSize.timeUnit {
        case "s", "sec", "second", "seconds": "second"
        case "ms", "millisecond": "millisecond"
        case "min", "minute", "minutes": "minute"
        case "h", "hour", "hours": "hour"
        default: nil
        }
    }
}
