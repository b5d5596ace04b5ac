import GRDB
import Imaging
public import Tracking

/// How good a linker said the links of a movie to be, as it is stored with the gesture that made the links.
///
/// Later edits change labels, but rarely pixels. Therefore an object is recognised by its time point, its area and the sum of its
/// coordinates; scores of an object whose pixels were changed are void.
public struct StoredLinkScores: Hashable, Sendable {
    /// An object in a time point, in JSON `[t, area, sum of y, sum of x]`.
    struct Place: Hashable {
        let t: Int
        let area: Int
        let sumY: Int
        let sumX: Int

        init(_ node: LineageNode) {
            let area = Double(node.area)
            (t, self.area) = (node.frame, node.area)
            // A centroid is a sum by an area, so these are whole numbers but for rounding.
            sumY = Int(exactly: (node.centroid.y * area).rounded()) ?? 0
            sumX = Int(exactly: (node.centroid.x * area).rounded()) ?? 0
        }
    }

    /// A link by positions in the list of objects, and its score in thousandths; in JSON a list of these.
    struct ScoredPair: Hashable {
        let parent: Int
        let child: Int
        let score: Int
    }

    private(set) var places: [Place] = []
    private(set) var pairs: [ScoredPair] = []
    private(set) var margin = Linker.clearMargin

    /// No scores.
    public init() {}

    /// Takes the scores of a linker.
    ///
    /// - Parameter graph: The objects of the movie.
    public init(_ scores: LinkScores, in graph: LineageGraph) {
        margin = scores.margin
        var positions: [LineageNode.ID: Int] = [:]
        func position(_ id: LineageNode.ID) -> Int? {
            if let known = positions[id] { return known }
            guard let node = graph[id] else { return nil }
            positions[id] = places.count
            places.append(Place(node))
            return places.count - 1
        }
        for link in scores.links {
            guard let parent = position(link.parent), let child = position(link.child),
                let score = Int(exactly: (link.score * 1000).rounded())
            else { continue }
            pairs.append(ScoredPair(parent: parent, child: child, score: score))
        }
    }

    /// The scores of those links whose objects are still the same; nil if there are none.
    func scores(in graph: LineageGraph) -> LinkScores? {
        guard !pairs.isEmpty else { return nil }
        let ids = Dictionary(graph.nodes.map { (Place($0), $0.id) }) { first, _ in first }
        let found = places.map { ids[$0] }
        var result = LinkScores(margin: margin)
        for pair in pairs {
            guard let parent = found[pair.parent], let child = found[pair.child] else { continue }
            let score = Double(pair.score) / 1000
            result.links.append(ScoredLink(parent: parent, child: child, score: score))
        }
        return result
    }
}

extension StoredLinkScores: Codable {
    private enum Key: String, CodingKey {
        case places, links, margin
    }

    /// Reads the JSON form.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        let places = try values.decode([[Int]].self, forKey: .places)
        let links = try values.decode([[Int]].self, forKey: .links)
        margin = try values.decode(Double.self, forKey: .margin)
        let range = places.indices
        guard places.allSatisfy({ $0.count == 4 }),
            links.allSatisfy({
                $0.count == 3 && range.contains($0[0]) && range.contains($0[1])
            })
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .links,
                in: values,
                debugDescription:
                    "a place has four numbers, and a link two of the places and a score"
            )
        }
        self.places = places.map { Place(t: $0[0], area: $0[1], sumY: $0[2], sumX: $0[3]) }
        pairs = links.map { ScoredPair(parent: $0[0], child: $0[1], score: $0[2]) }
    }

    /// Writes the JSON form.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(places.map { [$0.t, $0.area, $0.sumY, $0.sumX] }, forKey: .places)
        try values.encode(pairs.map { [$0.parent, $0.child, $0.score] }, forKey: .links)
        try values.encode(margin, forKey: .margin)
    }
}

extension StoredLinkScores.Place {
    fileprivate init(t: Int, area: Int, sumY: Int, sumX: Int) {
        (self.t, self.area, self.sumY, self.sumX) = (t, area, sumY, sumX)
    }
}

extension Project {
    /// What the last linker said of the links of a movie as it is now; nil if it said nothing.
    func linkScores(image: Int64, in graph: LineageGraph) throws(ProjectError) -> LinkScores? {
        try read { store in
            try store.linkScores(of: try store.image(image)).scores(in: graph)
        }
    }
}

extension Store {
    /// What the last gesture that linked objects says of links; nothing if it was no linker, or there is none.
    func linkScores(of image: ImageRecord) throws -> StoredLinkScores {
        let sql = """
            WITH RECURSIVE line (id, parent, kind) AS (
                SELECT id, parent, kind FROM edit WHERE id = ?
                UNION ALL
                SELECT edit.id, edit.parent, edit.kind FROM edit JOIN line ON edit.id = line.parent
            ) SELECT id FROM line WHERE kind = ? LIMIT 1
            """
        let kind = Gesture.Action.Kind.link.rawValue
        guard let row = try row(sql, [image.current, kind]),
            case .link(let labels) = try gesture(row.value(0)).action
        else { return StoredLinkScores() }
        return labels.scores ?? StoredLinkScores()
    }
}
