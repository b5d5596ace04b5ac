import Tracking

extension TrackLabels {
    /// The labels that lead from one graph to another one with the same names of nodes.
    ///
    /// Tracks that keep their number keep their label, and new ones get a new label. Objects that are gone are removed, or
    /// become part of another one.
    ///
    /// - Parameters:
    ///   - merged: For nodes that are gone, the node that has their pixels now.
    ///   - free: A label that no object has had; it is asked for once for each new track.
    init(
        from before: LineageGraph,
        to after: LineageGraph,
        merged: [LineageNode.ID: LineageNode.ID] = [:],
        free: (_ number: UInt32) throws -> UInt32
    ) rethrows {
        self.init()
        let (old, new) = (TrackNumbers(before), TrackNumbers(after))
        var labels: [UInt32: UInt32] = [:]
        for number in new.mothers.keys.sorted() where old.mothers[number] == nil {
            labels[number] = try free(number)
        }
        func label(_ number: UInt32) -> UInt32 { labels[number] ?? number }
        for node in before.nodes {
            let number = new[node.id] ?? merged[node.id].flatMap { new[$0] }
            guard number != old[node.id] else { continue }
            let target = number.map(label) ?? 0
            if target != node.label {
                self.labels[TrackNode(t: node.frame, label: node.label)] = target
            }
        }
        for (number, mother) in new.mothers where old.mothers[number] != mother {
            parents[label(number)] = mother.map(label) ?? 0
        }
    }
}

/// The numbers of the tracks of a graph.
private struct TrackNumbers {
    /// Those of the nodes by their names; 0 where there is none.
    private var numbers: [UInt32]

    /// For each track its mother; nil for none.
    var mothers: [UInt32: UInt32?] = [:]

    init(_ graph: LineageGraph) {
        numbers = [UInt32](repeating: 0, count: graph.nextID.number)
        for track in graph.tracks() {
            for id in track.nodes { numbers[id.number] = track.number }
            mothers.updateValue(track.parent, forKey: track.number)
        }
    }

    /// The number of the track of a node; nil if there is no such node.
    subscript(id: LineageNode.ID) -> UInt32? {
        numbers.indices.contains(id.number) && numbers[id.number] != 0 ? numbers[id.number] : nil
    }
}
