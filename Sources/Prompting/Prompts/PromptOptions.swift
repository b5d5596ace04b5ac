/// How prompts become masks.
///
/// In JSON every key may be left out; what is missing has its default.
public struct PromptOptions: Hashable, Sendable {
    /// Which masks are predicted and which of them are returned.
    public enum MaskChoice: String, Hashable, Codable, Sendable, CaseIterable {
        /// The best of three for a single positive point, one mask for everything else.
        case automatic
        /// One mask, meant for prompts that leave no doubt.
        case single
        /// The best of three masks, by the IoU that the model expects.
        case best
        /// All three masks.
        case all
        /// The smallest of three masks.
        case smallest
        /// The middle one of three masks by area.
        case middle
        /// The largest of three masks.
        case largest
    }

    /// Who gets the pixels that several masks claim.
    public enum Overlap: String, Hashable, Codable, Sendable, CaseIterable {
        /// The object with more pixels.
        case larger
        /// The object with fewer pixels.
        case smaller
        /// The object with the higher score.
        case score
        /// The object that comes later.
        case order
    }

    /// Which points are taken from masks, polygons and ellipses.
    public enum MaskPoints: String, Hashable, Codable, Sendable, CaseIterable {
        /// None.
        case none
        /// The innermost pixel.
        case single
        /// Several, inside and outside.
        case several
    }

    /// Margin around boxes: below 1 a share of the side, from 1 on pixels.
    public var boxExtension = 0.0

    /// Which masks are predicted and returned.
    public var masks = MaskChoice.automatic

    /// How often each object is predicted again with its own mask as an additional prompt, 0...10.
    public var refinements = 0

    /// Who gets the pixels that several masks claim.
    public var overlap = Overlap.larger

    /// Whether the box around a mask prompt is used.
    public var usesMaskBox = true

    /// Whether the mask itself is used.
    public var usesMaskLogits = true

    /// Which points are taken from a mask prompt.
    public var maskPoints = MaskPoints.none

    /// Whether points beside a mask prompt have x and y exchanged, as micro-sam 1.8 has it.
    public var swapsPointsOfMasks = false

    /// Whether only the connected parts of a mask stay that were pointed at; of objects without points, the
    /// largest part.
    public var keepsPointedPart = false

    /// Whether holes of masks are filled.
    public var fillsHoles = false

    /// Logit above which a pixel belongs to the object.
    public var maskThreshold = 0.0

    /// Objects of fewer pixels are left out of label images.
    public var minimumSize = 0

    /// Objects that go through the decoder together, 1...1024; the result does not depend on it.
    public var batchSize = 8

    /// The reference's defaults.
    public init() {}

    /// What cannot be done, `nil` if nothing is wrong.
    public var defect: String? {
        if !(boxExtension >= 0 && boxExtension <= Prompt.coordinateLimit) {
            return "box_extension is \(boxExtension); it must be 0 or more"
        }
        if !(0...10).contains(refinements) {
            return "refinements is \(refinements); it must be between 0 and 10"
        }
        if refinements > 0, masks == .all {
            return
                "masks is 'all', but only a single mask can be refined; choose one, or no refinements"
        }
        if !maskThreshold.isFinite { return "mask_threshold must be finite" }
        if minimumSize < 0 { return "minimum_size is \(minimumSize); it cannot be negative" }
        if !(1...1024).contains(batchSize) {
            return "batch_size is \(batchSize); it must be between 1 and 1024"
        }
        return nil
    }
}

extension PromptOptions: Codable {
    private enum Key: String, CodingKey {
        case boxExtension = "box_extension"
        case masks, refinements, overlap
        case usesMaskBox = "uses_mask_box"
        case usesMaskLogits = "uses_mask_logits"
        case maskPoints = "mask_points"
        case swapsPointsOfMasks = "swaps_points_of_masks"
        case keepsPointedPart = "keeps_pointed_part"
        case fillsHoles = "fills_holes"
        case maskThreshold = "mask_threshold"
        case minimumSize = "minimum_size"
        case batchSize = "batch_size"
    }

    /// Reads the JSON form; what is missing has its default.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        self.init()
        func read<Value: Decodable>(_ key: Key, _ value: inout Value) throws {
            value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
        }
        try read(.boxExtension, &boxExtension)
        try read(.masks, &masks)
        try read(.refinements, &refinements)
        try read(.overlap, &overlap)
        try read(.usesMaskBox, &usesMaskBox)
        try read(.usesMaskLogits, &usesMaskLogits)
        try read(.maskPoints, &maskPoints)
        try read(.swapsPointsOfMasks, &swapsPointsOfMasks)
        try read(.keepsPointedPart, &keepsPointedPart)
        try read(.fillsHoles, &fillsHoles)
        try read(.maskThreshold, &maskThreshold)
        try read(.minimumSize, &minimumSize)
        try read(.batchSize, &batchSize)
        if let defect {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: decoder.codingPath, debugDescription: defect)
            )
        }
    }

    /// Writes the JSON form with all keys.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(boxExtension, forKey: .boxExtension)
        try values.encode(masks, forKey: .masks)
        try values.encode(refinements, forKey: .refinements)
        try values.encode(overlap, forKey: .overlap)
        try values.encode(usesMaskBox, forKey: .usesMaskBox)
        try values.encode(usesMaskLogits, forKey: .usesMaskLogits)
        try values.encode(maskPoints, forKey: .maskPoints)
        try values.encode(swapsPointsOfMasks, forKey: .swapsPointsOfMasks)
        try values.encode(keepsPointedPart, forKey: .keepsPointedPart)
        try values.encode(fillsHoles, forKey: .fillsHoles)
        try values.encode(maskThreshold, forKey: .maskThreshold)
        try values.encode(minimumSize, forKey: .minimumSize)
        try values.encode(batchSize, forKey: .batchSize)
    }
}
