import ArgumentParser
import Files
import Foundation
import ImageFormats
import Imaging
import Jobs
import Presentation
import Terminal
import Training

/// What is trained on.
struct TrainingDataOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: "Images: files, folders or patterns, including stacks and containers.",
        completion: .file()
    )
    var images: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: "Label images: 0 is background, and every object has its own number.",
        completion: .file()
    )
    var labels: [String] = []

    @Option(
        name: .customLong("val-images"),
        parsing: .upToNextOption,
        help: "Images for validation (default: a part of --images).",
        completion: .file()
    )
    var validationImages: [String] = []

    @Option(
        name: .customLong("val-labels"),
        parsing: .upToNextOption,
        help: "Labels for validation.",
        completion: .file()
    )
    var validationLabels: [String] = []

    @Option(
        help: ArgumentHelp(
            "A JSON file with several data sets, their weights and all options.",
            valueName: "file"
        ),
        completion: .file(extensions: ["json"])
    )
    var recipe: String?

    @Option(
        name: .shortAndLong,
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
            "Channel, or up to three channels as colours, such as 0,2.",
            valueName: "numbers"
        )
    )
    var channels: NumberList?

    @Option(help: AxesOption.help)
    var axes: String?

    @Flag(help: "Labels are classes, and their connected parts are the objects.")
    var connectedComponents = false

    @Option(
        name: .customLong("min-size"),
        help: ArgumentHelp(
            "Ignore objects with fewer pixels (default: 25).",
            valueName: "pixels"
        )
    )
    var minimumSize: Int?

    @Option(
        help: ArgumentHelp(
            "Fraction of the data for validation (default: 0.2 for few images, otherwise 0.1).",
            valueName: "share"
        )
    )
    var validationFraction: Double?

    /// Whether one of the options was given.
    var isUsed: Bool {
        !(images + labels + validationImages + validationLabels).isEmpty || recipe != nil
            || key != nil || labelKey != nil || channels != nil || axes != nil
            || minimumSize != nil || validationFraction != nil || connectedComponents
    }

    func validate() throws {
        if recipe != nil {
            guard (images + labels + validationImages + validationLabels).isEmpty else {
                throw ValidationError("--recipe names all data; leave --images and --labels out.")
            }
            let isOther =
                key != nil || labelKey != nil || channels != nil || axes != nil
                || minimumSize != nil || validationFraction != nil
            if isOther {
                throw ValidationError(
                    "--key, --label-key, --channels, --axes, --min-size and --validation-fraction belong in "
                        + "the recipe."
                )
            }
        }
        guard images.isEmpty == labels.isEmpty else {
            throw ValidationError("--images and --labels belong together.")
        }
        guard validationImages.isEmpty == validationLabels.isEmpty else {
            throw ValidationError("--val-images and --val-labels belong together.")
        }
        if !validationImages.isEmpty, images.isEmpty {
            throw ValidationError("--val-images needs --images and --labels.")
        }
        if let minimumSize, minimumSize < 0 {
            throw ValidationError("--min-size is \(minimumSize); it must not be negative.")
        }
        if let share = validationFraction, !(share > 0 && share < 1) {
            throw ValidationError("--validation-fraction is \(share); it must be between 0 and 1.")
        }
        try AxesOption.validate(axes)
        if let channels, channels.numbers.count > 3 {
            throw ValidationError("--channels takes one to three numbers.")
        }
    }

    /// The training that a recipe describes, or one on the images that were given.
    ///
    /// - Throws: ``CommandFailure`` for names without files, `TrainingRecipeError`.
    func request() throws -> TrainingRequest {
        var request: TrainingRequest
        if let recipe {
            request = try TrainingRequest(recipe: recipe)
        } else {
            var reading = AnnotatedImage.ReadingOptions()
            reading.imageKey = key
            reading.labelKey = labelKey
            reading.channels = channels?.numbers
            reading.axes = axes
            request = TrainingRequest(
                images: images,
                labels: labels,
                validationImages: validationImages,
                validationLabels: validationLabels,
                reading: reading
            )
        }
        request.recipe = try request.recipe.replacingNames { names, areLabels in
            let list = try InputList(names, of: areLabels ? .labels : .images)
            list.printLeftOut(.system, besides: [.result])
            return list.paths.sorted { $0.naturallyPrecedes($1) }
        }
        request.acceptsClasses = connectedComponents
        return request
    }
}

/// Numbers from 0, separated by commas.
struct NumberList: Hashable, Sendable, ExpressibleByArgument {
    let numbers: [Int]

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        numbers = parts.compactMap { Int($0) }
        guard numbers.count == parts.count, numbers.allSatisfy({ $0 >= 0 }),
            Set(numbers).count == numbers.count
        else { return nil }
    }
}
