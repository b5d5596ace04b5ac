public import ArgumentParser
public import Imaging
import Prompting
import Segmentation

/// Options of automatic prompt generation (APG).
struct GeneratedPromptOptions: ParsableArguments {
    @Option(help: "Remove objects with more pixels than this. (default: no limit)")
    var maxSize: Int?

    @Option(help: "Of two masks that overlap more than this, remove the worse one. (default: 0.9)")
    var nmsThreshold: Double?

    @Flag(help: "Measure overlap relative to the smaller mask, not to the union.")
    var intersectionOverMin = false

    @Flag(help: "Use the best of three masks for each point instead of a single mask.")
    var multimasking = false

    @Flag(help: "Predict each object again from the box around its first mask.")
    var refineWithBoxPrompts = false

    @Option(
        help: ArgumentHelp(
            "Threshold of the model's mask values (logits), or auto; a higher one gives smaller masks. (default: 0)",
            discussion: "auto chooses the threshold of each mask from its contrast.",
            valueName: "logit"
        )
    )
    var maskThreshold: MaskThreshold?

    @Option(help: "Prompts per batch; no effect on the result. (default: 8)")
    var batchSize: Int?

    func validate() throws {
        try requireNumber("--max-size", maxSize, from: 1)
        try requireFraction("--nms-threshold", nmsThreshold)
        try requireNumber("--batch-size", batchSize, from: 1, to: 1024)
    }

    func apply(to options: inout AutomaticSegmentationOptions) {
        if let maxSize { options.prompts.maximumSize = maxSize }
        if let nmsThreshold { options.prompts.overlapThreshold = nmsThreshold }
        if intersectionOverMin { options.prompts.overlapMeasure = .intersectionOverMinimum }
        if multimasking { options.prompts.usesMultipleMasks = true }
        if refineWithBoxPrompts { options.prompts.refinesWithBoxes = true }
        if let maskThreshold { options.prompts.maskThreshold = maskThreshold }
        if let batchSize { options.prompts.batchSize = batchSize }
    }

    /// What was given.
    var given: [String] {
        let all = [
            ("--max-size", maxSize != nil), ("--nms-threshold", nmsThreshold != nil),
            ("--intersection-over-min", intersectionOverMin), ("--multimasking", multimasking),
            ("--refine-with-box-prompts", refineWithBoxPrompts),
            ("--mask-threshold", maskThreshold != nil), ("--batch-size", batchSize != nil),
        ]
        return all.filter(\.1).map(\.0)
    }
}

extension MaskThreshold: ExpressibleByArgument {
    /// A number, or `auto`.
    public init?(argument: String) {
        if argument == "auto" {
            self = .contrast
        } else if let value = Float(argument), value.isFinite {
            self = .logit(value)
        } else {
            return nil
        }
    }
}

/// Options of automatic mask generation (AMG).
struct PointGridOptions: ParsableArguments {
    @Option(help: "Points along each side of the image, crop or tile. (default: 32)")
    var pointsPerSide: Int?

    @Option(help: "Points per batch; no effect on the result. (default: 8)")
    var pointsPerBatch: Int?

    @Option(help: "Layers of crops in addition to the whole image. (default: 0)")
    var cropNLayers: Int?

    @Option(help: "Overlap of crops relative to the image. (default: 0.341)")
    var cropOverlapRatio: Double?

    @Option(
        help:
            "Divide the points per side by this factor in each further layer of crops. (default: 1)"
    )
    var cropNPointsDownscaleFactor: Int?

    @Option(help: "Shift of the threshold in the stability score, in logits. (default: 1.0)")
    var stabilityScoreOffset: Float?

    @Option(help: "Remove masks with a predicted IoU below this, 0...1. (default: 0.88)")
    var predIouThresh: Double?

    @Option(help: "Remove masks with a stability score below this, 0...1. (default: 0.95)")
    var stabilityScoreThresh: Double?

    @Option(
        help: "Of two masks whose boxes overlap more than this, remove the worse. (default: 0.7)"
    )
    var boxNmsThresh: Double?

    @Option(
        help:
            "Of two masks from different crops or tiles whose boxes overlap more than this, remove the worse. (default: 0.7)"
    )
    var cropNmsThresh: Double?

    @Option(help: "Fill holes and remove islands with fewer pixels than this. (default: 0)")
    var minMaskRegionArea: Int?

    @Flag(
        inversion: .prefixedNo,
        help:
            "Remove the largest object, as background, if it is larger than the area outside all objects. (default: --with-background)"
    )
    var withBackground: Bool?

    func validate() throws {
        try requireNumber("--points-per-side", pointsPerSide, from: 1, to: 1024)
        try requireNumber("--points-per-batch", pointsPerBatch, from: 1, to: 1024)
        try requireNumber("--crop-n-layers", cropNLayers, from: 0, to: 6)
        try requireNumber(
            "--crop-n-points-downscale-factor",
            cropNPointsDownscaleFactor,
            from: 1,
            to: 1024
        )
        if let offset = stabilityScoreOffset, !(offset > 0 && offset <= 100) {
            throw ValidationError(
                "--stability-score-offset is \(offset); it must be more than 0 and at most 100."
            )
        }
        let fractions = [
            ("--crop-overlap-ratio", cropOverlapRatio), ("--pred-iou-thresh", predIouThresh),
            ("--stability-score-thresh", stabilityScoreThresh),
            ("--box-nms-thresh", boxNmsThresh), ("--crop-nms-thresh", cropNmsThresh),
        ]
        for (name, value) in fractions { try requireFraction(name, value) }
        try requireNumber("--min-mask-region-area", minMaskRegionArea, from: 0)
    }

    func apply(to options: inout AutomaticSegmentationOptions) {
        func set<Value>(
            _ path: WritableKeyPath<AutomaticSegmentationOptions, Value>,
            _ value: Value?
        ) {
            if let value { options[keyPath: path] = value }
        }
        set(\.generation.pointsPerSide, pointsPerSide)
        set(\.generation.batchSize, pointsPerBatch)
        set(\.generation.cropLayers, cropNLayers)
        set(\.generation.cropOverlapRatio, cropOverlapRatio)
        set(\.generation.cropPointsDownscaleFactor, cropNPointsDownscaleFactor)
        set(\.generation.stabilityOffset, stabilityScoreOffset)
        set(\.filter.scoreThreshold, predIouThresh)
        set(\.filter.stabilityThreshold, stabilityScoreThresh)
        set(\.filter.boxOverlapThreshold, boxNmsThresh)
        set(\.filter.cropOverlapThreshold, cropNmsThresh)
        set(\.filter.minimumRegionArea, minMaskRegionArea)
        set(\.removesLargestObject, withBackground)
    }

    /// What was given.
    var given: [String] {
        let all = [
            ("--points-per-side", pointsPerSide != nil),
            ("--points-per-batch", pointsPerBatch != nil),
            ("--crop-n-layers", cropNLayers != nil),
            ("--crop-overlap-ratio", cropOverlapRatio != nil),
            ("--crop-n-points-downscale-factor", cropNPointsDownscaleFactor != nil),
            ("--stability-score-offset", stabilityScoreOffset != nil),
            ("--pred-iou-thresh", predIouThresh != nil),
            ("--stability-score-thresh", stabilityScoreThresh != nil),
            ("--box-nms-thresh", boxNmsThresh != nil),
            ("--crop-nms-thresh", cropNmsThresh != nil),
            ("--min-mask-region-area", minMaskRegionArea != nil),
            ("--with-background", withBackground != nil),
        ]
        return all.filter(\.1).map(\.0)
    }
}
