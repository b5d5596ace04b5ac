import Files
import GRDB
import Imaging
import Tracking

extension Editor {
    /// Does what an edit of tracks says.
    func track(_ edit: TrackEdit) throws -> String {
        if case .split(let node, let line, let width, let links) = edit {
            return try splitTrack(node, line, width, links)
        }
        let lineage = try lineage()
        let before = try Self.telling { () throws(LineageError) in try lineage.graph() }
        var names: [TrackNode: LineageNode] = [:]
        for node in edit.nodes {
            guard let found = before.node(frame: node.t, label: node.label) else {
                throw node.isUnknown(try object(node.label) != nil)
            }
            names[node] = found
        }
        let ids = edit.nodes.compactMap { names[$0]?.id }
        var after = before
        try Self.telling { () throws(LineageError) in
            for step in try steps(edit, ids, before) { try after.apply(step) }
        }
        let merged = edit.kind == .merge ? mergedNodes(ids, before, after) : [:]
        try write(
            try TrackLabels(from: before, to: after, merged: merged) { number in
                guard case .relabel(_, let label, _) = edit, number == label else {
                    return try newLabel()
                }
                guard try object(label) == nil else { throw ProjectError.labelTaken(label) }
                return try newLabel(label)
            }
        )
        return edit.words
    }

    /// Gives objects the labels of their tracks.
    func link(_ labels: TrackLabels) throws -> String {
        try image.shape.requireMovie()
        try write(labels)
        return "Link \(Wording.count(labels.labels.count, "object")) in time"
    }

    /// What an edit means for the graph.
    private func steps(
        _ edit: TrackEdit,
        _ ids: [LineageNode.ID],
        _ graph: LineageGraph
    ) throws(LineageError) -> [LineageEdit] {
        switch edit {
        case .connect(let one, let other):
            let order = one.t <= other.t ? ids : ids.reversed()
            return [.connect(order[0], to: order[1], replaces: true)]
        case .break(_, let scope): return [.break(ids[0], scope: scope)]
        case .swap(_, _, let scope): return [.swap(ids[0], ids[1], scope: scope)]
        case .divide: return [.divide(ids[0], into: Array(ids.dropFirst()))]
        case .merge(_, let scope): return [.merge(ids, scope: scope)]
        case .delete(_, let scope):
            // Nodes of one track may be named together, and are deleted with the first of them.
            var gone: Set<LineageNode.ID> = []
            var steps: [LineageEdit] = []
            var rest = graph
            for id in ids where !gone.contains(id) {
                let step = LineageEdit.delete(id, scope: scope, bridges: scope == .one)
                let there = Set(rest.nodes.map(\.id))
                try rest.apply(step)
                gone.formUnion(there.subtracting(rest.nodes.map(\.id)))
                steps.append(step)
            }
            return steps
        case .relabel(_, let label, let scope):
            var rest = graph
            var steps: [LineageEdit] = []
            if scope != .all {
                steps.append(.break(ids[0], scope: scope))
                try rest.apply(steps[0])
            }
            guard let number = rest.trackNumber(of: ids[0]) else {
                throw LineageError.unknownNode(ids[0])
            }
            return steps + [.renumber(number, to: label)]
        case .split: return []
        }
    }

    /// For nodes that a merge removed, the node that has their pixels: that of the first track which has one in the frame.
    private func mergedNodes(
        _ ids: [LineageNode.ID],
        _ before: LineageGraph,
        _ after: LineageGraph
    ) -> [LineageNode.ID: LineageNode.ID] {
        var places: [Int: LineageNode.ID] = [:]
        for id in ids {
            guard let number = before.trackNumber(of: id), let track = before.track(number) else {
                continue
            }
            for id in track.nodes {
                guard let frame = after[id]?.frame, places[frame] == nil else { continue }
                places[frame] = id
            }
        }
        var result: [LineageNode.ID: LineageNode.ID] = [:]
        for node in before.nodes where after[node.id] == nil {
            result[node.id] = places[node.frame]
        }
        return result
    }

    // MARK: - Writing

    /// Gives pixels and objects their new labels.
    func write(_ change: TrackLabels) throws {
        var maps: [Int: [UInt32: UInt32]] = [:]
        var sources: [UInt32: TrackNode] = [:]
        for (node, label) in change.labels {
            guard label < .max, image.shape.t > node.t else {
                throw ProjectError.badGesture("there is no label \(label) of time point \(node.t)")
            }
            maps[node.t, default: [:]][node.label] = label
            sources[label] = min(node, sources[label] ?? node)
        }
        // The objects that are there, before any of them changes.
        let late = try describe(sources, change)
        for (t, map) in maps { try relabel(map, t: t) }
        for (label, parent) in change.parents {
            guard var record = try object(label) else { continue }
            record.parent = parent == 0 ? late[label] : parent
            say(record)
        }
    }

