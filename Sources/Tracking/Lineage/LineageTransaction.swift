/// Changes of a graph that are all made or none: keeps what every node was before.
///
/// The steps leave links and places right at any time. Numbers of tracks are right again after ``settle()``.
struct LineageTransaction {
    var graph: LineageGraph

    /// The states before, of the nodes that were touched.
    private var before: [Int: LineageGraph.Slot?] = [:]

    /// Nodes at which a track may begin or no longer begin.
    private var unsettled: Set<Int> = []

    private let firstUnused: Int
    private let firstNumber: Int

    /// Begins to change a graph.
    init(_ graph: consuming LineageGraph) {
        firstUnused = graph.slots.count
        firstNumber = graph.nextNumber
        self.graph = graph
    }

    // MARK: - Steps

    /// Adds a node without links.
    mutating func insert(_ node: LineageNode) throws(LineageError) {
        try node.check()
        let index = node.id.number
        guard index >= 0, index < graph.slots.count + LineageGraph.mostUnused else {
            throw .invalidNode(node.id, "its name is far from those in use")
        }
        guard graph.slot(index) == nil else { throw .nodeExists(node.id) }
        try checkFree(node)
        while graph.slots.count <= index { graph.slots.append(nil) }
        keep(index)
        graph.slots[index] = LineageGraph.Slot(node: node)
        graph.places[node.frame, default: [:]][node.label] = index
        graph.count += 1
        unsettled.insert(index)
    }

    /// Removes a node; its children come from nowhere.
    ///
    /// If it begins a track that goes on, the rest keeps the number.
    mutating func remove(_ index: Int) throws(LineageError) {
        guard let slot = graph.slots[index] else { return }
        keep(index)
        setNumber(index, nil)
        for child in slot.children { try setParent(of: child, to: nil) }
        try setParent(of: index, to: nil)
        if slot.children.count == 1, let number = slot.number {
            setNumber(slot.children[0], number)
        }
        leavePlace(slot.node)
        graph.slots[index] = nil
        graph.count -= 1
    }

    /// Changes what a node comes from.
    mutating func setParent(of index: Int, to parent: Int?) throws(LineageError) {
        guard let old = graph.slots[index], old.parent != parent else { return }
        if let parent {
            let ids = (LineageNode.ID(parent), LineageNode.ID(index))
            guard let mother = graph.slot(parent) else { throw .unknownNode(ids.0) }
            guard mother.node.frame < old.node.frame else {
                throw .notForward(from: ids.0, to: ids.1)
            }
        }
        keep(index)
        unsettled.insert(index)
        if let mother = old.parent {
            graph.slots[mother]?.children.removeAll { $0 == index }
            unsettled.formUnion(graph.slots[mother]?.children ?? [])
        }
        graph.slots[index]?.parent = parent
        if let parent {
            unsettled.formUnion(graph.slots[parent]?.children ?? [])
            addChild(index, to: parent)
        }
    }

    /// Changes what nodes look like, all at once, so that objects can exchange their labels.
    mutating func update(_ nodes: [LineageNode]) throws(LineageError) {
        var indices: Set<Int> = []
        for node in nodes {
            try node.check()
            let index = try graph.index(of: node.id)
            guard indices.insert(index).inserted else { throw .sameNode(node.id) }
            keep(index)
            if let slot = graph.slots[index] { leavePlace(slot.node) }
        }
        for node in nodes {
            try checkFree(node)
            graph.places[node.frame, default: [:]][node.label] = node.id.number
            graph.slots[node.id.number]?.node = node
        }
        for index in indices { try checkForward(index) }
    }

    /// Gives a track that begins at a node its number, which must be free.
    mutating func setNumber(_ index: Int, _ number: UInt32?) {
        guard let slot = graph.slots[index], slot.number != number else { return }
        keep(index)
        if let old = slot.number { graph.heads[old] = nil }
        graph.slots[index]?.number = number
        if let number {
            graph.heads[number] = index
            graph.nextNumber = max(graph.nextNumber, Int(number) + 1)
        }
    }

    // MARK: - The end

    /// Gives every track that has none a number, and takes those away that no longer begin a track.
    mutating func settle() throws(LineageError) {
        let nodes = unsettled.filter { graph.slot($0) != nil }.sorted()
        unsettled = []
        for index in nodes where !graph.isHead(index) { setNumber(index, nil) }
        for index in nodes where graph.isHead(index) && graph.slots[index]?.number == nil {
            guard let number = UInt32(exactly: graph.nextNumber) else { throw .noNumberLeft }
            setNumber(index, number)
        }
    }

    /// What undoes everything since the beginning.
    func inverse() -> LineageChange {
        let changed = before.filter { graph.slots[$0.key]?.state != $0.value?.state }
        return LineageChange(
            changed.sorted { $0.key < $1.key }.map {
                LineageChange.Entry(id: LineageNode.ID($0.key), state: $0.value?.state)
            }
        )
    }

