/// One object from its appearance or its birth to its end or its division.
public struct LineageTrack: Hashable, Sendable {
    /// Its number.
    public let number: UInt32

    /// Its nodes, from the first frame to the last.
    public let nodes: [LineageNode.ID]

    /// First and last frame.
    public let frames: ClosedRange<Int>

    /// The track that divided into this and others; nil for none.
    public let parent: UInt32?

    /// The tracks that it divides into, ascending; none, or at least two.
    public let children: [UInt32]

    /// How many frames between the first and the last lack the object.
    public var gaps: Int { frames.count - nodes.count }
}

extension LineageGraph {
    /// The numbers of all tracks, ascending.
    public var trackNumbers: [UInt32] { heads.keys.sorted() }

    /// All tracks, by number.
    ///
    /// Cost: one look at each node.
    public func tracks() -> [LineageTrack] {
        let numbers = numbersOfNodes()
        return heads.sorted { $0.key < $1.key }.compactMap { track($0.value, numbers) }
    }

    /// The track of a number; nil if there is none.
    ///
    /// Cost: one look at each node of the track and of its mother.
    public func track(_ number: UInt32) -> LineageTrack? {
        heads[number].flatMap { track($0, nil) }
    }

    /// The number of the track that a node belongs to; nil if there is no such node.
    ///
    /// Cost: one look at each earlier node of the track.
    public func trackNumber(of id: LineageNode.ID) -> UInt32? {
        slot(id.number) == nil ? nil : slots[head(of: id.number)]?.number
    }

    /// All tracks as trees: every mother comes before her daughters, the tree of the first daughter before the second.
    ///
    /// Trees are ordered by their first frame and number, daughters by their first frame and number, too. There are no
    /// other tracks than these, so objects that are seen once and never linked are among them.
    public func tracksByLineage() -> [LineageTrack] {
        let tracks = tracks()
        let byNumber = Dictionary(uniqueKeysWithValues: tracks.map { ($0.number, $0) })
        func isBefore(_ one: LineageTrack, _ other: LineageTrack) -> Bool {
            (one.frames.lowerBound, one.number) < (other.frames.lowerBound, other.number)
        }
        var result: [LineageTrack] = []
        var rest = tracks.filter { $0.parent == nil }.sorted { isBefore($1, $0) }
        while let track = rest.popLast() {
            result.append(track)
            rest += track.children.compactMap { byNumber[$0] }.sorted { isBefore($1, $0) }
        }
        return result
    }

    /// For each track its children, none for most: roots and mothers point to their daughters, never the other way.
    public func lineages() -> [UInt32: [UInt32]] {
        Dictionary(uniqueKeysWithValues: tracks().map { ($0.number, $0.children) })
    }

    /// The number of the track of every node, by the number of the node; 0 where there is no node.
    func numbersOfNodes() -> [UInt32] {
        var numbers = [UInt32](repeating: 0, count: slots.count)
        for (number, head) in heads {
            for index in chain(from: head) { numbers[index] = number }
        }
        return numbers
    }

    private func track(_ head: Int, _ numbers: [UInt32]?) -> LineageTrack? {
        let chain = chain(from: head)
        guard let first = slots[head], let number = first.number,
            let last = slots[chain[chain.count - 1]]
        else { return nil }
        let parent = first.parent.flatMap { index in
            numbers.map { $0[index] } ?? slots[self.head(of: index)]?.number
        }
        return LineageTrack(
            number: number,
            nodes: chain.map { LineageNode.ID($0) },
            frames: first.node.frame...last.node.frame,
            parent: parent,
            children: last.children.compactMap { slots[$0]?.number }.sorted()
        )
    }
}
