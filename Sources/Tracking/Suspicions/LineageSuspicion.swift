import Imaging

/// A place of a lineage that is worth a look.
public struct LineageSuspicion: Hashable, Codable, Sendable {
    /// What is unusual there; in the order in which places are listed.
    public enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
        /// A mother ends after her daughter begins, so the division is lost: she was painted too far, or the daughter too early.
        case lateMother
        /// An object divides into three or more.
        case manyDaughters
        /// Another link would have been almost as good as the one that was chosen, or better: from another object, or to one that
        /// comes from nowhere.
        case closeSecond
        /// An object is far from where it was.
        case jump
        /// An object is much larger or smaller than it was, or than its daughters together.
        case sizeChange
        /// A track of few frames that neither the beginning nor the end of the movie cuts short.
        case shortTrack
    }

    /// What is unusual.
    public var kind: Kind

    /// The object that it is about: the last of a late mother, the mother of many, the later one of a link, the first of a short track.
    public var node: LineageNode.ID

    /// Its frame.
    public var frame: Int

    /// Its track.
    public var track: UInt32

    /// Others that it is about: the first of the daughter, the daughters, the earlier one of a link and what might have been instead of it, the last of a short track.
    public var others: [LineageNode.ID]

    /// How unusual it is, at least 1: the number that was measured as a multiple of what is still usual.
    public var excess: Double
}

/// What still counts as usual.
public struct SuspicionLimits: Hashable, Codable, Sendable {
    /// Tracks of at least so many objects are not short.
    public var shortestTrack = 3

    /// An object that moves within a frame by up to so many times what is usual has not jumped.
    ///
    /// What is usual is the median over all links. A step that is shorter than the object is wide is no jump, either.
    public var jump = 5.0

    /// Sizes that differ by up to this factor are the same.
    public var sizeFactor = 2.0

    /// A link is clear if its score is better than that of the best other one by at least so much.
    public var margin = 0.1

    /// Creates the default limits.
    public init() {}
}

extension LineageGraph {
    /// The places that are worth a look.
    ///
    /// They are ordered by kind, and within a kind from the most unusual to the least; equally unusual ones by frame and
    /// label. One object may be listed several times.
    ///
    /// Cost: a look at each node and each score.
    ///
    /// - Parameters:
    ///   - limits: What still counts as usual.
    ///   - scores: The links that were possible, for close seconds. Those of objects that are not in the graph are passed over.
    ///   - noted: Mothers that could not be linked with their daughters.
    public func suspicions(
        _ limits: SuspicionLimits = SuspicionLimits(),
        scores: [ScoredLink] = [],
        noted: [NotedMother] = []
    ) -> [LineageSuspicion] {
        let search = SuspicionSearch(graph: self, limits: limits)
        let found =
            search.lateMothers(noted) + search.manyDaughters() + search.closeSeconds(scores)
            + search.jumps() + search.sizeChanges() + search.shortTracks()
        let ranks = Dictionary(
            uniqueKeysWithValues: LineageSuspicion.Kind.allCases.enumerated().map { ($1, $0) }
        )
        func key(_ place: LineageSuspicion) -> (Int, Double, Int, UInt32) {
            (ranks[place.kind] ?? 0, -place.excess, place.frame, self[place.node]?.label ?? 0)
        }
        return found.sorted { key($0) < key($1) }
    }
}

/// Looks for one kind after the other.
private struct SuspicionSearch {
    let graph: LineageGraph
    let limits: SuspicionLimits
    private let numbers: [UInt32]

    init(graph: LineageGraph, limits: SuspicionLimits) {
        (self.graph, self.limits) = (graph, limits)
        numbers = graph.numbersOfNodes()
    }

    private func place(
        _ kind: LineageSuspicion.Kind,
        _ node: LineageNode,
        _ others: [LineageNode.ID],
        _ excess: Double
    ) -> LineageSuspicion {
        LineageSuspicion(
            kind: kind,
            node: node.id,
            frame: node.frame,
            track: numbers[node.id.number],
            others: others,
            excess: excess
        )
    }

    func lateMothers(_ noted: [NotedMother]) -> [LineageSuspicion] {
        noted.compactMap { pair in
            guard let mother = graph[pair.mother], let daughter = graph[pair.daughter],
                daughter.frame <= mother.frame
            else { return nil }
            let frames = Double(mother.frame - daughter.frame + 1)
            return place(.lateMother, mother, [daughter.id], frames)
        }
    }

