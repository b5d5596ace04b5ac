public import Imaging
public import Prompting

/// An object of an image.
public struct AnnotatedObject: Hashable, Sendable {
    /// Its number in the label image, from 1.
    public var label: UInt32
    /// What kind of object it is.
    public var category: String?
    /// What people call it.
    public var name: String?
    /// The smallest box around its pixels, in all planes.
    public var box: Region
    /// Its time points.
    public var times: Range<Int>
    /// Its slices.
    public var slices: Range<Int>
    /// Number of pixels, in all planes.
    public var area: Int
    /// The mean of the positions of its pixels.
    public var centroid: Point<OriginalPixels>
    /// How it came about.
    public var source: ObjectSource
    /// The IoU that the model expects.
    public var score: Double?
    /// How little the mask depends on its threshold.
    public var stability: Double?
    /// The logit above which pixels were taken.
    public var threshold: Double?
    /// The name of the model.
    public var model: String?
    /// The hash of the model's weights.
    public var modelHash: String?
    /// Whether only gestures that name it may change it.
    public var isLocked: Bool
    /// Whether a person has agreed with it.
    public var isAccepted: Bool
    /// Whether a person has doubts about it.
    public var isDoubtful: Bool
    /// The object that it descends from, in time series.
    public var parent: UInt32?
}

extension AnnotatedObject: Codable {
    private enum Key: String, CodingKey {
        case label, name, box, t, z, area, centroid, source, score, stability, threshold, model
        case modelHash, locked, accepted, doubtful, parent
        case category = "class"
    }

    /// Reads the JSON form.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        func numbers<Value: Decodable>(_ key: Key, _ count: Int) throws -> [Value] {
            let list = try values.decode([Value].self, forKey: key)
            guard list.count == count else {
                throw DecodingError.dataCorruptedError(
                    forKey: key,
                    in: values,
                    debugDescription: "\(count) numbers were expected"
                )
            }
            return list
        }
        label = try values.decode(UInt32.self, forKey: .label)
        category = try values.decodeIfPresent(String.self, forKey: .category)
        name = try values.decodeIfPresent(String.self, forKey: .name)
        let edges: [Int] = try numbers(.box, 4)
        box = Region(
            x: edges[1],
            y: edges[0],
            width: edges[3] - edges[1],
            height: edges[2] - edges[0]
        )
        let (t, z): ([Int], [Int]) = (try numbers(.t, 2), try numbers(.z, 2))
        times = t[0]..<max(t[0], t[1])
        slices = z[0]..<max(z[0], z[1])
        area = try values.decode(Int.self, forKey: .area)
        let center: [Double] = try numbers(.centroid, 2)
        centroid = Point(x: center[1], y: center[0])
        source = try values.decode(ObjectSource.self, forKey: .source)
        score = try values.decodeIfPresent(Double.self, forKey: .score)
        stability = try values.decodeIfPresent(Double.self, forKey: .stability)
        threshold = try values.decodeIfPresent(Double.self, forKey: .threshold)
        model = try values.decodeIfPresent(String.self, forKey: .model)
        modelHash = try values.decodeIfPresent(String.self, forKey: .modelHash)
        isLocked = try values.decode(Bool.self, forKey: .locked)
        isAccepted = try values.decode(Bool.self, forKey: .accepted)
        isDoubtful = try values.decode(Bool.self, forKey: .doubtful)
        parent = try values.decodeIfPresent(UInt32.self, forKey: .parent)
    }

    /// Writes the JSON form; what is not known is null.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(label, forKey: .label)
        try values.encode(category, forKey: .category)
        try values.encode(name, forKey: .name)
        try values.encode([box.y, box.x, box.endY, box.endX], forKey: .box)
        try values.encode([times.lowerBound, times.upperBound], forKey: .t)
        try values.encode([slices.lowerBound, slices.upperBound], forKey: .z)
        try values.encode(area, forKey: .area)
        try values.encode([centroid.y, centroid.x], forKey: .centroid)
        try values.encode(source, forKey: .source)
        try values.encode(score, forKey: .score)
        try values.encode(stability, forKey: .stability)
        try values.encode(threshold, forKey: .threshold)
        try values.encode(model, forKey: .model)
        try values.encode(modelHash, forKey: .modelHash)
        try values.encode(isLocked, forKey: .locked)
        try values.encode(isAccepted, forKey: .accepted)
        try values.encode(isDoubtful, forKey: .doubtful)
        try values.encode(parent, forKey: .parent)
    }
}

/// An object with what it was made from.
public struct ObjectDetails: Hashable, Codable, Sendable {
    /// The object.
    public var object: AnnotatedObject
    /// The prompts from which its mask was predicted; empty for other sources.
    public var prompts: [Prompt]
    /// How the prompts became a mask.
    public var options: PromptOptions?
}
