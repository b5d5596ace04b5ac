public import Imaging

/// How automatic prompt generation (APG) turns decoder maps into prompts and masks into objects.
public struct PromptGenerationOptions: Hashable, Codable, Sendable {
    /// Where points may lie; of these only the three thresholds are used.
    public var thresholds = WatershedOptions()

    /// Objects of fewer pixels are dropped.
    public var minimumSize = 25

    /// Objects of more pixels are dropped; nil for no limit.
    public var maximumSize: Int?

    /// Of two masks that overlap more than this, the worse one is dropped.
    public var overlapThreshold = 0.9

    /// How overlap is measured.
    public var overlapMeasure = NonMaximumSuppression.OverlapMeasure.intersectionOverUnion

    /// Whether the best of three masks per point is taken instead of the single one.
    public var usesMultipleMasks = false

    /// Whether each object is predicted once more from the box around its first mask.
    public var refinesWithBoxes = false

    /// Above which logit a pixel belongs to a mask.
    ///
    /// micro-sam uses it for images in one piece only; here it applies to tiles, too.
    public var maskThreshold = MaskThreshold.logit(0)

    /// Points that go through the decoder together; the result does not depend on it.
    public var batchSize = 8

    /// The reference's defaults.
    public init() {}
}