    func manyDaughters() -> [LineageSuspicion] {
        graph.slots.compactMap { slot in
            guard let slot, slot.children.count > 2 else { return nil }
            let daughters = slot.children.map { LineageNode.ID($0) }
            return place(.manyDaughters, slot.node, daughters, Double(daughters.count) / 2)
        }
    }

    func closeSeconds(_ scores: [ScoredLink]) -> [LineageSuspicion] {
        guard limits.margin > 0 else { return [] }
        var chosen: [LineageNode.ID: Double] = [:]
        var second: [LineageNode.ID: (score: Double, node: LineageNode.ID)] = [:]
        func consider(_ score: Double, _ node: LineageNode.ID, insteadOf child: LineageNode.ID) {
            if second[child].map({ $0.score < score }) ?? true { second[child] = (score, node) }
        }
        for link in scores where graph[link.parent] != nil && graph[link.child] != nil {
            guard link.score.isFinite else { continue }
            if let parent = graph.parent(of: link.child) {
                if parent == link.parent {
                    chosen[link.child] = max(chosen[link.child] ?? -.infinity, link.score)
                } else {
                    consider(link.score, link.parent, insteadOf: link.child)
                }
            } else {
                // The object might have become this one, which comes from nowhere.
                let children = graph.children(of: link.parent)
                if children.count == 1 {
                    consider(link.score, link.child, insteadOf: children[0])
                }
            }
        }
        return second.compactMap { child, other in
            guard let score = chosen[child], let node = graph[child],
                let parent = graph.parent(of: child), score - other.score < limits.margin
            else { return nil }
            let excess = 1 + (limits.margin - (score - other.score)) / limits.margin
            return place(.closeSecond, node, [parent, other.node], excess)
        }
    }

    /// All links with the distance that a frame takes.
    private func steps() -> [(mother: LineageNode, node: LineageNode, step: Double)] {
        graph.slots.compactMap { slot in
            guard let slot, let mother = slot.parent.flatMap({ graph.slots[$0] })?.node else {
                return nil
            }
            let (x, y) = (
                slot.node.centroid.x - mother.centroid.x, slot.node.centroid.y - mother.centroid.y
            )
            let frames = Double(slot.node.frame - mother.frame)
            return (mother, slot.node, (x * x + y * y).squareRoot() / frames)
        }
    }

    func jumps() -> [LineageSuspicion] {
        let steps = steps()
        let sorted = steps.map(\.step).sorted()
        guard !sorted.isEmpty else { return [] }
        let median = sorted[sorted.count / 2]
        return steps.compactMap { mother, node, step in
            let diameter = 2 * (Double(max(mother.area, 1)) / .pi).squareRoot()
            let limit = max(limits.jump * median, diameter)
            return step > limit ? place(.jump, node, [mother.id], step / limit) : nil
        }
    }

    func sizeChanges() -> [LineageSuspicion] {
        guard limits.sizeFactor > 0 else { return [] }
        return graph.slots.compactMap { slot in
            guard let slot, slot.node.area > 0 else { return nil }
            let children = slot.children.compactMap { graph.slots[$0]?.node }
            let area = children.reduce(0) { $0 + $1.area }
            guard let first = children.first, area > 0 else { return nil }
            let ratio = Double(area) / Double(slot.node.area)
            let factor = max(ratio, 1 / ratio)
            guard factor > limits.sizeFactor else { return nil }
            let others = [slot.node.id] + children.dropFirst().map(\.id)
            return place(.sizeChange, first, others, factor / limits.sizeFactor)
        }
    }

    func shortTracks() -> [LineageSuspicion] {
        guard let frames = graph.frames else { return [] }
        return graph.tracks().compactMap { track in
            guard track.nodes.count < limits.shortestTrack,
                track.frames.lowerBound > frames.lowerBound,
                track.frames.upperBound < frames.upperBound,
                let first = graph[track.nodes[0]]
            else { return nil }
            let excess = Double(limits.shortestTrack) / Double(track.nodes.count)
            return place(.shortTrack, first, Array(track.nodes.suffix(1)), excess)
        }
    }
}
