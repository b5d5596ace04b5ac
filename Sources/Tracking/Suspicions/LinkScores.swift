/// A link that was possible, and how good it was said to be.
public struct ScoredLink: Hashable, Codable, Sendable {
    /// The earlier object.
    public var parent: LineageNode.ID

    /// The later object.
    public var child: LineageNode.ID

    /// The score; greater is better.
    public var score: Double

    /// Describes a link.
    public init(parent: LineageNode.ID, child: LineageNode.ID, score: Double) {
        (self.parent, self.child, self.score) = (parent, child, score)
    }
}

/// How good a linker said links to be: for each object the chosen one, and the best other one.
public struct LinkScores: Hashable, Codable, Sendable {
    /// The links.
    public var links: [ScoredLink]

    /// A link is clear if its score is better than that of the best other one by at least so much.
    public var margin: Double

    /// Collects links.
    public init(_ links: [ScoredLink] = [], margin: Double) {
        (self.links, self.margin) = (links, margin)
    }

    /// Adds the candidates of a linker, whose positions are the names of nodes.
    public mutating func add(_ candidates: [CandidateEdge]) {
        links += candidates.map {
            ScoredLink(
                parent: LineageNode.ID($0.link.source),
                child: LineageNode.ID($0.link.target),
                score: $0.weight
            )
        }
    }
}

extension LineageGraph {
    /// The places that are worth a look, with those of a linker's scores.
    ///
    /// - Parameters:
    ///   - limits: What still counts as usual; of links, the scores say it.
    ///   - scores: What a linker said of links; nil for none.
    ///   - noted: Mothers that could not be linked with their daughters.
    public func suspicions(
        _ limits: SuspicionLimits = SuspicionLimits(),
        _ scores: LinkScores?,
        noted: [NotedMother] = []
    ) -> [LineageSuspicion] {
        var limits = limits
        limits.margin = scores?.margin ?? limits.margin
        return suspicions(limits, scores: scores?.links ?? [], noted: noted)
    }
}

extension [CandidateEdge] {
    /// Of the links to each detection, the chosen one and the best other one.
    ///
    /// - Parameter links: The links that were chosen.
    public func bestTwo(chosen links: [Link]) -> [CandidateEdge] {
        let chosen = Set(links)
        var others: [Int: CandidateEdge] = [:]
        var result: [CandidateEdge] = []
        for edge in self {
            if chosen.contains(edge.link) {
                result.append(edge)
            } else if others[edge.link.target].map({ $0.weight < edge.weight }) ?? true {
                others[edge.link.target] = edge
            }
        }
        return result + others.values.sorted { $0.link.target < $1.link.target }
    }
}
