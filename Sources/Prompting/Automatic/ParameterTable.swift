import Imaging

extension AutomaticSegmentationOptions {
    /// Sets parameters of a mode by micro-sam's names, as a grid search finds them.
    ///
    /// - Parameter parameters: Values by name; switches are 0 or 1.
    /// - Throws: `ImagingError.invalidParameter` for a name that the mode does not know, or a value that
    ///   is not finite.
    public mutating func set(_ parameters: [String: Double], of mode: AutomaticMode) throws {
        switch mode {
        case .instanceDecoder:
            watershed = try ParameterTable.apply(
                parameters,
                ParameterTable.watershed,
                to: watershed
            )
        case .maskGeneration:
            filter = try ParameterTable.apply(parameters, ParameterTable.maskFilter, to: filter)
        case .generatedPrompts:
            prompts = try ParameterTable.apply(
                parameters,
                ParameterTable.promptGeneration,
                to: prompts
            )
        }
    }
}

/// Which field of the options has which name in micro-sam.
public enum ParameterTable {
    /// The names of the parameters of a mode, in alphabetical order.
    public static func names(of mode: AutomaticMode) -> [String] {
        switch mode {
        case .instanceDecoder: watershed.keys.sorted()
        case .maskGeneration: maskFilter.keys.sorted()
        case .generatedPrompts: promptGeneration.keys.sorted()
        }
    }

    /// Whether a parameter is on or off, instead of a number.
    public static func isSwitch(_ name: String) -> Bool { switches[name] != nil }

    typealias Setter<Options> = @Sendable (inout Options, Double) -> Void

    static let watershed: [String: Setter<WatershedOptions>] = [
        "center_distance_threshold": { $0.centerDistanceThreshold = Float($1) },
        "boundary_distance_threshold": { $0.boundaryDistanceThreshold = Float($1) },
        "foreground_threshold": { $0.foregroundThreshold = Float($1) },
        "foreground_smoothing": { $0.foregroundSmoothing = $1 },
        "distance_smoothing": { $0.distanceSmoothing = $1 },
        "seed_depth": { $0.seedDepth = $1 > 0 ? Float($1) : nil },
        "min_size": { $0.minimumSize = Int($1) },
    ]

    static let maskFilter: [String: Setter<MaskFilterOptions>] = [
        "pred_iou_thresh": { $0.scoreThreshold = $1 },
        "stability_score_thresh": { $0.stabilityThreshold = $1 },
        "box_nms_thresh": { $0.boxOverlapThreshold = $1 },
        "crop_nms_thresh": { $0.cropOverlapThreshold = $1 },
        "min_mask_region_area": { $0.minimumRegionArea = Int($1) },
    ]

    static let promptGeneration: [String: Setter<PromptGenerationOptions>] = {
        var table = promptNumbers
        for (name, set) in switches { table[name] = { set(&$0, $1 != 0) } }
        return table
    }()

    private static let promptNumbers: [String: Setter<PromptGenerationOptions>] = [
        "center_distance_threshold": { $0.thresholds.centerDistanceThreshold = Float($1) },
        "boundary_distance_threshold": { $0.thresholds.boundaryDistanceThreshold = Float($1) },
        "foreground_threshold": { $0.thresholds.foregroundThreshold = Float($1) },
        "min_size": { $0.minimumSize = Int($1) },
        "nms_threshold": { $0.overlapThreshold = $1 },
        "mask_threshold": { $0.maskThreshold = .logit(Float($1)) },
    ]

    /// Parameters that are on or off; only the derived points have some.
    private static let switches: [String: @Sendable (inout PromptGenerationOptions, Bool) -> Void] =
        [
            "intersection_over_min": {
                $0.overlapMeasure = $1 ? .intersectionOverMinimum : .intersectionOverUnion
            },
            "multimasking": { $0.usesMultipleMasks = $1 },
            "refine_with_box_prompts": { $0.refinesWithBoxes = $1 },
        ]

    static func apply<Options>(
        _ parameters: [String: Double],
        _ table: [String: Setter<Options>],
        to defaults: Options
    ) throws -> Options {
        var options = defaults
        for (name, value) in parameters {
            guard let set = table[name] else {
                throw ImagingError.invalidParameter(
                    name,
                    reason: "is unknown; there are \(table.keys.sorted().joined(separator: ", "))"
                )
            }
            guard value.isFinite, abs(value) < 1e9 else {
                throw ImagingError.invalidParameter(name, reason: "must be finite, but is \(value)")
            }
            set(&options, value)
        }
        return options
    }
}