    /// Says what is known of the objects that get new labels, and their labels to their daughters.
    ///
    /// An object that goes on as a whole keeps its name and its prompts; what is cut off from one does not.
    ///
    /// - Parameter sources: For each label, the first object that gets it.
    /// - Returns: For new labels, the mothers that are noted but are no links, of which the change cannot tell.
    private func describe(
        _ sources: [UInt32: TrackNode],
        _ change: TrackLabels
    ) throws -> [UInt32: UInt32] {
        var names: [UInt32: UInt32] = [:]
        var late: [UInt32: UInt32] = [:]
        for (label, source) in sources.sorted(by: { $0.key < $1.key }) where label != 0 {
            guard try object(label) == nil else { continue }
            let old = try named(source.label)
            var record = old
            record.label = try newLabel(label)
            record.parent = nil
            if try goesOn(source.label, as: label, change) {
                names[source.label] = label
                if let mother = try old.parent.flatMap({ try object($0) }),
                    mother.extent.t.upperBound > old.extent.t.lowerBound
                {
                    late[label] = mother.label
                    record.parent = mother.label
                }
            } else {
                (record.prompt, record.name) = (nil, nil)
            }
            say(record)
        }
        try renameMothers(names, except: Set(change.parents.keys))
        return late
    }

    /// Whether all pixels of an object get one label.
    private func goesOn(_ old: UInt32, as label: UInt32, _ change: TrackLabels) throws -> Bool {
        guard let extent = try before(old)?.record.extent else { return false }
        return try extent.addresses(of: image, store).allSatisfy { address in
            try partsBefore(address).part(of: old) == nil
                || change.labels[TrackNode(t: address.t, label: old)] == label
        }
    }

    /// Gives objects of a time point other labels, all at once.
    private func relabel(_ map: [UInt32: UInt32], t: Int) throws {
        for address in try tilesWithLabels(t: t) {
            if touchedTile(at: address) == nil {
                let parts = try partsBefore(address)
                guard map.keys.contains(where: { parts.part(of: $0) != nil }) else { continue }
            }
            try tile(address).relabel(map)
        }
    }

    /// The tiles of a time point that hold objects.
    private func tilesWithLabels(t: Int) throws -> Set<TileAddress> {
        let sql = "SELECT t, z, row, col FROM tile WHERE image = ? AND t = ?"
        let stored = try store.rows(sql, [image.id, t]).map { try store.address($0) }
        return Set(stored).union(touchedTiles.map(\.address).filter { $0.t == t })
    }

    /// Turns an error about the graph into one about the gesture.
    static func telling<Result>(
        _ body: () throws(LineageError) -> Result
    ) throws(ProjectError) -> Result {
        do throws(LineageError) {
            return try body()
        } catch {
            throw .badGesture(error.description)
        }
    }
}

extension TrackNode {
    fileprivate func isUnknown(_ hasObject: Bool) -> ProjectError {
        hasObject
            ? .badGesture("object \(label) has no pixels in time point \(t)")
            : .unknownObject(label)
    }
}

extension TrackEdit {
    /// What is done, for people.
    fileprivate var words: String {
        let labels = nodes.map { "\($0.label)" }
        let t = nodes[0].t
        switch self {
        case .connect(let one, let other):
            let (first, second) = one.t <= other.t ? (one, other) : (other, one)
            return "Connect track \(first.label) with \(second.label) at time point \(second.t)"
        case .break(let node, let scope):
            let place = [.past: "behind", .future: "before"][scope] ?? "around"
            return "Cut track \(node.label) \(place) time point \(t)"
        case .swap: return "Swap tracks \(labels[0]) and \(labels[1]) at time point \(t)"
        case .divide:
            let daughters = labels.dropFirst().joined(separator: " and ")
            return "Divide track \(labels[0]) into \(daughters)"
        case .merge: return "Merge tracks \(labels.joined(separator: " and ")) at time point \(t)"
        case .delete(let nodes, let scope):
            let place = [.past: " up to", .future: " from", .one: " at"][scope]
            let isOne = nodes.count == 1
            let what = isOne ? "track \(labels[0])" : Wording.count(nodes.count, "object")
            return "Delete \(what)" + (place.map { "\($0) time point \(t)" } ?? "")
        case .relabel(_, let label, _): return "Relabel track \(labels[0]) as \(label)"
        case .split: return "Split object \(labels[0]) at time point \(t)"
        }
    }
}
