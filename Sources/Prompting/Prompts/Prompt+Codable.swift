import Imaging

// The JSON form of a prompt; docs/schema/prompts.schema.json describes it for other programs.
extension Prompt: Codable {
    private enum Key: String, CodingKey {
        case type, y, x, label, y0, x0, y1, x1, `extension`, points, size, counts
    }

    /// Reads the JSON form, and refuses what could not be used.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        switch try values.decode(Kind.self, forKey: .type) {
        case .point:
            let point = Point<OriginalPixels>(
                x: try values.decode(Double.self, forKey: .x),
                y: try values.decode(Double.self, forKey: .y)
            )
            self = .point(point, try Self.label(values))
        case .box:
            self = .box(
                try Self.box(values),
                margin: try values.decodeIfPresent(Double.self, forKey: .extension)
            )
        case .rectangle: self = .rectangle(try Self.box(values))
        case .ellipse: self = .ellipse(try Self.box(values))
        case .polygon: self = .polygon(try Self.points(values))
        case .scribble: self = .scribble(try Self.points(values), try Self.label(values))
        case .mask: self = .mask(try EncodedMask(from: decoder))
        }
        if let defect {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: decoder.codingPath, debugDescription: defect)
            )
        }
    }

    /// Writes the JSON form.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(kind, forKey: .type)
        switch self {
        case .point(let point, let label):
            try values.encode(point.y, forKey: .y)
            try values.encode(point.x, forKey: .x)
            try values.encode(label, forKey: .label)
        case .box(let box, let margin):
            try Self.encode(box, into: &values)
            try values.encodeIfPresent(margin, forKey: .extension)
        case .rectangle(let box), .ellipse(let box):
            try Self.encode(box, into: &values)
        case .polygon(let points):
            try values.encode(points.map { [$0.y, $0.x] }, forKey: .points)
        case .scribble(let points, let label):
            try values.encode(points.map { [$0.y, $0.x] }, forKey: .points)
            try values.encode(label, forKey: .label)
        case .mask(let mask):
            try mask.encode(to: encoder)
        }
    }

    /// `positive` and `negative`, or 1 and 0 as SAM has them; positive where nothing is said.
    private static func label(_ values: KeyedDecodingContainer<Key>) throws -> PromptLabel {
        guard values.contains(.label) else { return .positive }
        if let number = try? values.decode(Int.self, forKey: .label) {
            guard number == 0 || number == 1 else {
                throw DecodingError.dataCorruptedError(
                    forKey: .label,
                    in: values,
                    debugDescription: "a label is 'positive' (1) or 'negative' (0)"
                )
            }
            return number == 1 ? .positive : .negative
        }
        return try values.decode(PromptLabel.self, forKey: .label)
    }

    private static func box(
        _ values: KeyedDecodingContainer<Key>
    ) throws -> Box<OriginalPixels> {
        Box(
            minX: try values.decode(Double.self, forKey: .x0),
            minY: try values.decode(Double.self, forKey: .y0),
            maxX: try values.decode(Double.self, forKey: .x1),
            maxY: try values.decode(Double.self, forKey: .y1)
        )
    }

    private static func encode(
        _ box: Box<OriginalPixels>,
        into values: inout KeyedEncodingContainer<Key>
    ) throws {
        try values.encode(box.minY, forKey: .y0)
        try values.encode(box.minX, forKey: .x0)
        try values.encode(box.maxY, forKey: .y1)
        try values.encode(box.maxX, forKey: .x1)
    }

    private static func points(
        _ values: KeyedDecodingContainer<Key>
    ) throws -> [Point<OriginalPixels>] {
        try values.decode([[Double]].self, forKey: .points).map { pair in
            guard pair.count == 2 else {
                throw DecodingError.dataCorruptedError(
                    forKey: .points,
                    in: values,
                    debugDescription: "a position is [y, x], not \(pair.count) numbers"
                )
            }
            return Point(x: pair[1], y: pair[0])
        }
    }
}
