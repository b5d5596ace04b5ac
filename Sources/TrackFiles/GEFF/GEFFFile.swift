import Files
public import Foundation
import Imaging
public import Tracking
import Zarr

/// A graph of tracks in the Graph Exchange File Format (GEFF), version 1, in Zarr of version 2 or 3.
///
/// - Source: the specification of GEFF 1.3.
public struct GEFFFile: Sendable {
    /// The graph.
    ///
    /// Nodes have the names of the file where these are small enough, and else count in their order. Tracks have the numbers of the
    /// file where it has a number of its own for each.
    public let graph: LineageGraph

    /// The property that the labels of objects come from; nil if the file has none.
    ///
    /// Without one, labels count from 1 in each frame, and belong to no label image.
    public let labelProperty: String?

    /// The label images that the file says it belongs to; nil if it names none.
    public let labelImages: URL?

    /// What a reader should know who takes the graph as it is: an axis that was left out, places that may be no pixels.
    public let notes: [String]

    /// Whether places are in pixels, as far as the file tells.
    let placesArePixels: Bool

    /// What messages call the nodes.
    let names: NodeNames

    /// Reads a graph.
    ///
    /// - Parameter url: The group of the graph; also inside a zip archive.
    /// - Throws: ``TrackFileError`` if something is missing, or no lineage: names that come twice, links from or to nothing, back in time
    ///   or to several parents; `ZarrError` if the container cannot be read.
    public init(reading url: URL) throws {
        let group = try ZarrGroup(opening: url)
        let reader = try GEFFReader(group)
        (graph, labelProperty, names) = try reader.read()
        labelImages = reader.metadata.labelImages.map {
            url.appending(path: $0).standardizedFileURL
        }
        placesArePixels = reader.metadata.unknownUnit == nil
        notes = reader.metadata.notes
    }

    /// Whether a folder holds a graph of this format.
    public static func isOne(_ url: URL) -> Bool {
        do throws(ZarrError) {
            return try ZarrGroup(opening: url).attributes()["geff"] != nil
        } catch {
            return false
        }
    }
}

/// Reads one property after the other.
private struct GEFFReader {
    let group: ZarrGroup
    let metadata: GEFFMetadata

    /// More nodes are in no graph of objects.
    private static let mostNodes = 1 << 26

    private let names: [UInt64]

    private var path: String { group.url.path }

    init(_ group: ZarrGroup) throws {
        self.group = group
        metadata = try GEFFMetadata(group)
        let ids = try ZarrNumbers(group.array("nodes/ids"), limit: Self.mostNodes).names()
        names = ids.compactMap(\.self)
        guard names.count == ids.count else {
            throw TrackFileError(
                .damaged,
                path: group.url.path,
                "a name of a node is no number of 0 or more"
            )
        }
    }

    func read() throws -> (LineageGraph, String?, NodeNames) {
        let order = try Names.numbers(of: names, path: path)
        let frames = try frames()
        let (labels, property) = try labels(frames: frames)
        let nodes = try nodes(frames, labels, order)
        let links = try links(order, frames)
        let tracks = try metadata.trackProperty.flatMap { try self.property($0)?.integers() }
        let graph = try Names.graph(nodes, links, tracks: tracks, path: path)
        return (graph, property, NodeNames(path: path, noun: "node", order))
    }

    // MARK: - Properties

    /// The values of a property; nil if there is none, or some nodes lack it.
    private func property(_ name: String) throws -> ZarrNumbers? {
        let place = "nodes/props/\(name)"
        guard name.utf8.allSatisfy({ $0 != UInt8(ascii: "/") }), group.contains("\(place)/values"),
            try !hasMissing(place)
        else { return nil }
        let array = try group.array("\(place)/values")
        guard array.shape.first == names.count else {
            throw TrackFileError(
                .damaged,
                path: array.url.path,
                "a property of \(array.shape.first ?? 0) values for \(names.count) nodes"
            )
        }
        guard array.shape.count == 1 else { return nil }
        return try ZarrNumbers(array, limit: Self.mostNodes)
    }

    private func hasMissing(_ place: String) throws -> Bool {
        guard group.contains("\(place)/missing") else { return false }
        return try ZarrNumbers(group.array("\(place)/missing"), limit: Self.mostNodes)
            .integers().contains { $0 != 0 }
    }

