/// Objects through time: which object of a frame became which of a later one, and which divided.
///
/// These rules hold at any time, and no operation can break them:
/// - a node is an object of a frame; frame and label name at most one;
/// - a node has at most one parent, which lies in an earlier frame, so links point from mother to daughter and there are no
///   cycles; frames in between may be missing;
/// - a track is a chain of nodes that is as long as it can be: it ends where a node has no child or several. Every track has a number
///   of its own, which it keeps as long as its first node stays the first, and which is not used again.
///
/// A graph is a value: a copy costs nothing until one of the two is changed.
///
/// ```swift
/// var graph = try LineageGraph(detections, links: links)
/// let undo = try graph.apply(.divide(mother, into: [one, other]))
/// try graph.apply(undo)
/// ```
public struct LineageGraph: Sendable {
    /// A node and its place in the graph.
    struct Slot: Hashable, Sendable {
        var node: LineageNode
        var parent: Int?

        /// Ascending.
        var children: [Int] = []

        /// The number of the track that begins here; nil where the parent's track goes on.
        var number: UInt32?
    }

    /// The nodes by their numbers; nil where one was deleted.
    var slots: [Slot?] = []

    /// The nodes by frame and label.
    var places: [Int: [UInt32: Int]] = [:]

    /// The first nodes of the tracks by number.
    var heads: [UInt32: Int] = [:]

    /// The number of nodes.
    public internal(set) var count = 0

    /// The number of the next track that needs one; beyond 32 bits if all were used.
    var nextNumber = 1

    /// More names in a row without a node are not kept.
    static let mostUnused = 1 << 20

    /// Creates a graph without objects.
    public init() {}

    /// The name of the next node: this number, or a greater one.
    public var nextID: LineageNode.ID { LineageNode.ID(slots.count) }
}

extension LineageGraph: Equatable {
    /// Whether both have the same nodes, links and numbers of tracks.
    public static func == (one: LineageGraph, other: LineageGraph) -> Bool {
        guard one.count == other.count else { return false }
        let (few, many) = one.slots.count < other.slots.count ? (one, other) : (other, one)
        return few.slots.indices.allSatisfy { few.slots[$0] == many.slots[$0] }
            && many.slots[few.slots.count...].allSatisfy { $0 == nil }
    }
}

// MARK: - Looking at it

extension LineageGraph {
    /// All nodes, in the order of their names.
    public var nodes: [LineageNode] { slots.compactMap { $0?.node } }

    /// A node; nil if there is none of this name.
    public subscript(id: LineageNode.ID) -> LineageNode? { slot(id.number)?.node }

    /// The node of an object; nil if there is none.
    public func node(frame: Int, label: UInt32) -> LineageNode? {
        places[frame]?[label].flatMap { slots[$0]?.node }
    }

    /// The nodes of a frame, in the order of their labels.
    public func nodes(inFrame frame: Int) -> [LineageNode] {
        places[frame, default: [:]].sorted { $0.key < $1.key }
            .compactMap { slots[$0.value]?.node }
    }

    /// The frames that have objects; nil if there are none.
    ///
    /// Cost: one look at each frame.
    public var frames: ClosedRange<Int>? {
        guard let first = places.keys.min(), let last = places.keys.max() else { return nil }
        return first...last
    }

    /// Where an object comes from; nil if it comes from nowhere, or there is no such node.
    public func parent(of id: LineageNode.ID) -> LineageNode.ID? {
        slot(id.number)?.parent.map { LineageNode.ID($0) }
    }

    /// What becomes of an object, in the order of names: one node where its track goes on, several where it divides.
    public func children(of id: LineageNode.ID) -> [LineageNode.ID] {
        (slot(id.number)?.children ?? []).map { LineageNode.ID($0) }
    }

    /// All links from parents to children, in the order of the children.
    public var links: [(parent: LineageNode.ID, child: LineageNode.ID)] {
        slots.indices.compactMap { index in
            slots[index]?.parent.map { (LineageNode.ID($0), LineageNode.ID(index)) }
        }
    }

    /// Nodes that come from nowhere, by frame and label.
    public var roots: [LineageNode] {
        slots.compactMap { $0?.parent == nil ? $0?.node : nil }
            .sorted { ($0.frame, $0.label) < ($1.frame, $1.label) }
    }

    func slot(_ index: Int) -> Slot? { slots.indices.contains(index) ? slots[index] : nil }

    /// The place of a node that must be there.
    func index(of id: LineageNode.ID) throws(LineageError) -> Int {
        guard slot(id.number) != nil else { throw .unknownNode(id) }
        return id.number
    }

    /// Whether a track begins at a node.
    func isHead(_ index: Int) -> Bool {
        guard let parent = slots[index]?.parent else { return true }
        return slots[parent]?.children.count != 1
    }

    /// The first node of the track that a node belongs to.
    func head(of index: Int) -> Int {
        var index = index
        while !isHead(index), let parent = slots[index]?.parent { index = parent }
        return index
    }

    /// The nodes of a track from one of them to its end.
    func chain(from index: Int) -> [Int] {
        var chain = [index]
        while let children = slots[chain[chain.count - 1]]?.children, children.count == 1 {
            chain.append(children[0])
        }
        return chain
    }
}
