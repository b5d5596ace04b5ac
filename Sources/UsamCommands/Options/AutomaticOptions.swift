import ArgumentParser
import Evaluation
import Imaging
import Judging
import ModelZoo
import Presentation
import Prompting
import Segmentation

/// The way in which objects are found.
struct ModeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "auto, ais (decoder maps), apg (prompts from the decoder maps) or amg (a grid of points).",
            discussion: "auto uses ais if the model has a decoder, otherwise amg.",
            valueName: "mode"
        ),
        completion: .list(["auto", "ais", "apg", "amg"])
    )
    var mode: ModeChoice = .automatic

    @Option(
        help: ArgumentHelp(
            "Mode and parameters from the best_parameters.json of 'usam evaluate grid-search'.",
            discussion: "Other options override the file.",
            valueName: "file"
        ),
        completion: .file(extensions: ["json"])
    )
    var parameters: String?

    /// What the file holds; nil without one.
    ///
    /// - Throws: `JudgingError` or ``CommandFailure`` if it cannot be read, or is one of another mode than asked for.
    func best() throws -> BestParameters? {
        guard let parameters else { return nil }
        let best = try BestParameters(reading: parameters)
        if case .named(let mode) = mode, mode != best.mode {
            throw CommandFailure(
                "\(parameters): these are parameters of the mode \(best.mode.rawValue), "
                    + "not \(mode.rawValue)"
            )
        }
        return best
    }
}

/// How objects are found automatically, from the options of a command; names and defaults are
/// micro-sam's.
struct AutomaticOptions {
    let choice: ModeChoice
    let best: BestParameters?
    let maps: DecoderMapOptions
    let prompts: GeneratedPromptOptions
    let grid: PointGridOptions

    /// The mode that a model with or without decoder is used in.
    ///
    /// - Throws: `ValidationError` if an option belongs to another mode.
    func mode(hasDecoder: Bool) throws -> AutomaticMode {
        let mode: AutomaticMode =
            switch choice {
            case .automatic where best != nil: best?.mode ?? .instanceDecoder
            case .automatic: hasDecoder ? .instanceDecoder : .maskGeneration
            case .named(let mode): mode
            }
        for (name, modes) in givenOptions where !modes.contains(mode) {
            let owners = modes.map(\.rawValue).joined(separator: " and ")
            throw ValidationError(
                "\(name) is an option of the mode \(owners), but the mode is \(mode.rawValue)"
                    + (choice == .automatic ? " for this model." : ".")
            )
        }
        return mode
    }

    /// The options as the library takes them: those of the model, then of the file, then those that were
    /// given.
    ///
    /// - Parameter suggested: Parameters that the model carries.
    /// - Throws: An error if the file has a parameter that the mode does not know.
    func value(
        _ mode: AutomaticMode,
        suggested: [String: Double] = [:]
    ) throws -> AutomaticSegmentationOptions {
        var options = AutomaticSegmentationOptions()
        options.mode = mode
        if best == nil { try options.set(suggested, of: mode) }
        if let best { try options.set(best.parameters.mapValues(\.number), of: mode) }
        maps.apply(to: &options)
        prompts.apply(to: &options)
        grid.apply(to: &options)
        return options
    }

    /// The options that were given, and the modes that they belong to.
    private var givenOptions: [(name: String, modes: [AutomaticMode])] {
        maps.given + prompts.given.map { ($0, [.generatedPrompts]) }
            + grid.given.map { ($0, [.maskGeneration]) }
    }
}

/// A mode, or the choice of one.
enum ModeChoice: Hashable, Sendable {
    /// The one that suits the model.
    case automatic
    /// This one.
    case named(AutomaticMode)
}

