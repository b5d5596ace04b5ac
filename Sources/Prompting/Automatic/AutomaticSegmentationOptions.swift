public import Imaging

/// The ways to find all objects of an image.
public enum AutomaticMode: String, Hashable, Codable, Sendable, CaseIterable {
    /// Watershed of the decoder's maps.
    case instanceDecoder = "ais"

    /// Points from the decoder's maps as prompts.
    case generatedPrompts = "apg"

    /// A grid of points as prompts; needs no decoder.
    case maskGeneration = "amg"
}

/// How all objects of an image are found; of the options only those of the mode are used.
public struct AutomaticSegmentationOptions: Hashable, Codable, Sendable {
    /// The mode; nil takes the decoder if the model has one, and a grid of points otherwise.
    public var mode: AutomaticMode?

    /// How the decoder's maps become objects.
    public var watershed = WatershedOptions()

    /// Whether the maps of an image in tiles are flooded as one; otherwise tile by tile, as the
    /// reference does.
    public var floodsWholeImage = true

    /// How the decoder's maps become prompts, and masks objects.
    public var prompts = PromptGenerationOptions()

    /// How masks are generated from a grid.
    public var generation = MaskGenerationOptions()

    /// Which generated masks remain.
    public var filter = MaskFilterOptions()

    /// Whether the largest object of a generated segmentation is background if it is larger than
    /// what no mask covers.
    public var removesLargestObject = true

    /// The reference's defaults.
    public init() {}
}
