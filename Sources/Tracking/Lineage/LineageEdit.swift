/// Which nodes of a track an edit is about, seen from one of them.
public enum LineageScope: String, Hashable, Codable, Sendable, CaseIterable {
    /// The node alone.
    case one
    /// The node and all before it in its track.
    case past
    /// The node and all after it in its track.
    case future
    /// The whole track.
    case all
}

/// A change of a lineage, as data: it can be stored, sent, and made anew.
///
/// Wherever an edit speaks of the nodes in scope, these are nodes of the track of the node that is named: daughters are tracks of
/// their own, and stay.
public enum LineageEdit: Hashable, Codable, Sendable {
    /// An object comes from another: the track goes on, or, where the first has a child already, divides.
    ///
    /// If it comes from elsewhere already, that is an error, unless `replaces` is true.
    case connect(LineageNode.ID, to: LineageNode.ID, replaces: Bool = false)

    /// The nodes in scope lose their links to all others: `future` cuts the track in front of the node, `past` behind it.
    case `break`(LineageNode.ID, scope: LineageScope = .future)

    /// The nodes in scope change their places in the tracks: two objects of one frame that were taken for each other.
    ///
    /// `future` exchanges what the two come from, `past` what they become, `one` both. `all` exchanges the numbers of
    /// the two tracks.
    case swap(LineageNode.ID, LineageNode.ID, scope: LineageScope = .future)

    /// The nodes in scope are removed.
    ///
    /// With `bridges`, what came after them then comes from what was before them, over a gap.
    case delete(LineageNode.ID, scope: LineageScope = .one, bridges: Bool = false)

    /// An object divides into others, two or more, wherever they came from before; its other children come from nowhere.
    case divide(LineageNode.ID, into: [LineageNode.ID])

    /// Objects of one frame are one object, and have the name and the label of the first.
    ///
    /// With a scope, their tracks are one track from the first frame to the last of the scope of the first; nodes of others fill its gaps.
    /// Parent is that of the first, or else of the first other that has one; children are those of all.
    case merge([LineageNode.ID], scope: LineageScope = .one)

    /// An object is in truth several of the same frame.
    ///
    /// The part with its name keeps its links; the others come from nowhere. If no part has its name, the links are cut.
    case split(LineageNode.ID, into: [LineageNode])

    /// The objects in scope get another label in the label images of their frames.
    case relabel(LineageNode.ID, to: UInt32, scope: LineageScope = .all)

    /// A track gets another number.
    case renumber(UInt32, to: UInt32)

    /// New objects, which come from nowhere.
    case insert([LineageNode])

    /// Objects look different now: label, frame, centroid, area and box of the nodes with these names are replaced together.
    case update([LineageNode])

    /// Several edits, one after the other, as one: all of them or none.
    case several([LineageEdit])

    /// Nodes get the states that they had: the inverse of any edit.
    case restore(LineageChange)
}

/// The states of some nodes, which replace those that they have.
public struct LineageChange: Hashable, Codable, Sendable {
    /// A node with its place in the graph.
    public struct State: Hashable, Codable, Sendable {
        /// What it looks like.
        public var node: LineageNode

        /// Where it comes from.
        public var parent: LineageNode.ID?

        /// The number of the track that begins with it; nil if none does.
        public var number: UInt32?

        /// Describes a node.
        public init(node: LineageNode, parent: LineageNode.ID?, number: UInt32?) {
            (self.node, self.parent, self.number) = (node, parent, number)
        }
    }

    /// A node, and its state; nil where there is no such node.
    public struct Entry: Hashable, Codable, Sendable {
        /// The node.
        public var id: LineageNode.ID

        /// Its state.
        public var state: State?

        /// Describes the state of a node.
        public init(id: LineageNode.ID, state: State?) { (self.id, self.state) = (id, state) }
    }

    /// The states, each node once.
    public var entries: [Entry]

    /// Creates a change.
    public init(_ entries: [Entry]) { self.entries = entries }
}
