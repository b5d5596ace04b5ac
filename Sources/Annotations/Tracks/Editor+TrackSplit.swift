import Imaging
import Tracking

extension Editor {
    /// Cuts an object of a time point along a line, and links its parts.
    ///
    /// What is found is stored instead of the wish to find it, so that the same gesture has the same effect with another linker.
    func splitTrack(
        _ node: TrackNode,
        _ line: [Point<OriginalPixels>],
        _ width: Double,
        _ links: TrackEdit.PartLinks
    ) throws -> String {
        try turn(t: node.t, z: 0)
        let first = nextLabel
        let words = try split(node.label, along: line, width: width, intoParts: true)
        guard nextLabel > first, !touchedTiles.isEmpty else { return "" }
        let parts = [node] + (first..<nextLabel).map { TrackNode(t: node.t, label: $0) }
        let lineage = try lineage()
        let before = try Self.telling { () throws(LineageError) in try lineage.graph() }
        let found: [TrackLink]
        switch links {
        case .given(let links): found = links
        case .window(let count):
            guard (0...10).contains(count) else {
                throw ProjectError.badGesture("a window has 0 to 10 time points, not \(count)")
            }
            found = count == 0 ? [] : try partLinks(parts, before, window: count)
        }
        resolved = .track(.split(node, line: line, width: width, .given(found)))
        var after = before
        try Self.telling { () throws(LineageError) in
            if !found.isEmpty { try after.relink(parts, found) }
        }
        try write(try TrackLabels(from: before, to: after) { _ in try newLabel() })
        try turn()
        return "\(words) at time point \(node.t)"
    }

    /// What a linker says of the parts, from the surroundings of the object in the time points around it.
    private func partLinks(
        _ parts: [TrackNode],
        _ graph: LineageGraph,
        window: Int
    ) throws -> [TrackLink] {
        let t = parts[0].t
        let frames = max(0, t - window)...min(image.shape.t - 1, t + window)
        let region = surroundings(parts.compactMap { graph.node(frame: $0.t, label: $0.label) })
        var movie: [LabelImage] = []
        for frame in frames {
            try turn(t: frame, z: 0)
            movie.append(try LabelImage(size: region.size, labels: labels(in: region)))
        }
        try turn(t: t, z: 0)
        let (detections, links) = try Linker.link(movie)
        let nodes = detections.map {
            TrackNode(t: $0.frame + frames.lowerBound, label: $0.label)
        }
        let wanted = Set(parts)
        return links.map { TrackLink(from: nodes[$0.source], to: nodes[$0.target]) }
            .filter { wanted.contains($0.from) || wanted.contains($0.to) }
    }

    /// The part of the image around some objects in which their neighbours lie.
    private func surroundings(_ nodes: [LineageNode]) -> Region {
        let boxes = nodes.map(\.box)
        let side = 3 * (boxes.map { max($0.width, $0.height) }.max() ?? 0)
        let x = max(0, (boxes.map(\.x).min() ?? 0) - side)
        let y = max(0, (boxes.map(\.y).min() ?? 0) - side)
        let endX = min(image.size.width, (boxes.map(\.endX).max() ?? 1) + side)
        let endY = min(image.size.height, (boxes.map(\.endY).max() ?? 1) + side)
        return Region(x: x, y: y, width: endX - x, height: endY - y)
    }
}

extension LineageGraph {
    /// Links the parts of an object anew.
    ///
    /// Only the links of the object itself are given up, and those that pass it by: an object before that was linked with one after, for want
    /// of a part between them. If no part gets a link in a direction, the first has that of the object again.
    fileprivate mutating func relink(
        _ parts: [TrackNode],
        _ links: [TrackLink]
    ) throws(LineageError) {
        let ids = parts.compactMap { node(frame: $0.t, label: $0.label)?.id }
        guard let kept = ids.first else { return }
        let (parent, children) = (parent(of: kept), children(of: kept))
        try apply(.break(kept, scope: .one))
        /// What came after a gap, and the part that fills it.
        var filled: [(part: LineageNode.ID, later: LineageNode.ID)] = []
        // Links to parts come first, because they free what lies behind a gap.
        for link in links.sorted(by: { $0.from.t < $1.from.t }) {
            guard let from = node(frame: link.from.t, label: link.from.label)?.id,
                let to = node(frame: link.to.t, label: link.to.label)?.id,
                self.parent(of: to) == nil
            else { continue }
            let others = self.children(of: from).filter { !ids.contains($0) }
            if !ids.contains(from) {
                guard others.allSatisfy({ (self[$0]?.frame ?? 0) > link.to.t }) else { continue }
                for later in others {
                    try apply(.break(later, scope: .future))
                    filled.append((to, later))
                }
            }
            try apply(.connect(from, to: to))
        }
        for (part, later) in filled where self.parent(of: later) == nil {
            try apply(.connect(part, to: later))
        }
        if let parent, !ids.contains(where: { self.parent(of: $0) != nil }) {
            try apply(.connect(parent, to: kept))
        }
        guard !ids.contains(where: { !self.children(of: $0).isEmpty }) else { return }
        for child in children { try apply(.connect(kept, to: child)) }
    }
}
