public import Imaging
public import Prompting
public import Segmentation

/// What is asked of a model for each image.
public struct JudgeSettings: Hashable, Codable, Sendable {
    /// How objects are found automatically; nil to leave that out.
    public var method: AutomaticMode? = .instanceDecoder

    /// Parameters of the method, by micro-sam's names.
    public var parameters: [String: Double] = [:]

    /// How images are divided.
    public var tiling = TilingChoice.automatic

    /// From which size on images are joined from their tiles.
    public var limits = PlanningLimits.machine

    /// The first prompts with which every object is asked for.
    public var starts: [IterativePromptingOptions.Start] = []

    /// Prompts drawn once from the truth, each a setting of its own.
    public var fixed: [FixedPromptOptions] = []

    /// Rounds of prompts.
    public var iterations = 1

    /// Whether masks are prompts of the next round.
    public var usesMasks = false

    /// Objects of an image that are prompted at most, evenly spread over all; nil for all.
    public var maximumObjects: Int?

    /// From what correction prompts are drawn.
    public var seed: UInt64 = 0

    /// Whether connected parts of annotated labels count as objects of their own.
    public var splitsLabels = false

    /// Creates settings: automatic segmentation with the decoder, without prompts.
    public init() {}

    /// Creates settings for automatic segmentation as it suits a model: its mode, with the parameters that
    /// it carries.
    public init(for model: Model) {
        method = model.suitedMode
        parameters = model.traits.parameters(of: model.suitedMode)
    }

    /// The options of the method with the parameters.
    ///
    /// - Throws: `ImagingError.invalidParameter` for a name that the method does not know.
    public func options() throws -> AutomaticSegmentationOptions {
        var options = AutomaticSegmentationOptions()
        options.mode = method
        if let method { try options.set(parameters, of: method) }
        return options
    }
}
