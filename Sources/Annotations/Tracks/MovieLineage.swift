import GRDB
import Imaging
import Tracking

/// The tracks of a movie as they are in the tiles of a project: its objects by time point, and a graph of them.
///
/// Cost: a look at what each tile holds of each object; no pixels are read.
struct MovieLineage {
    /// What an object is in each of its time points.
    struct Object {
        var parts: [Int: ObjectExtent] = [:]
        var parent: UInt32?
    }

    /// The objects by label.
    var objects: [UInt32: Object] = [:]

    /// Adds what a tile holds.
    mutating func add(_ parts: [TilePart], at address: TileAddress, only: Set<UInt32>? = nil) {
        for part in parts where only?.contains(part.label) ?? true {
            objects[part.label, default: Object()].parts[address.t, default: ObjectExtent()]
                .add(part, at: address)
        }
    }

    /// The mother of a track: the one that is noted, as long as she ends before the track begins.
    func mother(of label: UInt32) -> UInt32? {
        guard let object = objects[label], let parent = object.parent, parent != label,
            let first = object.parts.keys.min(),
            let last = objects[parent]?.parts.keys.max(), last < first
        else { return nil }
        return parent
    }

    /// The mothers that are noted, but are still there when their daughters begin.
    ///
    /// - Parameter graph: That of these tracks.
    func lateMothers(in graph: LineageGraph) -> [NotedMother] {
        objects.sorted { $0.key < $1.key }.compactMap { label, object in
            guard let parent = object.parent, mother(of: label) == nil,
                let first = object.parts.keys.min(),
                let last = objects[parent]?.parts.keys.max(),
                let begin = graph.node(frame: first, label: label)?.id,
                let end = graph.node(frame: last, label: parent)?.id
            else { return nil }
            return NotedMother(mother: end, daughter: begin)
        }
    }

    /// The graph, in which each track has the label of its objects as number.
    ///
    /// The only daughter of a mother goes on with her track there, though her label is her own.
    func graph() throws(LineageError) -> LineageGraph {
        var places = objects.flatMap { label, object in
            object.parts.keys.map { TrackNode(t: $0, label: label) }
        }
        places.sort()
        var nodes: [LineageNode] = []
        nodes.reserveCapacity(places.count)
        var links: [(parent: LineageNode.ID, child: LineageNode.ID)] = []
        var firsts: [LineageNode.ID: UInt32] = [:]
        var lasts: [UInt32: LineageNode.ID] = [:]
        for place in places {
            let (id, label) = (LineageNode.ID(nodes.count), place.label)
            guard let extent = objects[label]?.parts[place.t] else { continue }
            nodes.append(LineageNode(id: id, t: place.t, label: label, extent))
            if let before = lasts.updateValue(id, forKey: label) {
                links.append((before, id))
            } else {
                firsts[id] = label
                // The mother's last object has come before.
                if let parent = mother(of: label).flatMap({ lasts[$0] }) {
                    links.append((parent, id))
                }
            }
        }
        return try LineageGraph(nodes: nodes, links: links, numbers: firsts)
    }
}

extension LineageNode {
    init(id: ID, t: Int, label: UInt32, _ extent: ObjectExtent) {
        let area = Double(max(extent.area, 1))
        self.init(
            id: id,
            frame: t,
            label: label,
            centroid: Point(x: Double(extent.sumX) / area, y: Double(extent.sumY) / area),
            area: extent.area,
            box: Region(
                x: extent.x.lowerBound,
                y: extent.y.lowerBound,
                width: extent.x.count,
                height: extent.y.count
            )
        )
    }
}

extension ImageShape {
    /// Throws unless there are several time points of one slice, which is what has tracks.
    ///
    /// - Throws: ``ProjectError/badGesture(_:)``.
    public func requireMovie() throws(ProjectError) {
        guard t > 1, z == 1 else {
            throw .badGesture(
                "tracks belong to movies of one slice; this image has \(t) time points and \(z) slices"
            )
        }
    }
}

extension Store {
    /// The objects of a movie in all time points, with their mothers.
    ///
    /// - Parameters:
    ///   - only: The objects to look at; nil for all. Those of mothers are missing unless they are among them.
    ///   - receive: Given what each tile holds; returns whether it counts.
    func lineage(
        of image: ImageRecord,
        only: Set<UInt32>? = nil,
        telling receive: (TileAddress, [TilePart]) -> Bool = { _, _ in true }
    ) throws -> MovieLineage {
        var lineage = MovieLineage()
        let sql = """
            SELECT tile.t, tile.z, tile.row, tile.col, blob.parts FROM tile
            JOIN blob ON blob.id = tile.blob WHERE tile.image = ?
            """
        for row in try rows(sql, [image.id]) {
            let address = try address(row)
            guard let parts = [TilePart](bytes: try row.bytes(4)) else { throw row.wrong(4) }
            if receive(address, parts) { lineage.add(parts, at: address, only: only) }
        }
        for (label, mother) in try mothers(of: image.id) {
            lineage.objects[label]?.parent = mother
        }
        return lineage
    }
}

extension Editor {
    /// The tracks as they are now, with what the gesture has changed so far.
    func lineage() throws -> MovieLineage {
        try image.shape.requireMovie()
        let touched = touchedTiles
        let places = Set(touched.map(\.address))
        var lineage = try store.lineage(of: image) { address, parts in
            keep(parts, at: address)
            return !places.contains(address)
        }
        guard !touched.isEmpty else { return lineage }
        for tile in touched { lineage.add([TilePart](of: tile.labels), at: tile.address) }
        for label in lineage.objects.keys {
            lineage.objects[label]?.parent = try object(label)?.parent
        }
        return lineage
    }
}
