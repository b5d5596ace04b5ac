/// One object and everything that is said about it: any combination of prompts.
public struct PromptedObject: Hashable, Sendable {
    /// The most points of one object; the model attends to each pair of them.
    public static let maximumPointCount = 1000

    /// The most prompts of one object.
    public static let maximumPromptCount = 10_000

    /// The most points and corners of all prompts of one object.
    public static let maximumPositionCount = 4_000_000

    /// The number of the object in label images, from 1.
    public var id: UInt32

    /// What people call it.
    public var name: String?

    /// What kind of object it is, such as `nucleus`.
    public var category: String?

    /// The plane that it was marked on; by default all.
    public var place = ObjectPlace()

    /// The prompts; at least one, and at most one box or rectangle.
    public var prompts: [Prompt]

    /// In a movie, the object that this one comes from by a division; nil for none.
    public var parent: UInt32?

    /// In a movie, whether the object divides after the frame that it lies in.
    public var divides = false

    /// Creates an object.
    public init(
        id: UInt32,
        name: String? = nil,
        category: String? = nil,
        place: ObjectPlace = ObjectPlace(),
        prompts: [Prompt]
    ) {
        self.id = id
        self.place = place
        self.name = name
        self.category = category
        self.prompts = prompts
    }

    /// Whether all prompts say where the object is not.
    public var isOnlyNegative: Bool { !prompts.isEmpty && prompts.allSatisfy(\.isNegative) }

    /// What makes the object useless, `nil` if nothing does.
    public var defect: String? {
        if id == 0 { return "the id 0, which is the background" }
        if let defect = place.defect { return defect }
        if prompts.isEmpty { return "no prompts" }
        if prompts.count > Self.maximumPromptCount {
            return "\(prompts.count) prompts; an object has at most \(Self.maximumPromptCount)"
        }
        let points = prompts.count { $0.kind == .point }
        if points > Self.maximumPointCount {
            return "\(points) points; an object has at most \(Self.maximumPointCount)"
        }
        let boxes = prompts.filter { $0.kind == .box || $0.kind == .rectangle }
        if boxes.count > 1 {
            return "\(boxes.count) boxes; an object has at most one, so make each a separate object"
        }
        return prompts.lazy.compactMap(\.defect).first
    }
}

extension PromptedObject: Codable {
    private enum Key: String, CodingKey {
        case id, name, prompts, parent, divides
        case category = "class"
    }

    /// Reads the JSON form, and refuses what could not be used.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        id = try values.decode(UInt32.self, forKey: .id)
        name = try values.decodeIfPresent(String.self, forKey: .name)
        category = try values.decodeIfPresent(String.self, forKey: .category)
        let marked = try values.decode([PlacedPrompt].self, forKey: .prompts)
        prompts = marked.map(\.prompt)
        parent = try values.decodeIfPresent(UInt32.self, forKey: .parent)
        divides = try values.decodeIfPresent(Bool.self, forKey: .divides) ?? false
        place = try ObjectPlace(anyNamesFrom: decoder)
        for one in marked where !one.place.isEmpty {
            try join(one.place, in: decoder)
        }
        if let defect {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath,
                    debugDescription: "the object has " + defect
                )
            )
        }
    }

    /// Takes the plane that a prompt names itself for that of the object, which lies on one.
    private mutating func join(_ other: ObjectPlace, in decoder: any Decoder) throws {
        var joined = place
        joined.z = place.z ?? other.z
        joined.t = place.t ?? other.t
        joined.channel = place.channel ?? other.channel
        let isSame =
            (other.z ?? joined.z) == joined.z && (other.t ?? joined.t) == joined.t
            && (other.channel ?? joined.channel) == joined.channel
        guard isSame else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath,
                    debugDescription:
                        "the object has prompts on several planes (\(place) and \(other)); make "
                        + "those of each plane a separate object"
                )
            )
        }
        place = joined
    }

    /// Writes the JSON form.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(id, forKey: .id)
        try values.encodeIfPresent(name, forKey: .name)
        try values.encodeIfPresent(category, forKey: .category)
        try place.encode(to: encoder)
        try values.encode(prompts, forKey: .prompts)
        try values.encodeIfPresent(parent, forKey: .parent)
        if divides { try values.encode(divides, forKey: .divides) }
    }
}
