import Imaging

/// A ``PredictedMask`` as files and messages hold it, with the name of its object.
public struct ObjectPrediction: Hashable, Sendable {
    /// The id of the object.
    public var id: UInt32

    /// Its name, if it has one.
    public var name: String?

    /// Its class, if it has one.
    public var category: String?

    /// The plane of a stack that it lies in.
    public var place: ObjectPlace

    /// Which of several masks of the object this is, from 0; 0 where there is one.
    public var maskIndex: Int

    /// The IoU that the model expects.
    public var score: Double

    /// How little the mask depends on its threshold, 0...1.
    public var stability: Double

    /// Number of pixels.
    public var area: Int

    /// First row and column, and those after the last: `[y0, x0, y1, x1]`; `nil` for an empty mask.
    public var box: [Int]?

    /// The mask.
    public var mask: EncodedMask

    /// Describes a mask of an object.
    public init(_ mask: PredictedMask, of object: PromptedObject) {
        id = object.id
        name = object.name
        category = object.category
        place = object.place
        maskIndex = mask.index
        score = mask.score
        stability = mask.stability
        area = mask.pixels.area
        box = mask.pixels.boundingBox.map { [$0.y, $0.x, $0.endY, $0.endX] }
        self.mask = EncodedMask(mask.pixels)
    }
}

extension ObjectPrediction: Codable {
    private enum Key: String, CodingKey {
        case id, name, score, stability, area, box, mask
        case category = "class"
        case maskIndex = "mask_index"
    }

    /// Reads the JSON form.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        id = try values.decode(UInt32.self, forKey: .id)
        name = try values.decodeIfPresent(String.self, forKey: .name)
        category = try values.decodeIfPresent(String.self, forKey: .category)
        place = try ObjectPlace(from: decoder)
        maskIndex = try values.decode(Int.self, forKey: .maskIndex)
        score = try values.decode(Double.self, forKey: .score)
        stability = try values.decode(Double.self, forKey: .stability)
        area = try values.decode(Int.self, forKey: .area)
        box = try values.decodeIfPresent([Int].self, forKey: .box)
        mask = try values.decode(EncodedMask.self, forKey: .mask)
    }

    /// Writes the JSON form.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(id, forKey: .id)
        try values.encodeIfPresent(name, forKey: .name)
        try values.encodeIfPresent(category, forKey: .category)
        try place.encode(to: encoder)
        try values.encode(maskIndex, forKey: .maskIndex)
        try values.encode(score, forKey: .score)
        try values.encode(stability, forKey: .stability)
        try values.encode(area, forKey: .area)
        try values.encodeIfPresent(box, forKey: .box)
        try values.encode(mask, forKey: .mask)
    }
}

/// The masks of all objects of one image, and how they were made.
public struct PredictionDocument: Hashable, Codable, Sendable {
    /// The first words of the JSON form.
    public static let formatName = "microsam.predictions"

    /// ``formatName``.
    public var format = Self.formatName

    /// The version of the form.
    public var version = 1

    /// The image.
    public var image: PromptDocument.Image

    /// The model's name.
    public var model: String?

    /// How prompts became masks.
    public var options: PromptOptions

    /// The masks, in the order of the objects.
    public var predictions: [ObjectPrediction]

    /// Creates a document.
    public init(
        image: PromptDocument.Image,
        model: String? = nil,
        options: PromptOptions,
        predictions: [ObjectPrediction]
    ) {
        self.image = image
        self.model = model
        self.options = options
        self.predictions = predictions
    }
}
