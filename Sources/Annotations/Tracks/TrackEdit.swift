public import Imaging
public import Tracking

/// An object in one time point of a movie.
///
/// In JSON it is `[t, label]`.
public struct TrackNode: Hashable, Sendable, Comparable {
    /// The time point.
    public var t: Int

    /// The label of the object.
    public var label: UInt32

    /// Names an object in a time point.
    public init(t: Int, label: UInt32) { (self.t, self.label) = (t, label) }

    /// By time point, then by label.
    public static func < (one: TrackNode, other: TrackNode) -> Bool {
        (one.t, one.label) < (other.t, other.label)
    }
}

/// A change of the tracks of a movie.
///
/// A track is an object: what has the same label in several time points is the same cell. A track that comes from a division
/// has the track of its mother as ``AnnotatedObject/parent``. Therefore each edit ends in labels of pixels and in parents of objects, and
/// is stored and undone as all others are.
///
/// Scopes count along the track of the object that is named, as in `LineageEdit`.
public enum TrackEdit: Hashable, Sendable {
    /// The later object comes from the earlier one: the track goes on, or divides where it goes on already.
    case connect(TrackNode, TrackNode)
    /// Cuts a track in front of an object (`future`), behind it (`past`) or at both sides (`one`).
    case `break`(TrackNode, scope: LineageScope = .future)
    /// Two objects of one time point exchange what they become and what they come from: from here on (`future`), up to here (`past`), only
    /// here (`one`), or everywhere (`all`).
    case swap(TrackNode, TrackNode, scope: LineageScope = .future)
    /// An object divides into others of later time points.
    case divide(TrackNode, into: [TrackNode])
    /// Objects of one time point are one, in all time points of the scope.
    case merge([TrackNode], scope: LineageScope = .one)
    /// Removes objects; a track of which one object is removed has a gap there.
    case delete([TrackNode], scope: LineageScope = .one)
    /// The objects in scope are a track of another number, which must be free.
    case relabel(TrackNode, to: UInt32, scope: LineageScope = .all)
    /// Cuts an object along a line, and links its parts with their surroundings in time.
    case split(TrackNode, line: [Point<OriginalPixels>], width: Double, PartLinks)

    /// How the parts of an object that is cut are linked.
    public enum PartLinks: Hashable, Sendable {
        /// As a linker says that looks at so many time points before and after; 0 leaves the parts without new links.
        case window(Int)
        /// As it is said here, from earlier to later objects.
        case given([TrackLink])
    }
}

/// A link from an earlier to a later object of a movie.
public struct TrackLink: Hashable, Sendable {
    /// The earlier one.
    public var from: TrackNode

    /// The later one.
    public var to: TrackNode

    /// Links two objects.
    public init(from: TrackNode, to: TrackNode) { (self.from, self.to) = (from, to) }
}

/// The labels that objects of a movie get, and the mothers of tracks.
public struct TrackLabels: Hashable, Sendable {
    /// For objects that change: the new label; 0 removes the object.
    public var labels: [TrackNode: UInt32]

    /// For tracks by their new labels: the mother; 0 for none.
    public var parents: [UInt32: UInt32]

    /// What a linker said of links, if it was one.
    public var scores: StoredLinkScores?

    /// Describes new labels.
    public init(
        labels: [TrackNode: UInt32] = [:],
        parents: [UInt32: UInt32] = [:],
        scores: StoredLinkScores? = nil
    ) {
        (self.labels, self.parents, self.scores) = (labels, parents, scores)
    }

    /// Whether nothing changes.
    public var isEmpty: Bool { labels.isEmpty && parents.isEmpty }
}

extension TrackEdit {
    /// The kinds of edits, as the JSON form names them.
    public enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
        /// A ``TrackEdit/connect(_:_:)``.
        case connect
        /// A ``TrackEdit/break(_:scope:)``.
        case `break`
        /// A ``TrackEdit/swap(_:_:scope:)``.
        case swap
        /// A ``TrackEdit/divide(_:into:)``.
        case divide
        /// A ``TrackEdit/merge(_:scope:)``.
        case merge
        /// A ``TrackEdit/delete(_:scope:)``.
        case delete
        /// A ``TrackEdit/relabel(_:to:scope:)``.
        case relabel
        /// A ``TrackEdit/split(_:line:width:_:)``.
        case split
    }

    /// Which kind this is.
    public var kind: Kind {
        switch self {
        case .connect: .connect
        case .break: .break
        case .swap: .swap
        case .divide: .divide
        case .merge: .merge
        case .delete: .delete
        case .relabel: .relabel
        case .split: .split
        }
    }

    /// The objects that an edit names.
    var nodes: [TrackNode] {
        switch self {
        case .connect(let one, let other), .swap(let one, let other, _): [one, other]
        case .break(let node, _), .relabel(let node, _, _), .split(let node, _, _, _): [node]
        case .divide(let mother, let daughters): [mother] + daughters
        case .merge(let nodes, _), .delete(let nodes, _): nodes
        }
    }

    var scope: LineageScope? {
        switch self {
        case .break(_, let scope), .swap(_, _, let scope), .merge(_, let scope),
            .delete(_, let scope), .relabel(_, _, let scope):
            scope
        case .connect, .divide, .split: nil
        }
    }
}
