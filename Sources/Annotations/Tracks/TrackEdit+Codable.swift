import Imaging
import Tracking

extension TrackNode: Codable {
    /// Reads `[t, label]`.
    public init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        (t, label) = (try values.decode(Int.self), try values.decode(UInt32.self))
        guard values.isAtEnd, t >= 0, label > 0 else {
            throw DecodingError.dataCorruptedError(
                in: values,
                debugDescription: "an object of a movie is [t, label]"
            )
        }
    }

    /// Writes `[t, label]`.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.unkeyedContainer()
        try values.encode(t)
        try values.encode(label)
    }
}

extension TrackLink: Codable {
    /// Reads `[t, label, t, label]`.
    public init(from decoder: any Decoder) throws {
        let numbers = try decoder.singleValueContainer().decode([UInt32].self)
        guard numbers.count == 4 else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a link is four numbers")
            )
        }
        from = TrackNode(t: Int(numbers[0]), label: numbers[1])
        to = TrackNode(t: Int(numbers[2]), label: numbers[3])
    }

    /// Writes `[t, label, t, label]`.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.unkeyedContainer()
        for node in [from, to] {
            try values.encode(node.t)
            try values.encode(node.label)
        }
    }
}

// Keys of a gesture: `edit`, `nodes`, `scope`, `to`, `line`, `width`, `window` and `links`.
extension TrackEdit: Codable {
    private enum Key: String, CodingKey {
        case edit, nodes, scope, to, line, width, window, links
    }

    /// Reads the members of a gesture that describe the edit.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        let kind = try values.decode(Kind.self, forKey: .edit)
        let nodes = try values.decode([TrackNode].self, forKey: .nodes)
        func scope(_ usual: LineageScope) throws -> LineageScope {
            try values.decodeIfPresent(LineageScope.self, forKey: .scope) ?? usual
        }
        func need(_ count: ClosedRange<Int>) throws {
            guard count.contains(nodes.count) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .nodes,
                    in: values,
                    debugDescription:
                        "'\(kind.rawValue)' names \(count.lowerBound) objects or more, not \(nodes.count)"
                )
            }
        }
        switch kind {
        case .connect:
            try need(2...2)
            self = .connect(nodes[0], nodes[1])
        case .break:
            try need(1...1)
            self = .break(nodes[0], scope: try scope(.future))
        case .swap:
            try need(2...2)
            self = .swap(nodes[0], nodes[1], scope: try scope(.future))
        case .divide:
            try need(3...16)
            self = .divide(nodes[0], into: Array(nodes.dropFirst()))
        case .merge:
            try need(2...1000)
            self = .merge(nodes, scope: try scope(.one))
        case .delete:
            try need(1...1000)
            self = .delete(nodes, scope: try scope(.one))
        case .relabel:
            try need(1...1)
            let label = try values.decode(UInt32.self, forKey: .to)
            self = .relabel(nodes[0], to: label, scope: try scope(.all))
        case .split:
            try need(1...1)
            self = try Self.split(nodes[0], values)
        }
    }

    private static func split(
        _ node: TrackNode,
        _ values: KeyedDecodingContainer<Key>
    ) throws -> TrackEdit {
        let line = try values.decode([[Double]].self, forKey: .line).map { pair in
            guard pair.count == 2 else {
                throw DecodingError.dataCorruptedError(
                    forKey: .line,
                    in: values,
                    debugDescription: "a position is [y, x], not \(pair.count) numbers"
                )
            }
            return Point<OriginalPixels>(x: pair[1], y: pair[0])
        }
        let width = try values.decodeIfPresent(Double.self, forKey: .width) ?? 0
        let given = try values.decodeIfPresent([TrackLink].self, forKey: .links)
        let window = try values.decodeIfPresent(Int.self, forKey: .window) ?? 0
        return .split(node, line: line, width: width, given.map { .given($0) } ?? .window(window))
    }

    /// Writes the members of a gesture that describe the edit.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(kind, forKey: .edit)
        try values.encode(nodes, forKey: .nodes)
        try values.encodeIfPresent(scope, forKey: .scope)
        switch self {
        case .relabel(_, let label, _): try values.encode(label, forKey: .to)
        case .split(_, let line, let width, let links):
            try values.encode(line.map { [$0.y, $0.x] }, forKey: .line)
            try values.encode(width, forKey: .width)
            switch links {
            case .window(let count): try values.encode(count, forKey: .window)
            case .given(let links): try values.encode(links, forKey: .links)
            }
        default: break
        }
    }
}

// Keys of a gesture: `links` as `[t, label, new label]`, `parents` as `[label, mother]`, `scores`.
extension TrackLabels: Codable {
    private enum Key: String, CodingKey {
        case links, parents, scores
    }

    /// Reads the members of a gesture that describe the new labels.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        func lists(_ key: Key, _ count: Int) throws -> [[UInt32]] {
            let lists = try values.decodeIfPresent([[UInt32]].self, forKey: key) ?? []
            guard lists.allSatisfy({ $0.count == count }) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key,
                    in: values,
                    debugDescription: "each holds \(count) numbers"
                )
            }
            return lists
        }
        self.init()
        for list in try lists(.links, 3) {
            labels[TrackNode(t: Int(list[0]), label: list[1])] = list[2]
        }
        for list in try lists(.parents, 2) { parents[list[0]] = list[1] }
        scores = try values.decodeIfPresent(StoredLinkScores.self, forKey: .scores)
    }

    /// Writes the members of a gesture that describe the new labels.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        let links = labels.sorted { $0.key < $1.key }
        try values.encode(links.map { [UInt32($0.key.t), $0.key.label, $0.value] }, forKey: .links)
        let pairs = parents.sorted { $0.key < $1.key }
        try values.encode(pairs.map { [$0.key, $0.value] }, forKey: .parents)
        try values.encodeIfPresent(scores, forKey: .scores)
    }
}
