import Files
public import Foundation
public import ImageFormats
public import Imaging
import Plots
public import Tracking

/// Writes tracks as the XML of TrackMate (version 7), frame by frame.
///
/// Spots are the objects, with their outlines where label images are given; tracks of TrackMate are whole lineages. Two features of
/// our own, `LABEL` and `TRACK_NUMBER`, keep the labels and the numbers of our tracks. The file appears under its name when ``finish()``
/// returns.
public struct TrackMateWriter: ~Copyable {
    /// What the file says of the movie.
    public struct Movie: Hashable, Sendable {
        /// The name of the image file.
        public var name: String

        /// The folder of the image file.
        public var folder: String

        /// Width and height in pixels.
        public var size: Size

        /// The number of frames.
        public var frameCount: Int

        /// Size of a pixel and time between frames.
        public var physicalSize: PhysicalSize

        /// Describes a movie.
        public init(
            name: String = "",
            folder: String = "",
            size: Size,
            frameCount: Int,
            physicalSize: PhysicalSize = PhysicalSize()
        ) {
            (self.name, self.folder, self.size) = (name, folder, size)
            (self.frameCount, self.physicalSize) = (frameCount, physicalSize)
        }
    }

    private let graph: LineageGraph
    private let numbers: [Int: [UInt32: UInt32]]
    private let movie: Movie
    private var file: FileReplacement
    private var frame = 0
    private var spots = 0

    /// Begins a file beside its destination.
    ///
    /// - Parameters:
    ///   - url: The destination; an existing file is replaced when the new one is complete.
    ///   - graph: The tracks; objects lie in frames of the movie.
    ///   - channelCount: The number of channels that intensities are measured in.
    public init(
        creating url: URL,
        of graph: LineageGraph,
        movie: Movie,
        channelCount: Int = 0
    ) throws(TrackFileError) {
        let head = TrackMateText.head(spots: graph.count, movie, channels: channelCount)
        file = try Self.begin(url, head)
        (self.graph, self.movie) = (graph, movie)
        numbers = graph.trackNumbersByFrame()
    }

    private static func begin(
        _ url: URL,
        _ head: String
    ) throws(TrackFileError) -> FileReplacement {
        do throws(FileError) {
            var file = try FileReplacement(of: url.path)
            try file.append(head)
            return file
        } catch {
            throw TrackFileError(writing: error)
        }
    }

    /// Writes the objects of the next frame.
    ///
    /// - Parameters:
    ///   - labels: The label image that outlines are taken from; nil for none. Of an object in several parts it is the outline of the
    ///     largest, holes are left out.
    ///   - objects: What was measured, for intensities.
    /// - Throws: ``TrackFileError`` if the file cannot be written.
    public mutating func append(
        _ labels: LabelImage? = nil,
        measured objects: [ObjectMeasurement] = []
    ) throws(TrackFileError) {
        let outlines = labels.map(Self.outlines) ?? [:]
        let measured = Dictionary(objects.map { ($0.label, $0) }) { first, _ in first }
        let numbers = numbers[frame] ?? [:]
        let nodes = graph.nodes(inFrame: frame)
        var text = nodes.isEmpty ? "" : "      <SpotsInFrame frame=\"\(frame)\">\n"
        for node in nodes {
            text += TrackMateText.spot(
                node,
                track: numbers[node.label] ?? 0,
                outline: outlines[node.label],
                intensities: measured[node.label]?.meanIntensities ?? [],
                movie.physicalSize
            )
        }
        if !nodes.isEmpty { text += "      </SpotsInFrame>\n" }
        try write(text)
        spots += nodes.count
        frame += 1
    }

    /// Writes links and settings, and gives the file its name.
    ///
    /// - Throws: ``TrackFileError`` if objects lie in frames that were not appended, or the file cannot be written.
    public consuming func finish() throws(TrackFileError) {
        guard spots == graph.count else {
            throw TrackFileError(
                .outOfRange,
                path: file.path,
                "\(spots) of \(graph.count) objects lie in the \(frame) frames that were written"
            )
        }
        try write(TrackMateText.tracks(of: graph, movie.physicalSize))
        try write(TrackMateText.settings(movie))
        do throws(FileError) {
            try file.commit()
        } catch {
            throw TrackFileError(writing: error)
        }
    }

    private mutating func write(_ text: String) throws(TrackFileError) {
        do throws(FileError) {
            try file.append(text)
        } catch {
            throw TrackFileError(writing: error)
        }
    }

    /// The outline of the largest part of each object; (0, 0) is the middle of the first pixel.
    private static func outlines(_ labels: LabelImage) -> [UInt32: [Point<OriginalPixels>]] {
        var found: [UInt32: (area: Double, outline: [Point<OriginalPixels>])] = [:]
        for polygon in labels.polygons() {
            let area = area(polygon.outline)
            if found[polygon.label].map({ $0.area < area }) ?? true {
                found[polygon.label] = (area, polygon.outline)
            }
        }
        return found.mapValues { $0.outline.map { Point(x: $0.x - 0.5, y: $0.y - 0.5) } }
    }

    private static func area(_ ring: [Point<OriginalPixels>]) -> Double {
        zip(ring, ring.dropFirst() + ring.prefix(1)).reduce(0) {
            $0 + ($1.0.x * $1.1.y - $1.1.x * $1.0.y) / 2
        }
    }
}