extension ModeChoice: ExpressibleByArgument {
    init?(argument: String) {
        if argument == "auto" {
            self = .automatic
        } else if let mode = AutomaticMode(rawValue: argument) {
            self = .named(mode)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String {
        switch self {
        case .automatic: "auto"
        case .named(let mode): mode.rawValue
        }
    }

    static var allValueStrings: [String] { ["auto", "ais", "apg", "amg"] }
}

/// Options of the modes that use the decoder.
struct DecoderMapOptions: ParsableArguments {
    private static let watershed = WatershedOptions()

    /// What a parameter is without the option: that of the model, which may carry one, or the usual one.
    private static func usual(_ name: String, _ value: some Any) -> String {
        let carried = EmbeddedModel.parameters[name]
        return carried.map {
            "(default: the model's own value, \(EmbeddedModel.name) \($0); otherwise \(value))"
        } ?? "(default: \(value))"
    }

    @Option(
        help: ArgumentHelp(
            "Objects start where the centre map (0 at the object's centre, 1 far away) is below this, 0...1. "
                + "\(usual("center_distance_threshold", watershed.centerDistanceThreshold))"
        )
    )
    var centerDistanceThreshold: Float?

    @Option(
        help: ArgumentHelp(
            "Objects start where the boundary map (1 at the boundary, 0 deep inside) is below this, 0...1. "
                + "\(usual("boundary_distance_threshold", watershed.boundaryDistanceThreshold))"
        )
    )
    var boundaryDistanceThreshold: Float?

    @Option(
        help: ArgumentHelp(
            "Objects are pixels with a foreground value above this, 0...1. "
                + "\(usual("foreground_threshold", watershed.foregroundThreshold))"
        )
    )
    var foregroundThreshold: Float?

    @Option(
        help:
            "Smoothing of the foreground in pixels (ais). \(usual("foreground_smoothing", watershed.foregroundSmoothing))"
    )
    var foregroundSmoothing: Double?

    @Option(
        help:
            "Smoothing of the centre and boundary maps in pixels (ais). \(usual("distance_smoothing", watershed.distanceSmoothing))"
    )
    var distanceSmoothing: Double?

    @Option(
        help:
            "Divide seeds in which the distances rise by this much between two minima, 0...1 (ais). \(usual("seed_depth", 0))"
    )
    var seedDepth: Float?

    @Option(
        help:
            "Remove objects with fewer pixels than this. (default: for ais the model's own value, otherwise 0; for apg 25)"
    )
    var minSize: Int?

    @Flag(
        help: "Grow objects tile by tile, as micro-sam does, instead of in the whole image (ais)."
    )
    var floodTiles = false

    func validate() throws {
        let thresholds = [
            ("--center-distance-threshold", centerDistanceThreshold),
            ("--boundary-distance-threshold", boundaryDistanceThreshold),
            ("--foreground-threshold", foregroundThreshold), ("--seed-depth", seedDepth),
        ]
        for (name, value) in thresholds {
            try requireFraction(name, value.map(Double.init))
        }
        let smoothings = [
            ("--foreground-smoothing", foregroundSmoothing),
            ("--distance-smoothing", distanceSmoothing),
        ]
        for (name, value) in smoothings {
            if let value, !(value >= 0 && value <= 100) {
                throw ValidationError("\(name) is \(value); it must be between 0 and 100 pixels.")
            }
        }
        try requireNumber("--min-size", minSize, from: 0)
    }

    func apply(to options: inout AutomaticSegmentationOptions) {
        for path in [\AutomaticSegmentationOptions.watershed, \.prompts.thresholds] {
            if let centerDistanceThreshold {
                options[keyPath: path].centerDistanceThreshold = centerDistanceThreshold
            }
            if let boundaryDistanceThreshold {
                options[keyPath: path].boundaryDistanceThreshold = boundaryDistanceThreshold
            }
            if let foregroundThreshold {
                options[keyPath: path].foregroundThreshold = foregroundThreshold
            }
        }
        if let foregroundSmoothing { options.watershed.foregroundSmoothing = foregroundSmoothing }
        if let distanceSmoothing { options.watershed.distanceSmoothing = distanceSmoothing }
        if let seedDepth { options.watershed.seedDepth = seedDepth > 0 ? seedDepth : nil }
        if let minSize {
            options.watershed.minimumSize = minSize
            options.prompts.minimumSize = minSize
        }
        if floodTiles { options.floodsWholeImage = false }
    }

    /// What was given, and the modes it belongs to.
    var given: [(name: String, modes: [AutomaticMode])] {
        let both: [AutomaticMode] = [.instanceDecoder, .generatedPrompts]
        let all: [(String, Bool, [AutomaticMode])] = [
            ("--center-distance-threshold", centerDistanceThreshold != nil, both),
            ("--boundary-distance-threshold", boundaryDistanceThreshold != nil, both),
            ("--foreground-threshold", foregroundThreshold != nil, both),
            ("--foreground-smoothing", foregroundSmoothing != nil, [.instanceDecoder]),
            ("--distance-smoothing", distanceSmoothing != nil, [.instanceDecoder]),
            ("--seed-depth", seedDepth != nil, [.instanceDecoder]),
            ("--min-size", minSize != nil, both),
            ("--flood-tiles", floodTiles, [.instanceDecoder]),
        ]
        return all.filter(\.1).map { ($0.0, $0.2) }
    }
}

/// Refuses a number outside of 0...1.
func requireFraction(_ name: String, _ value: Double?) throws {
    if let value, !(value >= 0 && value <= 1) {
        throw ValidationError("\(name) is \(value); it must be between 0 and 1.")
    }
}

/// Refuses a whole number outside of a range.
func requireNumber(_ name: String, _ value: Int?, from least: Int, to most: Int = .max) throws {
    guard let value, !(least...most).contains(value) else { return }
    if value < 0 { throw ValidationError("\(name) is \(value); it cannot be negative.") }
    throw ValidationError(
        most == .max
            ? "\(name) is \(value); it must be \(least) or more."
            : "\(name) is \(value); it must be between \(least) and \(most)."
    )
}
