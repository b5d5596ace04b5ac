import Imaging

/// How candidates for automatic mask generation (AMG) are made.
public struct MaskGenerationOptions: Hashable, Codable, Sendable {
    /// Prompt points along each side of the image or crop.
    public var pointsPerSide = 32

    /// Layers of crops beyond the whole image, each with its own embeddings.
    public var cropLayers = 0

    /// Overlap of crops relative to the image.
    public var cropOverlapRatio = CropLayers.samOverlapRatio

    /// Divisor of the points per side from one layer of crops to the next.
    public var cropPointsDownscaleFactor = 1

    /// Shift of the threshold in the stability score, in logits.
    public var stabilityOffset: Float = 1

    /// Points that go through the decoder together; the result does not depend on it.
    public var batchSize = 8

    /// Masks that are expected to be no better than this are never made, which is three times faster;
    /// nil makes all, so that every threshold can be chosen later.
    public var minimumScore: Double?

    /// The reference's defaults.
    public init() {}
}

/// Which candidates become masks.
public struct MaskFilterOptions: Hashable, Codable, Sendable {
    /// Masks that are expected to be no better than this are dropped.
    public var scoreThreshold = 0.88

    /// Masks less stable than this are dropped.
    public var stabilityThreshold = 0.95

    /// Of two masks of a crop whose boxes overlap more than this, the one with the lower score is
    /// dropped.
    public var boxOverlapThreshold = 0.7

    /// The same between crops, where the mask of the larger crop is dropped.
    public var cropOverlapThreshold = 0.7

    /// Holes and islands of fewer pixels are removed from masks.
    public var minimumRegionArea = 0

    /// The reference's defaults.
    public init() {}
}
