public import Foundation
import Imaging
public import Prompting
public import Tracking

/// Which links of a movie a linker makes.
public enum LinkingExtent: String, Hashable, Codable, Sendable, CaseIterable {
    /// Those of objects that have none in a direction; what is linked stays.
    case loose
    /// All; tracks that are there are given up.
    case all
}

extension Project {
    /// Links the objects of a movie from time point to time point by overlap, distance, shape and motion: one gesture, which can be undone.
    ///
    /// What the linker says of the links is stored with the gesture, for ``trackSuspicions(image:)``. One time point is in memory at
    /// a time. Shapes do not change, so locked objects are linked, too.
    ///
    /// - Parameters:
    ///   - image: The movie.
    ///   - extent: Which links are made.
    ///   - options: How objects are linked.
    ///   - client: Who asks.
    ///   - work: Is told of the time points, and may be cancelled between them.
    /// - Throws: ``ProjectError/conflict(_:)`` if somebody changed the labels meanwhile; ``ProjectError/badGesture(_:)`` unless the image is a
    ///   movie of one slice; `LinkingError`; `CancellationError`.
    public func linkTracks(
        _ image: Int64,
        _ extent: LinkingExtent = .loose,
        options: Linker.Options = Linker.Options(),
        client: UUID,
        _ work: Work = Work()
    ) throws -> EditAnswer {
        let base = try current(image: image)
        let shape = try self.image(image).entry.shape
        let before = try lineage(image: image)
        var linker = try Linker(options)
        var nodes: [LineageNode.ID] = []
        var links: [Link] = []
        var scores = LinkScores(margin: Linker.clearMargin)
        for t in 0..<shape.t {
            try work.advance(t, of: shape.t)
            let frame = try linker.add(labelImage(image: image, t: t))
            nodes += frame.detections.map {
                before.node(frame: t, label: $0.label)?.id ?? LineageNode.ID(-1)
            }
            links += frame.links
            scores.links += frame.candidates.map {
                ScoredLink(
                    parent: nodes[$0.link.source],
                    child: nodes[$0.link.target],
                    score: $0.weight
                )
            }
        }
        links += linker.finish()
        try work.advance(shape.t, of: shape.t)
        let found = links.map { (parent: nodes[$0.source], child: nodes[$0.target]) }
        let labels = try Editor.telling { () throws(LineageError) in
            let after = try before.linked(found, extent)
            var labels = TrackLabels(from: before, to: after) { $0 }
            labels.scores = StoredLinkScores(scores, in: before)
            return labels
        }
        return try apply(Gesture(.link(labels), client: client, base: base), to: image)
    }
}

extension LineageGraph {
    /// The same objects with links of a linker.
    ///
    /// Tracks have the label of their first object as number where no earlier one has it.
    func linked(
        _ found: [(parent: LineageNode.ID, child: LineageNode.ID)],
        _ extent: LinkingExtent
    ) throws(LineageError) -> LineageGraph {
        var links = found
        if extent == .loose {
            let loose = found.filter {
                parent(of: $0.child) == nil && children(of: $0.parent).isEmpty
            }
            links = self.links + loose
        }
        let nodes = nodes
        let linked = try LineageGraph(nodes: nodes, links: links)
        var used: Set<UInt32> = []
        var next = nodes.map(\.label).max() ?? 0
        var numbers: [LineageNode.ID: UInt32] = [:]
        let heads = linked.tracks().compactMap { self[$0.nodes[0]] }
            .sorted { ($0.frame, $0.label) < ($1.frame, $1.label) }
        for head in heads {
            let isFree = used.insert(head.label).inserted
            if !isFree { next += 1 }
            numbers[head.id] = isFree ? head.label : next
        }
        return try LineageGraph(nodes: nodes, links: links, numbers: numbers)
    }
}
