/// What has to be done to a result to make it the truth, when both are graphs of objects and links (AOGM).
///
/// - Source: Matula et al., Cell tracking accuracy measurement based on comparison of acyclic oriented graphs (PLoS ONE 10,
///   e0144959, 2015), with the weights of the Cell Tracking Challenge.
public struct GraphCorrections: Hashable, Codable, Sendable {
    /// NS: objects that have to be split off from predicted ones that cover several.
    public var splits = 0

    /// FN: true objects without a match.
    public var missingObjects = 0

    /// FP: predicted objects that match nothing.
    public var superfluousObjects = 0

    /// ED: links between matched objects that the truth does not have.
    public var superfluousLinks = 0

    /// EA: true links that are not there.
    public var missingLinks = 0

    /// EC: links within a track that should lead from a mother to a daughter, or the other way round.
    public var wrongLinks = 0

    /// Number of true objects, over all frames.
    public var objectCount = 0

    /// Number of true links, within tracks and from parents to children.
    public var linkCount = 0

    /// The weighted sum of all corrections (AOGM).
    public var cost: Double { objectCost + linkCost }

    /// What it costs to make the truth from nothing (AOGM-0).
    public var costFromNothing: Double { objectCostFromNothing + linkCostFromNothing }

    /// Detection accuracy (DET), 0...1; nil if there are no true objects.
    public var detection: Double? { Self.ratio(objectCost, objectCostFromNothing) }

    /// Tracking accuracy (TRA), 0...1; nil if there are no true objects.
    public var tracking: Double? { Self.ratio(cost, costFromNothing) }

    /// Linking accuracy (LNK), 0...1; nil if there are no true links, as in a single frame.
    public var linking: Double? { Self.ratio(linkCost, linkCostFromNothing) }

    private var objectCost: Double {
        Double(5 * splits + 10 * missingObjects + superfluousObjects)
    }
    private var linkCost: Double {
        Double(superfluousLinks + wrongLinks) + 1.5 * Double(missingLinks)
    }
    private var objectCostFromNothing: Double { Double(10 * objectCount) }
    private var linkCostFromNothing: Double { 1.5 * Double(linkCount) }

    private static func ratio(_ cost: Double, _ worst: Double) -> Double? {
        worst == 0 ? nil : 1 - min(cost, worst) / worst
    }
}

extension GraphCorrections {
    /// A link between two true objects.
    private struct Link: Hashable {
        let source: UInt32
        let sourceFrame: Int
        let target: UInt32
        let targetFrame: Int
    }

    /// Counts the corrections.
    init(_ match: MatchedTracks) {
        for frame in match.frames {
            objectCount += frame.truth.count
            missingObjects += frame.truth.count - frame.pairs.count
            superfluousObjects += frame.result.count - frame.coverage.count
            splits += frame.pairs.count - frame.coverage.count
        }
        // Whether each true link leads from a parent to its child.
        var links: [Link: Bool] = [:]
        for (link, isBirth) in Self.links(of: match.truth) { links[link] = isBirth }
        linkCount = links.count
        missingLinks = links.count
        for (link, isBirth) in Self.links(of: match.result) {
            // Links at objects that are missing, superfluous or to be split go with them.
            guard let source = match.unique[link.sourceFrame][link.source],
                let target = match.unique[link.targetFrame][link.target]
            else { continue }
            let image = Link(
                source: source,
                sourceFrame: link.sourceFrame,
                target: target,
                targetFrame: link.targetFrame
            )
            guard let expected = links[image] else {
                superfluousLinks += 1
                continue
            }
            missingLinks -= 1
            if expected != isBirth { wrongLinks += 1 }
        }
    }

    /// The links within tracks, over gaps too, and those from parents to children.
    private static func links(of set: TrackSet) -> [(Link, isBirth: Bool)] {
        var links: [(Link, isBirth: Bool)] = []
        for track in set.tracks {
            if let parent = track.parent.map({ set.tracks[$0] }) {
                let link = Link(
                    source: parent.id,
                    sourceFrame: parent.last,
                    target: track.id,
                    targetFrame: track.first
                )
                links.append((link, isBirth: true))
            }
            for (frame, next) in zip(track.frames, track.frames.dropFirst()) {
                let link = Link(
                    source: track.id,
                    sourceFrame: frame,
                    target: track.id,
                    targetFrame: next
                )
                links.append((link, isBirth: false))
            }
        }
        return links
    }
}
