import Imaging

extension LineageGraph {
    /// Makes a change.
    ///
    /// Cost: a look at each node of the tracks concerned.
    ///
    /// - Returns: The edit that undoes it.
    /// - Throws: ``LineageError`` if it would break a rule, or names what does not exist; the graph is then as it was.
    @discardableResult
    public mutating func apply(_ edit: LineageEdit) throws(LineageError) -> LineageEdit {
        // The graph itself goes into the transaction, not a copy of it, so that only what changes is touched.
        var graph = LineageGraph()
        swap(&graph, &self)
        var transaction = LineageTransaction(graph)
        graph = LineageGraph()
        defer { swap(&transaction.graph, &self) }
        do throws(LineageError) {
            try transaction.perform(edit)
            return .restore(transaction.inverse())
        } catch {
            transaction.rollBack()
            throw error
        }
    }

    /// The graph after a change.
    ///
    /// - Throws: As ``apply(_:)``.
    public func applying(_ edit: LineageEdit) throws(LineageError) -> LineageGraph {
        var graph = self
        try graph.apply(edit)
        return graph
    }
}

extension LineageTransaction {
    /// Makes a change; afterwards all numbers are right.
    mutating func perform(_ edit: LineageEdit) throws(LineageError) {
        switch edit {
        case .connect(let one, let other, let replaces): try connect(one, other, replaces)
        case .break(let id, let scope): try breakLinks(id, scope)
        case .swap(let one, let other, let scope): try swap(one, other, scope)
        case .delete(let id, let scope, let bridges): try delete(id, scope, bridges)
        case .divide(let mother, let daughters): try divide(mother, daughters)
        case .merge(let ids, let scope): try merge(ids, scope)
        case .split(let id, let parts): try split(id, parts)
        case .relabel(let id, let label, let scope): try relabel(id, label, scope)
        case .renumber(let old, let new): try renumber(old, new)
        case .insert(let nodes): for node in nodes { try insert(node) }
        case .update(let nodes): try update(nodes)
        case .several(let edits): for edit in edits { try perform(edit) }
        case .restore(let change): try restore(change)
        }
        try settle()
    }

    /// The nodes in scope, from the first frame to the last.
    private func nodes(_ index: Int, _ scope: LineageScope) -> [Int] {
        switch scope {
        case .one: [index]
        case .future: graph.chain(from: index)
        case .past: graph.chain(from: graph.head(of: index)).prefix { $0 != index } + [index]
        case .all: graph.chain(from: graph.head(of: index))
        }
    }

    private func children(_ index: Int) -> [Int] { graph.slots[index]?.children ?? [] }

    private func parent(_ index: Int) -> Int? { graph.slots[index]?.parent }

    private func frame(_ index: Int) -> Int? { graph.slots[index]?.node.frame }

    /// The places of nodes that must exist and differ.
    private func different(
        _ ids: [LineageNode.ID],
        atLeast needed: Int
    ) throws(LineageError) -> [Int] {
        guard ids.count >= needed else { throw .tooFewNodes(needed: needed, found: ids.count) }
        var seen: Set<LineageNode.ID> = []
        var indices: [Int] = []
        for id in ids {
            guard seen.insert(id).inserted else { throw .sameNode(id) }
            indices.append(try graph.index(of: id))
        }
        return indices
    }

    private func checkOneFrame(_ indices: [Int]) throws(LineageError) {
        for index in indices.dropFirst() where frame(index) != frame(indices[0]) {
            throw .notInOneFrame(LineageNode.ID(indices[0]), LineageNode.ID(index))
        }
    }
}

// MARK: - Links

extension LineageTransaction {
    private mutating func connect(
        _ one: LineageNode.ID,
        _ other: LineageNode.ID,
        _ replaces: Bool
    ) throws(LineageError) {
        let indices = try different([one, other], atLeast: 2)
        let old = parent(indices[1])
        if let old, old != indices[0], !replaces { throw .hasParent(other, LineageNode.ID(old)) }
        try setParent(of: indices[1], to: indices[0])
    }

