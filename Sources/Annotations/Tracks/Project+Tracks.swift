import Imaging
public import Tracking

/// A track of a movie: an object with its places in time.
public struct MovieTrack: Hashable, Sendable {
    /// An object in a time point.
    public struct Place: Hashable, Sendable {
        /// The time point.
        public var t: Int
        /// The middle of its pixels; (0, 0) is the centre of the first pixel.
        public var y: Double
        /// The middle of its pixels.
        public var x: Double
        /// Number of pixels.
        public var area: Int
    }

    /// The label of the object.
    public var label: UInt32

    /// The track that divided into this one; nil for none, or one that does not end before this one begins.
    public var parent: UInt32?

    /// The places, from the first time point to the last.
    public var places: [Place]
}

/// The tracks of a movie after an edit.
public struct MovieTracks: Hashable, Sendable {
    /// The edit.
    public var edit: Int64
    /// The tracks by ascending label.
    public var tracks: [MovieTrack]
}

/// A place of a movie that is worth a look.
public struct TrackSuspicion: Hashable, Sendable {
    /// What is unusual there.
    public var kind: LineageSuspicion.Kind
    /// The object that it is about.
    public var node: TrackNode
    /// Others that it is about.
    public var others: [TrackNode]
    /// Where it is.
    public var y: Double
    /// Where it is.
    public var x: Double
    /// How unusual it is, at least 1.
    public var excess: Double
}

extension Project {
    /// The tracks of a movie: its objects, time point by time point.
    ///
    /// Cost: a look at what each tile holds of each object; no pixels are read.
    ///
    /// - Parameter labels: The tracks that are wanted; nil for all. Mothers are told for all of them.
    /// - Throws: ``ProjectError/unknownImage(_:)``; ``ProjectError/badGesture(_:)`` unless the image is a movie of one slice.
    public func tracks(
        image: Int64,
        labels: Set<UInt32>? = nil
    ) throws(ProjectError) -> MovieTracks {
        try read { store in
            let record = try store.image(image)
            try record.shape.requireMovie()
            var lineage = try store.lineage(of: record, only: labels)
            if let labels {
                // Whether a mother ends in time is seen from her places.
                let mothers = Set(lineage.objects.values.compactMap(\.parent)).subtracting(labels)
                if !mothers.isEmpty {
                    let more = try store.lineage(of: record, only: mothers)
                    lineage.objects.merge(more.objects) { one, _ in one }
                }
            }
            let tracks = lineage.objects.keys.sorted()
                .filter { labels?.contains($0) ?? true }
                .map { lineage.track($0) }
            return MovieTracks(edit: record.current, tracks: tracks)
        }
    }

    /// The tracks of a movie as a graph, in which each track has the label of its objects as number.
    ///
    /// - Throws: As ``tracks(image:labels:)``.
    public func lineage(image: Int64) throws(ProjectError) -> LineageGraph {
        try notedLineage(image: image).graph
    }

    /// The same graph, and the mothers that are noted but are no links of it.
    func notedLineage(
        image: Int64
    ) throws(ProjectError) -> (graph: LineageGraph, noted: [NotedMother]) {
        try read { store in
            let record = try store.image(image)
            try record.shape.requireMovie()
            let lineage = try store.lineage(of: record)
            let graph = try Editor.telling { () throws(LineageError) in try lineage.graph() }
            return (graph, lineage.lateMothers(in: graph))
        }
    }

    /// The places of a movie that are worth a look, in the order in which they are listed.
    ///
    /// - Throws: As ``tracks(image:labels:)``.
    public func trackSuspicions(image: Int64) throws(ProjectError) -> [TrackSuspicion] {
        let (graph, noted) = try notedLineage(image: image)
        let scores = try linkScores(image: image, in: graph)
        func node(_ id: LineageNode.ID) -> TrackNode? {
            graph[id].map { TrackNode(t: $0.frame, label: $0.label) }
        }
        return graph.suspicions(SuspicionLimits(), scores, noted: noted).compactMap { place in
            guard let found = graph[place.node] else { return nil }
            return TrackSuspicion(
                kind: place.kind,
                node: TrackNode(t: found.frame, label: found.label),
                others: place.others.compactMap(node),
                y: found.centroid.y,
                x: found.centroid.x,
                excess: place.excess
            )
        }
    }
}

extension MovieLineage {
    fileprivate func track(_ label: UInt32) -> MovieTrack {
        let parts = objects[label]?.parts ?? [:]
        let places = parts.sorted { $0.key < $1.key }.map { t, extent in
            let node = LineageNode(id: LineageNode.ID(0), t: t, label: label, extent)
            return MovieTrack.Place(
                t: t,
                y: node.centroid.y,
                x: node.centroid.x,
                area: extent.area
            )
        }
        return MovieTrack(label: label, parent: mother(of: label), places: places)
    }
}

extension MovieTrack: Codable {
    private enum Key: String, CodingKey {
        case label, parent, places
    }

    /// Reads the JSON form.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        label = try values.decode(UInt32.self, forKey: .label)
        parent = try values.decodeIfPresent(UInt32.self, forKey: .parent)
        places = try values.decode([[Double]].self, forKey: .places).map { numbers in
            guard numbers.count == 4, let t = Int(exactly: numbers[0]),
                let area = Int(exactly: numbers[3])
            else {
                throw DecodingError.dataCorruptedError(
                    forKey: .places,
                    in: values,
                    debugDescription: "a place is [t, y, x, area]"
                )
            }
            return Place(t: t, y: numbers[1], x: numbers[2], area: area)
        }
    }

    /// Writes the JSON form, in which a place is `[t, y, x, area]`, to a hundredth of a pixel.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(label, forKey: .label)
        try values.encode(parent, forKey: .parent)
        func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
        try values.encode(
            places.map { [Double($0.t), rounded($0.y), rounded($0.x), Double($0.area)] },
            forKey: .places
        )
    }
}

extension MovieTracks: Codable {}

extension TrackSuspicion: Codable {}
