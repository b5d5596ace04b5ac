import Files
public import Foundation
import Imaging
public import Prompting
import TrackFiles
import Tracking

extension Project {
    /// Whether a path holds tracks that ``importTracks(_:into:_:client:_:)`` reads.
    public static func holdsTracks(_ path: String) -> Bool { TrackFile.isOne(URL(filePath: path)) }

    /// Brings tracks of another program into a movie, to be corrected: one gesture, which can be undone.
    ///
    /// - A folder of the Cell Tracking Challenge brings its objects, and so does a file of TrackMate whose spots have outlines.
    ///   They keep the numbers of their tracks as labels where these are free.
    /// - Any other file of TrackMate, and a GEFF, bring links for the objects that are there already. Those of a GEFF are found by its
    ///   labels; spots, and the nodes of a GEFF without labels, by their places.
    ///
    /// - Parameters:
    ///   - path: The file or folder.
    ///   - image: The movie.
    ///   - rule: What becomes of objects that are there.
    ///   - client: Who asks.
    ///   - work: Is told what was left out, and may be cancelled between two time points.
    /// - Throws: ``ProjectError``; ``ExchangeError``; errors of `TrackFiles` and `ImageFormats`; `CancellationError`.
    public func importTracks(
        _ path: String,
        into image: Int64,
        _ rule: OverlapRule = .keep,
        client: UUID,
        _ work: Work = Work()
    ) throws -> EditAnswer {
        let file = try TrackFile(reading: URL(filePath: path))
        let target = ImportTarget(path: path, entry: try self.image(image).entry, rule: rule)
        try target.entry.shape.requireMovie()
        switch file {
        case .challenge(let folder):
            try target.requireSame(folder.frameCount, folder.size)
            let graph = try folder.lineage { _, _ in try work.checkpoint() }
            return try importObjects(of: graph, into: image, target, client, work) {
                try folder.labels(frame: $0)
            }
        case .graph(let file):
            for words in file.notes { work.note(FileNote(path, .note(words))) }
            if file.labelProperty != nil {
                let check = PlaceCheck(of: file)
                return try importLinks(of: file.graph, into: image, target, client, check)
            }
            let matching = ObjectMatching(of: file)
            return try importLinks(matching, of: file.graph, into: image, target, client, work)
        case .trackMate(let file):
            try target.requireSame(file.movieFrameCount, file.size)
            if file.hiddenCount > 0 {
                let words =
                    "\(Wording.count(file.hiddenCount, "spot")) that TrackMate does not show left out"
                work.note(FileNote(path, .note(words)))
            }
            return try importSpots(of: file, into: image, target, client, work)
        }
    }

    /// Brings in the spots of TrackMate: as objects where all have outlines, else as links of the objects that are there.
    private func importSpots(
        of file: TrackMateFile,
        into image: Int64,
        _ target: ImportTarget,
        _ client: UUID,
        _ work: Work
    ) throws -> EditAnswer {
        guard file.isOutlined else {
            let matching = ObjectMatching(of: file, arePainted: false)
            return try importLinks(matching, of: file.graph, into: image, target, client, work)
        }
        let shape = target.entry.shape
        // Spots whose outline holds no pixel, and those behind the end of the movie, are found before anything changes.
        var matching = ObjectMatching(of: file, arePainted: true)
        for t in 0..<shape.t {
            try work.checkpoint()
            try matching.add(file.labels(frame: t, size: shape.size))
        }
        return try importObjects(of: matching.finish(), into: image, target, client, work) {
            file.labels(frame: $0, size: shape.size)
        }
    }

    /// Brings in objects with the numbers of their tracks as labels, and their mothers.
    private func importObjects(
        of graph: LineageGraph,
        into image: Int64,
        _ target: ImportTarget,
        _ client: UUID,
        _ work: Work,
        labels: (Int) throws -> LabelImage
    ) throws -> EditAnswer {
        // What continues after a gap is one track with the part before.
        let numbers = graph.trackNumbersByFrame()
        var parents: [UInt32: UInt32] = [:]
        for track in graph.tracks() { parents[track.number] = track.parent }
        var objects: [NewObject] = []
        for t in 0..<target.entry.shape.t {
            try work.advance(t, of: target.entry.shape.t)
            let labels = try labels(t).relabeled(numbers[t] ?? [:])
            objects += NewObject.all(in: labels, source: .imported, t: t, z: 0).map { object in
                var object = object
                object.parent = object.label.flatMap { parents[$0] }
                return object
            }
        }
        guard !objects.isEmpty else { throw ExchangeError.noObjects(labels: target.path) }
        return try apply(Gesture(.importLabels(objects, target.rule), client: client), to: image)
    }

    /// Links the objects of a movie as a graph says it, whose nodes are found by their places.
    private func importLinks(
        _ matching: ObjectMatching,
        of graph: LineageGraph,
        into image: Int64,
        _ target: ImportTarget,
        _ client: UUID,
        _ work: Work
    ) throws -> EditAnswer {
        guard try self.image(image).objectCount > 0 else {
            throw ExchangeError.noPixels(
                tracks: target.path,
                objects: graph.count,
                image: target.entry.name
            )
        }
        let count = target.entry.shape.t
        var matching = matching
        for t in 0..<count {
            try work.advance(t, of: count)
            try matching.add(labelImage(image: image, t: t))
        }
        return try importLinks(of: matching.finish(), into: image, target, client)
    }

    /// Links the objects of a movie as a graph says it, whose labels are theirs.
    ///
    /// - Parameter check: Where the nodes of the graph lie, if that is not known from the labels.
    private func importLinks(
        of graph: LineageGraph,
        into image: Int64,
        _ target: ImportTarget,
        _ client: UUID,
        _ check: PlaceCheck? = nil
    ) throws -> EditAnswer {
        let base = try current(image: image)
        let before = try lineage(image: image)
        let nodes = graph.nodes
        var names: [LineageNode.ID: LineageNode.ID] = [:]
        var check = check
        for node in nodes {
            guard let object = before.node(frame: node.frame, label: node.label) else { continue }
            names[node.id] = object.id
            check?.add(node, in: object.box)
        }
        guard !nodes.isEmpty, names.count == nodes.count else {
            throw ExchangeError.otherObjects(
                links: target.path,
                found: names.count,
                of: nodes.count,
                image: target.entry.name
            )
        }
        try check?.finish()
        let labels = try Editor.telling { () throws(LineageError) in
            let links = graph.links.compactMap { link in
                names[link.parent].flatMap { one in names[link.child].map { (one, $0) } }
            }
            return TrackLabels(from: before, to: try before.linked(links, .all)) { $0 }
        }
        return try apply(Gesture(.link(labels), client: client, base: base), to: image)
    }
}

/// What tracks are brought into.
private struct ImportTarget {
    /// The file or folder of the tracks.
    let path: String
    let entry: ImageEntry
    let rule: OverlapRule

    /// Throws unless tracks are those of a movie of the same extents, as far as they tell.
    func requireSame(_ count: Int?, _ size: Size?) throws(ExchangeError) {
        let shape = entry.shape
        guard count ?? shape.t == shape.t, size ?? shape.size == shape.size else {
            let found = size ?? shape.size
            throw .otherExtents(
                labels: path,
                found: "t \(count ?? shape.t), z 1, y \(found.height), x \(found.width)",
                image: entry.name,
                expected: shape.words
            )
        }
    }
}
