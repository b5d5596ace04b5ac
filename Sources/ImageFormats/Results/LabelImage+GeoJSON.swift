import Files
public import Foundation
public import Imaging

/// How objects are written as GeoJSON for QuPath.
public struct GeoJSONOptions: Hashable, Codable, Sendable {
    /// What an object becomes in QuPath.
    public enum ObjectType: String, Hashable, Codable, Sendable {
        /// Many small objects, shown quickly; not editable.
        case detection
        /// A few objects, editable.
        case annotation
    }

    /// What objects become in QuPath.
    public var objectType: ObjectType

    /// The class that all objects get; nil for none.
    public var classification: String?

    /// Where the image lies in a larger one that QuPath shows, in pixels: added to all coordinates.
    public var originX: Int

    /// Where the image lies in a larger one that QuPath shows, in pixels: added to all coordinates.
    public var originY: Int

    /// The plane of a stack that the objects lie in; nil for an image of one plane.
    public var plane: PlaneIndex?

    /// Creates options.
    public init(
        objectType: ObjectType = .detection,
        classification: String? = nil,
        originX: Int = 0,
        originY: Int = 0,
        plane: PlaneIndex? = nil
    ) {
        self.plane = plane
        self.objectType = objectType
        self.classification = classification
        self.originX = originX
        self.originY = originY
    }
}

extension LabelImage {
    /// Writes the outlines of all objects as a GeoJSON feature collection that QuPath imports.
    ///
    /// Outlines run along the edges of pixels, so that a polygon has exactly the area of its object. An
    /// object of several parts is a `MultiPolygon`. All geometries are valid by the rules of the OGC, which
    /// QuPath insists on. The label is the measurement `label`, and the name of what has no other.
    ///
    /// - Parameters:
    ///   - url: The destination; an existing file is replaced only when the new one is complete.
    ///   - options: What objects become in QuPath.
    ///   - words: Classes and names by label; a class goes before that of the options.
    /// - Throws: ``ImageFormatError`` if the file cannot be written; no partial file remains.
    public func writeGeoJSON(
        to url: URL,
        options: GeoJSONOptions = GeoJSONOptions(),
        words: [UInt32: ObjectWords] = [:]
    ) throws(ImageFormatError) {
        try replaceFile(at: url) { file throws(FileError) in
            try appendGeoJSON(to: &file, options, words)
        }
    }

    /// The bytes that ``writeGeoJSON(to:options:words:)`` writes, in memory.
    public func geoJSONData(
        options: GeoJSONOptions = GeoJSONOptions()
    ) throws(ImageFormatError) -> Data {
        try bytes { memory throws(FileError) in try appendGeoJSON(to: &memory, options, [:]) }
    }

    private func appendGeoJSON<Sink: ByteSink & ~Copyable>(
        to file: inout Sink,
        _ options: GeoJSONOptions,
        _ words: [UInt32: ObjectWords]
    ) throws(FileError) {
        try file.append("{\"type\": \"FeatureCollection\", \"features\": [")
        try file.append("\n" + features(options, words).joined(separator: ",\n"))
        try file.append("\n]}\n")
    }

    /// A feature of GeoJSON for each object, by label.
    func features(
        _ options: GeoJSONOptions,
        _ words: [UInt32: ObjectWords] = [:]
    ) -> [String] {
        let polygons = Dictionary(grouping: polygons(), by: \.label)
        return polygons.sorted(by: { $0.key < $1.key }).map { label, parts in
            feature(label, parts, options, words[label] ?? ObjectWords())
        }
    }

    private func feature(
        _ label: UInt32,
        _ parts: [LabelPolygon],
        _ options: GeoJSONOptions,
        _ words: ObjectWords
    ) -> String {
        let rings = parts.map { part in
            let rings = ([part.outline] + part.holes).map { ring($0, options) }
            return "[" + rings.joined(separator: ", ") + "]"
        }
        // QuPath takes the plane from the geometry; c = -1 stands for all channels.
        let plane =
            options.plane.map { ", \"plane\": {\"c\": -1, \"z\": \($0.z), \"t\": \($0.t)}" } ?? ""
        let geometry =
            rings.count == 1
            ? "{\"type\": \"Polygon\", \"coordinates\": \(rings[0])\(plane)}"
            : "{\"type\": \"MultiPolygon\", "
                + "\"coordinates\": [\(rings.joined(separator: ", "))]\(plane)}"
        let classification = (words.category ?? options.classification).map {
            ", \"classification\": {\"name\": \(JSONValue.string($0).text)}"
        }
        return """
            {"type": "Feature", "geometry": \(geometry), "properties": {"objectType": \
            "\(options.objectType.rawValue)", "name": \(JSONValue.string(words.name ?? "\(label)").text)\(classification ?? ""), \
            "measurements": {"label": \(label)}}}
            """
    }

    /// A ring of GeoJSON repeats its first vertex at the end.
    private func ring(_ vertices: [Point<OriginalPixels>], _ options: GeoJSONOptions) -> String {
        let closed = vertices + vertices.prefix(1)
        let texts = closed.map {
            "[\(Int($0.x) + options.originX), \(Int($0.y) + options.originY)]"
        }
        return "[" + texts.joined(separator: ", ") + "]"
    }
}
