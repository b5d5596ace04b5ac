public import Foundation
import Imaging
public import Prompting
import TrackFiles
import Tracking

extension Project {
    /// Whether a path holds tracks that ``importTracks(_:into:_:client:_:)`` reads: a folder of the Cell Tracking Challenge, or a GEFF.
    public static func holdsTracks(_ path: String) -> Bool {
        let url = URL(filePath: path)
        return CTCFolder.isOne(url) || GEFFFile.isOne(url)
    }

    /// Brings tracks of another program into a movie, to be corrected: one gesture, which can be undone.
    ///
    /// A folder of the Cell Tracking Challenge brings its objects; they keep their labels where these are free. The labels of a GEFF are
    /// those of the objects that are there already, which get its links.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - image: The movie.
    ///   - rule: What becomes of objects that are there.
    ///   - client: Who asks.
    ///   - work: May be cancelled between two time points.
    /// - Throws: ``ProjectError``; ``ExchangeError``; errors of `TrackFiles` and `ImageFormats`; `CancellationError`.
    public func importTracks(
        _ path: String,
        into image: Int64,
        _ rule: OverlapRule = .keep,
        client: UUID,
        _ work: Work = Work()
    ) throws -> EditAnswer {
        let url = URL(filePath: path)
        guard CTCFolder.isOne(url) else {
            return try importLinks(GEFFFile(reading: url), path, into: image, client)
        }
        let folder = try CTCFolder(reading: url)
        let entry = try self.image(image).entry
        let (shape, size) = (entry.shape, folder.size)
        try shape.requireMovie()
        guard folder.frameCount == shape.t, size == shape.size else {
            throw ExchangeError.otherExtents(
                labels: path,
                found: "t \(folder.frameCount), z 1, y \(size.height), x \(size.width)",
                image: entry.name,
                expected: shape.words
            )
        }
        // What continues after a gap is one track with the part before.
        let graph = try folder.lineage()
        let numbers = graph.trackNumbersByFrame()
        var parents: [UInt32: UInt32] = [:]
        for track in graph.tracks() { parents[track.number] = track.parent }
        var objects: [NewObject] = []
        for t in 0..<shape.t {
            try work.advance(t, of: shape.t)
            let labels = try folder.labels(frame: t).relabeled(numbers[t] ?? [:])
            objects += NewObject.all(in: labels, source: .imported, t: t, z: 0).map { object in
                var object = object
                object.parent = object.label.flatMap { parents[$0] }
                return object
            }
        }
        guard !objects.isEmpty else { throw ExchangeError.noObjects(labels: path) }
        return try apply(Gesture(.importLabels(objects, rule), client: client), to: image)
    }

    /// Links the objects of a movie as a graph says it.
    private func importLinks(
        _ file: GEFFFile,
        _ path: String,
        into image: Int64,
        _ client: UUID
    ) throws -> EditAnswer {
        let base = try current(image: image)
        let before = try lineage(image: image)
        let nodes = file.graph.nodes
        var names: [LineageNode.ID: LineageNode.ID] = [:]
        for node in nodes {
            names[node.id] = before.node(frame: node.frame, label: node.label)?.id
        }
        guard !nodes.isEmpty, names.count == nodes.count, file.labelProperty != nil else {
            throw ExchangeError.otherObjects(
                links: path,
                found: names.count,
                of: nodes.count,
                image: try self.image(image).entry.name
            )
        }
        let labels = try Editor.telling { () throws(LineageError) in
            let links = file.graph.links.compactMap { link in
                names[link.parent].flatMap { one in names[link.child].map { (one, $0) } }
            }
            return TrackLabels(from: before, to: try before.linked(links, .all)) { $0 }
        }
        return try apply(Gesture(.link(labels), client: client, base: base), to: image)
    }
}
