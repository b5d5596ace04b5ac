extension LineageGraph {
    /// Makes a graph of nodes and links.
    ///
    /// Tracks without a given number get one: 1, 2, … in the order of the frames and labels of their first nodes, so mothers
    /// have smaller numbers than their daughters; given numbers are left out.
    ///
    /// - Parameters:
    ///   - nodes: The nodes; their names may have gaps, but not by far more than there are nodes.
    ///   - links: From parents to children.
    ///   - numbers: The numbers of tracks by their first nodes. Those of other nodes are passed over.
    /// - Throws: ``LineageError`` if the result would break a rule.
    public init(
        nodes: [LineageNode],
        links: [(parent: LineageNode.ID, child: LineageNode.ID)] = [],
        numbers: [LineageNode.ID: UInt32] = [:]
    ) throws(LineageError) {
        self.init()
        let limit = Self.mostUnused + 4 * nodes.count
        slots = Array(repeating: nil, count: nodes.count)
        for node in nodes { try place(node, limit: limit) }
        for link in links { try place(link) }
        for index in slots.indices where slots[index]?.children.count ?? 0 > 1 {
            slots[index]?.children.sort()
        }
        try number(numbers)
    }

    /// Makes a graph of detections; the names of the nodes are their positions in the list.
    ///
    /// Tracks are numbered as in ``init(nodes:links:numbers:)``.
    ///
    /// - Parameters:
    ///   - detections: Objects, each frame and label once.
    ///   - links: By positions in the list, from earlier to later frames, at most one to each detection.
    /// - Throws: ``LineageError`` if the result would break a rule.
    public init(_ detections: [Detection], links: [Link]) throws(LineageError) {
        let count = detections.count
        for link in links {
            for index in [link.source, link.target] where !(0..<count).contains(index) {
                throw .unknownDetection(index, count: count)
            }
        }
        try self.init(
            nodes: detections.enumerated().map { index, detection in
                var node = LineageNode(
                    id: LineageNode.ID(index),
                    frame: detection.frame,
                    detection.measurement
                )
                node.label = detection.label
                return node
            },
            links: links.map { (LineageNode.ID($0.source), LineageNode.ID($0.target)) }
        )
    }

    private mutating func place(_ node: LineageNode, limit: Int) throws(LineageError) {
        try node.check()
        let index = node.id.number
        guard (0..<limit).contains(index) else {
            throw .invalidNode(node.id, "its name is far from those in use")
        }
        while slots.count <= index { slots.append(nil) }
        guard slots[index] == nil else { throw .nodeExists(node.id) }
        guard places[node.frame, default: [:]].updateValue(index, forKey: node.label) == nil else {
            throw .labelInUse(frame: node.frame, label: node.label)
        }
        slots[index] = Slot(node: node)
        count += 1
    }

    private mutating func place(
        _ link: (parent: LineageNode.ID, child: LineageNode.ID)
    ) throws(LineageError) {
        let (parent, child) = (try index(of: link.parent), try index(of: link.child))
        if let other = slots[child]?.parent {
            // The same link twice is one link.
            guard other != parent else { return }
            throw .hasParent(link.child, LineageNode.ID(other))
        }
        guard let mother = slots[parent]?.node, let daughter = slots[child]?.node,
            mother.frame < daughter.frame
        else { throw .notForward(from: link.parent, to: link.child) }
        slots[child]?.parent = parent
        slots[parent]?.children.append(child)
    }

    private mutating func number(_ given: [LineageNode.ID: UInt32]) throws(LineageError) {
        var first = slots.indices.filter { slots[$0] != nil && isHead($0) }
        for index in first {
            guard let number = given[LineageNode.ID(index)] else { continue }
            guard number != 0, heads.updateValue(index, forKey: number) == nil else {
                throw .numberInUse(number)
            }
            slots[index]?.number = number
        }
        first = first.filter { slots[$0]?.number == nil }
            .map { (slots[$0]?.node.frame ?? 0, slots[$0]?.node.label ?? 0, $0) }
            .sorted { $0 < $1 }.map(\.2)
        nextNumber = 1 + Int(heads.keys.max() ?? 0)
        for index in first {
            guard let number = UInt32(exactly: nextNumber) else { throw .noNumberLeft }
            slots[index]?.number = number
            heads[number] = index
            nextNumber += 1
        }
    }
}

// MARK: - Other names and labels

extension LineageGraph {
    /// The same objects and links with names that count from 0 in the order of frames and labels.
    ///
    /// Graphs that were made in different ways from the same labels are equal then, if links and numbers of tracks are.
    public func namedInOrder() -> LineageGraph {
        var graph = LineageGraph()
        let order = slots.indices.filter { slots[$0] != nil }
            .map { (slots[$0]?.node.frame ?? 0, slots[$0]?.node.label ?? 0, $0) }
            .sorted { $0 < $1 }.map(\.2)
        var names = [Int](repeating: 0, count: slots.count)
        for (name, index) in order.enumerated() { names[index] = name }
        for index in order {
            guard var slot = slots[index] else { continue }
            slot.node.id = LineageNode.ID(names[index])
            slot.parent = slot.parent.map { names[$0] }
            slot.children = slot.children.map { names[$0] }.sorted()
            graph.slots.append(slot)
            graph.places[slot.node.frame, default: [:]][slot.node.label] = names[index]
        }
        graph.heads = heads.mapValues { names[$0] }
        (graph.count, graph.nextNumber) = (count, nextNumber)
        return graph
    }

    /// The same graph for label images in which every object has the number of its track.
    ///
    /// ``trackNumbers(inFrame:)`` tells how the labels change.
    public func labelledByTrack() -> LineageGraph {
        var graph = self
        graph.places = [:]
        for (index, number) in numbersOfNodes().enumerated() where number != 0 {
            graph.slots[index]?.node.label = number
            guard let frame = slots[index]?.node.frame else { continue }
            // A track has one node in a frame, so no number comes twice.
            graph.places[frame, default: [:]][number] = index
        }
        return graph
    }

    /// The numbers of the tracks in every frame that has objects, by the labels of the objects.
    ///
    /// Cost: one look at each node; for one frame alone ``trackNumbers(inFrame:)`` takes less.
    public func trackNumbersByFrame() -> [Int: [UInt32: UInt32]] {
        let numbers = numbersOfNodes()
        return places.mapValues { labels in labels.mapValues { numbers[$0] } }
    }

    /// The numbers of the tracks in a frame, by the labels of their objects.
    ///
    /// Cost: a look at each earlier node of the tracks of the frame.
    public func trackNumbers(inFrame frame: Int) -> [UInt32: UInt32] {
        places[frame, default: [:]].compactMapValues { slots[head(of: $0)]?.number }
    }
}