    /// Makes the graph what it was at the beginning.
    mutating func rollBack() {
        var untouched: [Int: [Int]] = [:]
        for index in before.keys {
            guard let slot = graph.slot(index) else { continue }
            untouched[index] = slot.children.filter { before[$0] == nil }
            leavePlace(slot.node)
            if let number = slot.number { graph.heads[number] = nil }
            if let parent = slot.parent {
                graph.slots[parent]?.children.removeAll { $0 == index }
            }
            graph.slots[index] = nil
            graph.count -= 1
        }
        for (index, slot) in before {
            guard var slot else { continue }
            slot.children = untouched[index] ?? []
            graph.slots[index] = slot
            graph.places[slot.node.frame, default: [:]][slot.node.label] = index
            if let number = slot.number { graph.heads[number] = index }
            graph.count += 1
        }
        for (index, slot) in before {
            if let parent = slot?.parent { addChild(index, to: parent) }
        }
        graph.slots.removeSubrange(firstUnused...)
        graph.nextNumber = firstNumber
    }

    // MARK: - Restoring

    /// Gives nodes the states of a change, and checks that the result is a graph.
    mutating func restore(_ change: LineageChange) throws(LineageError) {
        var states: [Int: LineageChange.State] = [:]
        var seen: Set<Int> = []
        for entry in change.entries {
            let index = entry.id.number
            guard seen.insert(index).inserted, entry.state.map({ $0.node.id == entry.id }) ?? true,
                entry.state != nil || graph.slot(index) != nil
            else { throw .changeDoesNotFit(entry.id) }
            states[index] = entry.state
        }
        // Nodes that are not in the change keep their parent, so it must not go.
        for index in seen where states[index] == nil {
            let orphan = graph.slots[index]?.children.first { !seen.contains($0) }
            if let orphan { throw .changeDoesNotFit(LineageNode.ID(orphan)) }
        }
        let order = seen.sorted()
        let children = order.map { graph.slot($0)?.children.filter { !seen.contains($0) } ?? [] }
        for index in order {
            setNumber(index, nil)
            try setParent(of: index, to: nil)
        }
        for index in order where graph.slot(index) != nil { try remove(index) }
        for index in order { if let state = states[index] { try insert(state.node) } }
        for (index, children) in zip(order, children) {
            for child in children { try setParent(of: child, to: index) }
        }
        for index in order {
            if let parent = states[index]?.parent { try setParent(of: index, to: parent.number) }
        }
        try restoreNumbers(order, states)
    }

    private mutating func restoreNumbers(
        _ order: [Int],
        _ states: [Int: LineageChange.State]
    ) throws(LineageError) {
        for index in order {
            guard let number = states[index]?.number else { continue }
            guard number != 0 else { throw .changeDoesNotFit(LineageNode.ID(index)) }
            guard graph.heads[number] == nil else { throw .numberInUse(number) }
            setNumber(index, number)
        }
        for index in unsettled where graph.slot(index) != nil {
            guard graph.isHead(index) == (graph.slots[index]?.number != nil) else {
                throw .changeDoesNotFit(LineageNode.ID(index))
            }
        }
        unsettled = []
    }

    // MARK: - Parts

    private mutating func keep(_ index: Int) {
        if before[index] == nil { before.updateValue(graph.slot(index), forKey: index) }
    }

    private mutating func addChild(_ index: Int, to parent: Int) {
        let siblings = graph.slots[parent]?.children ?? []
        let place = siblings.firstIndex { $0 > index } ?? siblings.count
        graph.slots[parent]?.children.insert(index, at: place)
    }

    private func checkFree(_ node: LineageNode) throws(LineageError) {
        guard graph.places[node.frame]?[node.label] == nil else {
            throw .labelInUse(frame: node.frame, label: node.label)
        }
    }

    private func checkForward(_ index: Int) throws(LineageError) {
        guard let slot = graph.slots[index] else { return }
        if let parent = slot.parent, let mother = graph.slots[parent] {
            guard mother.node.frame < slot.node.frame else {
                throw .notForward(from: mother.node.id, to: slot.node.id)
            }
        }
        for child in slot.children.compactMap({ graph.slots[$0] }) {
            guard slot.node.frame < child.node.frame else {
                throw .notForward(from: slot.node.id, to: child.node.id)
            }
        }
    }

    private mutating func leavePlace(_ node: LineageNode) {
        guard graph.places[node.frame]?[node.label] == node.id.number else { return }
        graph.places[node.frame]?[node.label] = nil
        if graph.places[node.frame]?.isEmpty == true { graph.places[node.frame] = nil }
    }
}

extension LineageGraph.Slot {
    var state: LineageChange.State {
        LineageChange.State(
            node: node,
            parent: parent.map { LineageNode.ID($0) },
            number: number
        )
    }
}
