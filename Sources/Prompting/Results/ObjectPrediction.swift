import Imaging

/// A ``PredictedMask`` as files and messages hold it, with the name of its object.
public struct ObjectPrediction: Hashable, Codable, Sendable {
    /// The id of the object.
    public var id: UInt32

    /// Its name, if it has one.
    public var name: String?

    /// Its class, if it has one.
    public var category: String?

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

    private enum CodingKeys: String, CodingKey {
        case id, name, score, stability, area, box, mask
        case category = "class"
        case maskIndex = "mask_index"
    }

    /// Describes a mask of an object.
    public init(_ mask: PredictedMask, of object: PromptedObject) {
        id = object.id
        name = object.name
        category = object.category
        maskIndex = mask.index
        score = mask.score
        stability = mask.stability
        area = mask.pixels.area
        box = mask.pixels.boundingBox.map { [$0.y, $0.x, $0.endY, $0.endX] }
        self.mask = EncodedMask(mask.pixels)
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