    private mutating func breakLinks(
        _ id: LineageNode.ID,
        _ scope: LineageScope
    ) throws(LineageError) {
        let nodes = nodes(try graph.index(of: id), scope)
        let (first, last) = (nodes[0], nodes[nodes.count - 1])
        if scope != .past { try setParent(of: first, to: nil) }
        if scope != .future { for child in children(last) { try setParent(of: child, to: nil) } }
    }

    private mutating func swap(
        _ one: LineageNode.ID,
        _ other: LineageNode.ID,
        _ scope: LineageScope
    ) throws(LineageError) {
        let indices = try different([one, other], atLeast: 2)
        guard scope != .all else { return try swapNumbers(indices[0], indices[1]) }
        try checkOneFrame(indices)
        if scope != .past { try swapPasts(indices[0], indices[1]) }
        if scope != .future { try swapFutures(indices[0], indices[1]) }
    }

    private mutating func swapPasts(_ one: Int, _ other: Int) throws(LineageError) {
        let (first, second) = (parent(one), parent(other))
        let (number, otherNumber) = (graph.slots[one]?.number, graph.slots[other]?.number)
        try setParent(of: one, to: second)
        try setParent(of: other, to: first)
        // The track that begins in this frame begins with the other object now.
        if (number == nil) != (otherNumber == nil) {
            setNumber(one, nil)
            setNumber(other, nil)
            setNumber(one, otherNumber)
            setNumber(other, number)
        }
    }

    private mutating func swapFutures(_ one: Int, _ other: Int) throws(LineageError) {
        let (first, second) = (children(one), children(other))
        for child in first { try setParent(of: child, to: other) }
        for child in second { try setParent(of: child, to: one) }
    }

    private mutating func swapNumbers(_ one: Int, _ other: Int) throws(LineageError) {
        let heads = (graph.head(of: one), graph.head(of: other))
        guard heads.0 != heads.1 else { throw .sameNode(LineageNode.ID(other)) }
        let numbers = (graph.slots[heads.0]?.number, graph.slots[heads.1]?.number)
        setNumber(heads.0, nil)
        setNumber(heads.1, numbers.0)
        setNumber(heads.0, numbers.1)
    }

    private mutating func divide(
        _ mother: LineageNode.ID,
        _ daughters: [LineageNode.ID]
    ) throws(LineageError) {
        guard daughters.count > 1 else {
            throw .tooFewNodes(needed: 2, found: daughters.count)
        }
        let indices = try different([mother] + daughters, atLeast: 3)
        for child in children(indices[0]) where !indices.contains(child) {
            try setParent(of: child, to: nil)
        }
        for index in indices.dropFirst() { try setParent(of: index, to: indices[0]) }
    }

    private mutating func renumber(_ old: UInt32, _ new: UInt32) throws(LineageError) {
        guard let head = graph.heads[old] else { throw .unknownTrack(old) }
        guard new != old else { return }
        guard new != 0, graph.heads[new] == nil else { throw .numberInUse(new) }
        setNumber(head, new)
    }
}

// MARK: - Objects

extension LineageTransaction {
    private mutating func delete(
        _ id: LineageNode.ID,
        _ scope: LineageScope,
        _ bridges: Bool
    ) throws(LineageError) {
        let nodes = nodes(try graph.index(of: id), scope)
        let before = parent(nodes[0])
        let after = children(nodes[nodes.count - 1])
        for index in nodes { try remove(index) }
        guard bridges, let before else { return }
        for index in after { try setParent(of: index, to: before) }
    }

