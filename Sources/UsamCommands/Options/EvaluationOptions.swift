public import ArgumentParser
import Evaluation
import Files
import ImageFormats
import Jobs
import Judging
import ModelZoo
import Presentation
import Prompting
public import Segmentation

/// How automatic segmentation works in an evaluation.
struct MethodOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How objects are found: ais, amg or apg.",
            discussion: """
                ais: watershed of the decoder's maps; amg: masks from a grid of points; apg: masks from \
                points derived from the decoder's maps.
                """,
            valueName: "mode"
        )
    )
    var mode = AutomaticMode.instanceDecoder

    @Option(
        help: ArgumentHelp(
            "A parameter of the mode, with micro-sam's name, such as min_size=50; can be repeated.",
            valueName: "name=value"
        )
    )
    var set: [String] = []

    @Option(
        help: ArgumentHelp(
            "Parameters from the JSON file that 'usam evaluate grid-search' writes.",
            valueName: "file"
        ),
        completion: .file(extensions: ["json"])
    )
    var parameters: String?

    func validate() throws {
        for text in set { _ = try Self.parsed(text, mode) }
    }

    /// The parameters by name: those of the file, or else those that the model carries, then those given
    /// one by one.
    func values(_ weights: ModelWeights? = nil) throws -> [String: Double] {
        var values = weights?.traits.parameters(of: mode) ?? [:]
        if let parameters {
            let best = try BestParameters(reading: parameters)
            guard best.mode == mode else {
                throw CommandFailure(
                    "\(parameters): these are parameters of the mode \(best.mode.rawValue), "
                        + "not \(mode.rawValue)"
                )
            }
            values = best.parameters.mapValues(\.number)
        }
        for text in set {
            let (name, value) = try Self.parsed(text, mode)
            values[name] = value
        }
        return values
    }

    private static func parsed(
        _ text: String,
        _ mode: AutomaticMode
    ) throws -> (name: String, value: Double) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        let numbers = ["true": 1.0, "false": 0]
        guard parts.count == 2, let value = numbers[parts[1]] ?? Double(parts[1]),
            value.isFinite
        else {
            throw ValidationError("--set takes NAME=VALUE with a number, true or false.")
        }
        let known = ParameterTable.names(of: mode)
        guard known.contains(parts[0]) else {
            throw ValidationError(
                "The mode \(mode.rawValue) has no parameter '\(parts[0])'; "
                    + "its parameters are \(Wording.list(known))."
            )
        }
        return (parts[0], value)
    }
}

extension AutomaticMode: ExpressibleByArgument {}
extension IterativePromptingOptions.Start: ExpressibleByArgument {}

/// The images of an evaluation, and their annotations.
struct AnnotatedData: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Images: files, folders or patterns.", valueName: "images"),
        completion: .file()
    )
    var images: [String]

    @Option(
        parsing: .upToNextOption,
        help: "Annotated label images: files, folders or patterns.",
        completion: .file()
    )
    var labels: [String]

    /// Images and labels in pairs.
    func pairs(_ files: EvaluationFileOptions) throws -> PairedFiles {
        try PairedFiles(images, labels: labels, reading: files.reading)
    }
}

/// How images and labels of an evaluation are read.
struct EvaluationFileOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The data set inside image containers such as HDF5.",
            valueName: "path"
        )
    )
    var key: String?

    @Option(help: ArgumentHelp("The data set inside label containers.", valueName: "path"))
    var labelKey: String?

    @Option(
        help: ArgumentHelp(
            "Channel, counted from 0; up to three, such as 0,2, become RGB (default: three "
                + "channels are used as colours).",
            valueName: "number"
        )
    )
    var channel: ChannelList?

    @Option(help: AxesOption.help)
    var axes: String?

    @Flag(
        help: "Count connected parts of an annotated label as separate objects, as micro-sam does."
    )
    var splitLabels = false

    func validate() throws {
        let numbers = channel?.numbers.compactMap(\.1) ?? []
        guard numbers.count == channel?.channels.count ?? 0 else {
            throw ValidationError("--channel takes numbers, because channels have no names here.")
        }
        if let number = numbers.first(where: { $0 < 0 }) {
            throw ValidationError("--channel is \(number); it counts from 0.")
        }
        try AxesOption.validate(axes)
    }

    /// How images and labels are read.
    var reading: AnnotatedImage.ReadingOptions {
        .init(
            imageKey: key,
            labelKey: labelKey,
            channels: channel?.numbers.compactMap(\.1),
            axes: axes
        )
    }
}

/// Which part of the data is used, and where results go.
struct EvaluationRunOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Maximum number of images, evenly spread over all.",
            valueName: "count"
        )
    )
    var limit: Int?

    @Option(
        help: ArgumentHelp(
            "Maximum number of prompted objects per image, evenly spread over all.",
            valueName: "count"
        )
    )
    var objects: Int?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A folder for tables (CSV, JSON) and plots (SVG). An interrupted run is continued.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var output: String?

    @Flag(help: "Replace existing results in the folder.")
    var force = false

    @Flag(help: "Print the summary as JSON.")
    var json = false

    @Flag(help: "Show no progress.")
    var quiet = false

    func validate() throws {
        for (name, value) in [("--limit", limit), ("--objects", objects)] {
            if let value, value < 1 {
                throw ValidationError("\(name) is \(value); it must be at least 1.")
            }
        }
    }
}
