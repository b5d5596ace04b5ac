public import Prompting

/// How an object came about.
public enum ObjectSource: String, Hashable, Codable, Sendable, CaseIterable {
    /// Prompts of a person.
    case prompt
    /// Automatic segmentation.
    case automatic
    /// Painted by hand.
    case brush
    /// Labels of another program.
    case imported = "import"
}

/// What becomes of pixels that belong to an object already.
public enum OverlapRule: String, Hashable, Codable, Sendable, CaseIterable {
    /// They stay; the new object gets what is free.
    case keep
    /// An object of which a new one covers three quarters or more stays whole, and the new one is left out;
    /// of other objects the new one takes what it covers.
    case keepObjects
    /// The new object takes them.
    case overwrite

    /// From which share on two objects count as the same.
    static let sameShare = 0.75
}

/// An object that a gesture makes: its pixels, and how they came about.
public struct NewObject: Hashable, Sendable {
    /// The pixels.
    public var mask: BoxMask

    /// How the object came about.
    public var source: ObjectSource

    /// The wished label, which is taken if it is free.
    ///
    /// Otherwise, and where nil is wished, it is the next one that no object has had.
    public var label: UInt32?

    /// The time point of the mask; nil for that of the gesture.
    ///
    /// Several masks of one gesture that wish the same label are one object.
    public var t: Int?

    /// The slice of the mask; nil for that of the gesture.
    public var z: Int?

    /// In a movie, the wished label of the object that it descends from, which is one of the same gesture.
    public var parent: UInt32?

    /// What kind of object it is, such as `nucleus`.
    public var category: String?

    /// What people call it.
    public var name: String?

    /// The prompts from which the mask was predicted.
    public var prompts: [Prompt] = []

    /// How the prompts became a mask.
    public var options: PromptOptions?

    /// The name of the model.
    public var model: String?

    /// The hash of the model's weights.
    public var modelHash: String?

    /// The IoU that the model expects.
    public var score: Double?

    /// How little the mask depends on its threshold, 0...1.
    public var stability: Double?

    /// The logit above which pixels were taken.
    public var threshold: Double?

    /// Describes an object.
    public init(
        mask: BoxMask,
        source: ObjectSource = .prompt,
        label: UInt32? = nil,
        category: String? = nil,
        name: String? = nil
    ) {
        self.mask = mask
        self.source = source
        self.label = label
        self.category = category
        self.name = name
    }
}

extension NewObject: Codable {
    private enum Key: String, CodingKey {
        case mask, source, label, name, prompts, options, model, modelHash, score, stability
        case threshold, t, z, parent
        case category = "class"
    }

    /// Reads the JSON form; where nothing is said, the source is `prompt`.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        mask = try values.decode(BoxMask.self, forKey: .mask)
        source = try values.decodeIfPresent(ObjectSource.self, forKey: .source) ?? .prompt
        label = try values.decodeIfPresent(UInt32.self, forKey: .label)
        t = try values.decodeIfPresent(Int.self, forKey: .t)
        z = try values.decodeIfPresent(Int.self, forKey: .z)
        parent = try values.decodeIfPresent(UInt32.self, forKey: .parent)
        category = try values.decodeIfPresent(String.self, forKey: .category)
        name = try values.decodeIfPresent(String.self, forKey: .name)
        prompts = try values.decodeIfPresent([Prompt].self, forKey: .prompts) ?? []
        options = try values.decodeIfPresent(PromptOptions.self, forKey: .options)
        model = try values.decodeIfPresent(String.self, forKey: .model)
        modelHash = try values.decodeIfPresent(String.self, forKey: .modelHash)
        score = try values.decodeIfPresent(Double.self, forKey: .score)
        stability = try values.decodeIfPresent(Double.self, forKey: .stability)
        threshold = try values.decodeIfPresent(Double.self, forKey: .threshold)
    }

    /// Writes the JSON form.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(mask, forKey: .mask)
        try values.encode(source, forKey: .source)
        try values.encodeIfPresent(label, forKey: .label)
        try values.encodeIfPresent(t, forKey: .t)
        try values.encodeIfPresent(z, forKey: .z)
        try values.encodeIfPresent(parent, forKey: .parent)
        try values.encodeIfPresent(category, forKey: .category)
        try values.encodeIfPresent(name, forKey: .name)
        if !prompts.isEmpty { try values.encode(prompts, forKey: .prompts) }
        try values.encodeIfPresent(options, forKey: .options)
        try values.encodeIfPresent(model, forKey: .model)
        try values.encodeIfPresent(modelHash, forKey: .modelHash)
        try values.encodeIfPresent(score, forKey: .score)
        try values.encodeIfPresent(stability, forKey: .stability)
        try values.encodeIfPresent(threshold, forKey: .threshold)
    }
}
