import Tracking

extension TrackMateReader {
    /// The links between spots, from earlier to later ones.
    ///
    /// Links of TrackMate have no direction: time tells it.
    ///
    /// - Parameters:
    ///   - numbers: The nodes of the spots.
    ///   - hidden: Spots that are left out, with their links.
    /// - Throws: ``TrackFileError`` for the first link that makes no lineage: to a spot that does not exist, within a frame, or to
    ///   a spot that has another parent.
    func links(
        among numbers: [Int: Int],
        without hidden: Set<Int>
    ) throws(TrackFileError) -> [(parent: LineageNode.ID, child: LineageNode.ID)] {
        let frames = Dictionary(spots.map { ($0.id, $0.frame) }) { first, _ in first }
        var parents: [Int: Int] = [:]
        var links: [(parent: LineageNode.ID, child: LineageNode.ID)] = []
        for edge in edges
        where !hidden.contains(edge.source) && !hidden.contains(edge.target) {
            let words = "a link from spot \(edge.source) to \(edge.target)"
            guard let one = frames[edge.source], let other = frames[edge.target] else {
                let missing = frames[edge.source] == nil ? edge.source : edge.target
                throw failure(
                    .unknownParent,
                    "\(words), but there is no spot \(missing)",
                    "save the file again in TrackMate"
                )
            }
            guard one != other else {
                throw failure(
                    .notForward,
                    "\(words), which both lie in frame \(one)",
                    "remove this link in TrackMate; links lead to later frames"
                )
            }
            let (parent, child) =
                one < other ? (edge.source, edge.target) : (edge.target, edge.source)
            if let known = parents.updateValue(parent, forKey: child), known != parent {
                throw failure(
                    .severalParents,
                    "spot \(child) of frame \(max(one, other)) comes from two spots, \(known) and \(parent)",
                    "remove one of these links in TrackMate; tracks that merge are not read"
                )
            }
            guard let from = numbers[parent], let to = numbers[child] else { continue }
            links.append((LineageNode.ID(from), LineageNode.ID(to)))
        }
        return links
    }
}
