import Files
public import Foundation
public import ImageFormats
public import Imaging
public import Tracking

/// Tracks from the XML of TrackMate, version 5 to 8: spots, links, and outlines where there are some.
public struct TrackMateFile: Sendable {
    /// The graph.
    ///
    /// Nodes have the numbers of the spots where these are small enough, and else count in their order. Labels and numbers of tracks are those of
    /// the features `LABEL` and `TRACK_NUMBER`, if the file has them as ``TrackMateWriter`` writes them; else labels count from 1 in each
    /// frame.
    public let graph: LineageGraph

    /// Width and height of the movie, as far as the file tells.
    public let size: Size?

    /// The number of frames, as far as the file tells; at least one more than the last frame with an object.
    public let frameCount: Int

    /// The number of frames of the movie that the file was made of; nil if it does not tell.
    public let movieFrameCount: Int?

    /// How many spots were left out because TrackMate does not show them.
    public let hiddenCount: Int

    /// Size of a pixel and time between frames.
    public let physicalSize: PhysicalSize

    /// The outlines of objects that have one, in pixels; (0, 0) is the middle of the first pixel.
    public let outlines: [LineageNode.ID: [Point<OriginalPixels>]]

    /// Whether every object has an outline, so that the file needs no label images.
    public var isOutlined: Bool { outlines.count == graph.count }

    /// What messages call the spots.
    let names: NodeNames

    /// No file of tracks has more bytes.
    private static let mostBytes = 1 << 30

    /// Reads a file.
    ///
    /// - Parameter onlyVisible: Whether spots that are hidden, and tracks that are not among the filtered ones, are left out.
    /// - Throws: ``TrackFileError`` if it is no such file, is cut short, or its links make no lineage: to several parents, or within a frame.
    public init(reading url: URL, onlyVisible: Bool = false) throws(TrackFileError) {
        let storage: ByteStorage
        do throws(FileError) {
            storage = try ByteStorage(mapping: url.path)
        } catch {
            throw TrackFileError(.cannotOpen, path: url.path, error.problem, advice: error.advice)
        }
        guard storage.count <= Self.mostBytes else {
            throw TrackFileError(
                .tooLarge,
                path: url.path,
                "a file of \(storage.count) bytes",
                advice: "files of up to \(Self.mostBytes) bytes are read"
            )
        }
        // Safe because the bytes are copied while their storage lives.
        let text = withExtendedLifetime(storage) { String(decoding: storage.bytes, as: UTF8.self) }
        let reader = try TrackMateReader(text, path: url.path)
        try self.init(reader, onlyVisible: onlyVisible, path: url.path)
    }

    private init(
        _ reader: TrackMateReader,
        onlyVisible: Bool,
        path: String
    ) throws(TrackFileError) {
        let hidden = onlyVisible ? reader.hiddenSpots() : []
        let spots = reader.spots.filter { !hidden.contains($0.id) }.sorted { $0.id < $1.id }
        let numbers = try Names.numbers(of: spots.map(\.id), path: path)
        let frames = spots.map(\.frame)
        let labels = Names.labels(spots.map(\.label), frames: frames).labels
        let pixel = (x: reader.pixelSize.x ?? 1, y: reader.pixelSize.y ?? 1)
        var outlines: [LineageNode.ID: [Point<OriginalPixels>]] = [:]
        var nodes: [LineageNode] = []
        for (spot, label) in zip(spots, labels) {
            let id = LineageNode.ID(numbers[spot.id] ?? 0)
            let outline = spot.outline(pixel)
            outlines[id] = outline
            nodes.append(spot.node(id, label, outline, pixel))
        }
        let links = try reader.links(among: numbers, without: hidden)
        graph = try Names.graph(nodes, links, tracks: spots.map(\.track), path: path)
        self.outlines = outlines
        physicalSize = reader.pixelSize
        size = reader.size
        frameCount = max(reader.frameCount, (frames.max() ?? -1) + 1)
        movieFrameCount = reader.frameCount > 0 ? reader.frameCount : nil
        hiddenCount = hidden.count
        names = NodeNames(path: path, noun: "spot", numbers)
    }

    /// Whether a path has the name of such a file; nothing is read.
    public static func isOne(_ url: URL) -> Bool {
        url.pathExtension.lowercased() == "xml" && FileStatus(of: url.path)?.isFolder == false
    }

    /// The objects of a frame as labels, painted from their outlines, or as discs where they have none.
    ///
    /// Where objects overlap, smaller ones lie on larger ones.
    ///
    /// - Parameter size: Width and height of the movie; must be positive.
    public func labels(frame: Int, size: Size) -> LabelImage {
        var image = LabelImage(size: size)
        let nodes = graph.nodes(inFrame: frame)
        for node in nodes.sorted(by: { ($1.area, $0.label) < ($0.area, $1.label) }) {
            let mask: RunLengthMask
            if let outline = outlines[node.id] {
                mask = RunLengthMask(filling: [outline], size: size)
            } else {
                let radius = (Double(max(node.area, 1)) / .pi).squareRoot()
                let center = node.centroid
                let box = Box<OriginalPixels>(
                    minX: center.x - radius,
                    minY: center.y - radius,
                    maxX: center.x + radius,
                    maxY: center.y + radius
                )
                mask = RunLengthMask(ellipseIn: box, size: size)
            }
            for run in mask.runs {
                for pixel in run.start..<run.end { image.labels[pixel] = node.label }
            }
        }
        return image
    }
}
