extension LineageGraph: Codable {
    private enum Keys: String, CodingKey {
        case nodes, nextNode, nextTrack
    }

    /// Reads a graph, and checks it.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Keys.self)
        let states = try values.decode([LineageChange.State].self, forKey: .nodes)
        let numbered = states.compactMap { state in state.number.map { (state.node.id, $0) } }
        do throws(LineageError) {
            try self.init(
                nodes: states.map(\.node),
                links: states.compactMap { state in state.parent.map { ($0, state.node.id) } },
                numbers: Dictionary(numbered) { number, _ in number }
            )
        } catch {
            throw DecodingError.dataCorruptedError(
                forKey: .nodes,
                in: values,
                debugDescription: error.description
            )
        }
        let unused = try values.decode(Int.self, forKey: .nextNode) - slots.count
        let number = try values.decode(Int.self, forKey: .nextTrack)
        guard unused <= Self.mostUnused, number <= Int(UInt32.max) + 1 else {
            throw DecodingError.dataCorruptedError(
                forKey: .nextNode,
                in: values,
                debugDescription: "names far from those in use"
            )
        }
        if unused > 0 { slots += Array(repeating: nil, count: unused) }
        nextNumber = max(nextNumber, number)
    }

    /// Writes nodes, links and numbers.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Keys.self)
        try values.encode(slots.compactMap { $0?.state }, forKey: .nodes)
        try values.encode(slots.count, forKey: .nextNode)
        try values.encode(nextNumber, forKey: .nextTrack)
    }
}