    private func needed(_ name: String) throws -> ZarrNumbers {
        guard let values = try property(name) else {
            throw TrackFileError(
                .damaged,
                path: path,
                "its nodes have no property '\(name)', or some lack it",
                advice: "every node needs its frame, y and x"
            )
        }
        return values
    }

    private func frames() throws -> [Int] {
        let values = try needed(metadata.time).integers()
        return try values.map { frame in
            guard let frame, (0...1 << 40).contains(frame) else {
                throw TrackFileError(
                    .unsupported,
                    path: path,
                    "times in '\(metadata.time)' are not whole numbers of 0 or more",
                    advice: "store the number of the frame, counted from 0"
                )
            }
            return frame
        }
    }

    /// The labels of the first property that can be labels.
    private func labels(frames: [Int]) throws -> (labels: [UInt32], property: String?) {
        for name in metadata.labelProperties {
            guard let values = try property(name), values.areIntegers else { continue }
            let (labels, areGiven) = Names.labels(values.integers(), frames: frames)
            if areGiven { return (labels, name) }
        }
        return (Names.labels([], frames: frames).labels, nil)
    }

    private func nodes(
        _ frames: [Int],
        _ labels: [UInt32],
        _ order: [UInt64: Int]
    ) throws -> [LineageNode] {
        let y = try needed(metadata.y).reals().map { $0 * metadata.factors.y }
        let x = try needed(metadata.x).reals().map { $0 * metadata.factors.x }
        let areas = try property("area")?.reals().map { Int(exactly: $0.rounded()) }
        let boxes = try GEFFFile.boxProperties.map { try property($0)?.integers() }
        return names.indices.map { index in
            let sides = boxes.map { $0?[index] }
            let box: Region
            if let left = sides[0], let top = sides[1], let width = sides[2], let height = sides[3]
            {
                box = Region(x: left, y: top, width: width, height: height)
            } else {
                box = Region(x: whole(x[index]), y: whole(y[index]), width: 0, height: 0)
            }
            return LineageNode(
                id: LineageNode.ID(order[names[index]] ?? 0),
                frame: frames[index],
                label: labels[index],
                centroid: Point(x: x[index], y: y[index]),
                area: areas?[index] ?? 0,
                box: box
            )
        }
    }

    private func whole(_ value: Double) -> Int { Int(exactly: value.rounded()) ?? 0 }

    // MARK: - Links

    private func links(
        _ order: [UInt64: Int],
        _ frames: [Int]
    ) throws -> [(parent: LineageNode.ID, child: LineageNode.ID)] {
        let array = try group.array("edges/ids")
        guard array.shape.count == 2, array.shape[1] == 2 || array.shape[0] == 0 else {
            throw TrackFileError(
                .damaged,
                path: array.url.path,
                "edges of the shape \(array.shape); each has two nodes"
            )
        }
        let ends = try ZarrNumbers(array, limit: 2 * Self.mostNodes).names()
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        return try stride(from: 0, to: ends.count - 1, by: 2).map { index in
            var pair = try [ends[index], ends[index + 1]].map { name in
                guard let name, let number = order[name], let place = places[name] else {
                    throw TrackFileError(
                        .unknownParent,
                        path: array.url.path,
                        "edge \(index / 2) names a node that does not exist: "
                            + (name.map { "\($0)" } ?? "no number")
                    )
                }
                return (number, frames[place])
            }
            // Without a direction time tells it.
            if !metadata.isDirected, pair[1].1 < pair[0].1 { pair.swapAt(0, 1) }
            return (LineageNode.ID(pair[0].0), LineageNode.ID(pair[1].0))
        }
    }
}

extension GEFFMetadata {
    fileprivate var notes: [String] {
        let axis = omittedAxis.map {
            "the places along the axis '\($0.prefix(40))' are left out: frames of one slice are tracked"
        }
        let unit = unknownUnit.map {
            "places are in the unit '\($0.prefix(40))', and the file does not say how large a pixel is in it; "
                + "they are taken as pixels"
        }
        return [axis, unit].compactMap(\.self)
    }
}

extension GEFFFile {
    /// The properties that hold the box around an object.
    static let boxProperties = ["box_x", "box_y", "box_width", "box_height"]
}
