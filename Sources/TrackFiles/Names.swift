import Tracking

/// The numbers that nodes have in a graph, by the names that they have in a file.
enum Names {
    /// The names themselves where they are small enough, and else their places in order.
    ///
    /// - Throws: ``TrackFileError`` of kind `usedTwice` if a name comes twice.
    static func numbers<Name: FixedWidthInteger>(
        of names: [Name],
        path: String
    ) throws(TrackFileError) -> [Name: Int] {
        let sorted = names.sorted()
        if let (one, _) = zip(sorted, sorted.dropFirst()).first(where: { $0 == $1 }) {
            throw TrackFileError(
                .usedTwice,
                path: path,
                "two objects have the number \(one)",
                advice: "every object has a number of its own"
            )
        }
        let limit = 4 * sorted.count + 65_536
        let isSmall = (sorted.first ?? 0) >= 0 && (sorted.last.map { $0 < limit } ?? true)
        return Dictionary(
            uniqueKeysWithValues: sorted.enumerated().map { ($1, isSmall ? Int($1) : $0) }
        )
    }

    /// Labels for the objects of a file: those that it gives if they are labels, else 1, 2, … in each frame, in the order of the objects.
    ///
    /// - Parameters:
    ///   - given: The labels that the file gives; nil where it gives none.
    ///   - frames: The frames of the objects.
    static func labels(
        _ given: [Int?],
        frames: [Int]
    ) -> (labels: [UInt32], areGiven: Bool) {
        let labels = given.compactMap { $0.flatMap { UInt32(exactly: $0) } }
        let places = Set(zip(frames, labels).map { [$0, Int($1)] })
        if labels.count == frames.count, !labels.contains(0), places.count == frames.count {
            return (labels, true)
        }
        var counts: [Int: UInt32] = [:]
        let counted = frames.map { frame in
            counts[frame, default: 0] += 1
            return counts[frame] ?? 0
        }
        return (counted, false)
    }

    /// A graph whose tracks have the numbers that the file gives their first objects, if there is a number of its own for each.
    ///
    /// - Throws: ``TrackFileError`` if this is no lineage.
    static func graph(
        _ nodes: [LineageNode],
        _ links: [(parent: LineageNode.ID, child: LineageNode.ID)],
        tracks given: [Int?]?,
        path: String
    ) throws(TrackFileError) -> LineageGraph {
        do throws(LineageError) {
            let graph = try LineageGraph(nodes: nodes, links: links)
            guard let given else { return graph }
            var byNode: [LineageNode.ID: UInt32] = [:]
            for (node, number) in zip(nodes, given) {
                byNode[node.id] = number.flatMap { UInt32(exactly: $0) }
            }
            var firsts: [LineageNode.ID: UInt32] = [:]
            for track in graph.tracks() {
                guard let number = byNode[track.nodes[0]], number != 0 else { return graph }
                firsts[track.nodes[0]] = number
            }
            guard Set(firsts.values).count == firsts.count else { return graph }
            return try LineageGraph(nodes: nodes, links: links, numbers: firsts)
        } catch {
            throw TrackFileError(error, path: path)
        }
    }
}