    private mutating func merge(
        _ ids: [LineageNode.ID],
        _ scope: LineageScope
    ) throws(LineageError) {
        let indices = try different(ids, atLeast: 2)
        try checkOneFrame(indices)
        let others = indices.dropFirst().map { nodes($0, scope) }
        let groups = groups(of: nodes(indices[0], scope), others)
        let (parent, later) = surroundings(of: groups)
        for group in groups where group.count > 1 { try merge(group) }
        let chain = groups.map { $0[0] }
        for (one, next) in zip(chain, chain.dropFirst()) { try setParent(of: next, to: one) }
        for child in later { try setParent(of: child, to: chain[chain.count - 1]) }
        try setParent(of: chain[0], to: parent)
    }

    /// What becomes one object in each frame: nodes of a track with those of others, and in its gaps those of others alone.
    private func groups(of first: [Int], _ others: [[Int]]) -> [[Int]] {
        var groups: [Int: [Int]] = [:]
        for index in first { if let frame = frame(index) { groups[frame] = [index] } }
        guard let start = groups.keys.min(), let end = groups.keys.max() else { return [] }
        for index in others.joined() {
            guard let frame = frame(index), (start...end).contains(frame) else { continue }
            groups[frame, default: []].append(index)
        }
        return groups.sorted { $0.key < $1.key }.map(\.value)
    }

    /// What nodes that become one track come from, and what another one of them becomes behind the last.
    ///
    /// Were such a child left where it is, the track would divide in its middle.
    private func surroundings(of groups: [[Int]]) -> (parent: Int?, later: [Int]) {
        guard let start = frame(groups[0][0]), let end = frame(groups[groups.count - 1][0]) else {
            return (nil, [])
        }
        let members = Set(groups.joined())
        let parent = groups.joined().lazy.compactMap { self.parent($0) }.first { index in
            !members.contains(index) && frame(index).map { $0 < start } ?? false
        }
        let later = groups.dropLast().joined().flatMap { index -> [Int] in
            let children = children(index)
            guard children.count == 1, let frame = frame(children[0]), frame > end else {
                return []
            }
            return children
        }
        return (parent, later)
    }

    /// Makes objects of one frame one, which has the name and the label of the first.
    private mutating func merge(_ group: [Int]) throws(LineageError) {
        let first = group[0]
        let parent = group.first { self.parent($0) != nil }.flatMap { self.parent($0) }
        guard var merged = graph.slots[first]?.node else { return }
        for index in group.dropFirst() {
            guard let slot = graph.slots[index] else { continue }
            merged.unite(with: slot.node)
            try remove(index)
            for child in slot.children { try setParent(of: child, to: first) }
        }
        try setParent(of: first, to: parent)
        try update([merged])
    }

    private mutating func split(
        _ id: LineageNode.ID,
        _ parts: [LineageNode]
    ) throws(LineageError) {
        let index = try graph.index(of: id)
        guard parts.count > 1 else { throw .tooFewNodes(needed: 2, found: parts.count) }
        for part in parts where part.frame != frame(index) { throw .notInOneFrame(id, part.id) }
        let kept = parts.firstIndex { $0.id == id }
        if let kept { try update([parts[kept]]) } else { try remove(index) }
        for (place, part) in parts.enumerated() where place != kept { try insert(part) }
    }

    private mutating func relabel(
        _ id: LineageNode.ID,
        _ label: UInt32,
        _ scope: LineageScope
    ) throws(LineageError) {
        let nodes = nodes(try graph.index(of: id), scope).compactMap { graph.slots[$0]?.node }
        try update(
            nodes.map {
                var node = $0
                node.label = label
                return node
            }
        )
    }
}

extension LineageNode {
    /// Adds the pixels of another object of the frame.
    fileprivate mutating func unite(with other: LineageNode) {
        let total = area + other.area
        let share = total > 0 ? Double(other.area) / Double(total) : 0.5
        centroid.x += (other.centroid.x - centroid.x) * share
        centroid.y += (other.centroid.y - centroid.y) * share
        area = total
        let (x, y) = (min(box.x, other.box.x), min(box.y, other.box.y))
        box.width = max(box.endX, other.box.endX) - x
        box.height = max(box.endY, other.box.endY) - y
        (box.x, box.y) = (x, y)
    }
}
