public import ArgumentParser
import Imaging
import Jobs
public import Prompting

/// How objects go from the slices with prompts through a volume.
struct VolumePromptArguments: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Follow each object through all slices of a stack; the labels are a stack.",
            discussion:
                "Prompts have their slice in front (z,y,x), or --z names it. A slice with nothing but negative "
                + "points ends the object."
        )
    )
    var volume = false

    @Flag(
        help: ArgumentHelp(
            "Follow each object forward through the frames of a movie; the labels are a stack.",
            discussion:
                "Prompts have their frame in front (t,y,x), or --t names it. A frame with nothing but negative "
                + "points ends the object. A file of prompts names the parents of daughters (docs/tracking.md)."
        )
    )
    var movie = false

    @Option(
        help: ArgumentHelp(
            "Also write the objects of a movie as a folder of the Cell Tracking Challenge.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var tracks: String?

    @Option(
        help: ArgumentHelp(
            "The weight of earlier motion when the next place of an object is predicted, 0...1. Default: 0.5.",
            valueName: "weight"
        )
    )
    var motionSmoothing: Double?

    @Option(
        help: ArgumentHelp(
            "The prompts that the model gets from a mask in the next slice: mask, points, box, points_and_mask or "
                + "single_point. Default: single_point.",
            valueName: "prompts"
        ),
        completion: .list(MaskProjection.named.map(\.name))
    )
    var projection: ProjectionArgument?

    @Option(
        help: ArgumentHelp(
            "An object ends where the overlap (IoU) of neighbouring masks is smaller, 0...1. Default: 0.5.",
            valueName: "iou"
        )
    )
    var overlapThreshold: Double?

    @Option(
        help:
            "Margin around projected boxes: a fraction of the side below 1, pixels from 1 on. Default: 0.05."
    )
    var projectionExtension: Double?

    @Option(
        help: ArgumentHelp(
            "The first and the last slice or frame that objects may reach, such as 3,17. Default: all.",
            valueName: "first,last"
        )
    )
    var zRange: SliceRange?

    @Option(
        help: ArgumentHelp(
            "End an object after so many slices without it. Default: 1.",
            discussion: "If it is found again before, the slices between are filled with shapes.",
            valueName: "slices"
        )
    )
    var stopAfterEmpty: Int?

    @Option(
        help: ArgumentHelp(
            "What fills the slices between two slices with prompts: project, interpolate or bisect. Default: project.",
            discussion:
                "project goes from both sides to the middle, interpolate takes shapes between both masks, and "
                + "bisect asks the model in the middle, then in the middle of each half."
        )
    )
    var fill: PropagationOptions.Filling?

    @Option(
        help: ArgumentHelp(
            "A label stack; its objects keep their pixels, and are not in the result.",
            valueName: "file"
        ),
        completion: .file()
    )
    var besides: String?

    @Option(
        help: ArgumentHelp(
            "Results to write, as in 'usam segment'; separated by commas. Default: the format of the output's name.",
            valueName: "formats"
        ),
        completion: .list(ResultKind.formats.map(\.rawValue))
    )
    var format: FormatList?

    func validate() throws {
        let names = [
            ("--projection", projection != nil), ("--overlap-threshold", overlapThreshold != nil),
            ("--projection-extension", projectionExtension != nil), ("--z-range", zRange != nil),
            ("--stop-after-empty", stopAfterEmpty != nil), ("--fill", fill != nil),
            ("--besides", besides != nil), ("--format", format != nil),
        ]
        if !isOn, let name = names.first(where: \.1)?.0 {
            throw ValidationError("\(name) is for volumes and movies; add --volume or --movie.")
        }
        if !movie,
            let name = tracks != nil
                ? "--tracks" : motionSmoothing.map({ _ in "--motion-smoothing" })
        {
            throw ValidationError("\(name) is for movies; add --movie.")
        }
        if volume, movie {
            throw ValidationError("--volume and --movie cannot be combined.")
        }
        if isOn, let defect = value(isReference: false).defect {
            throw ValidationError("\(defect.prefix(1).uppercased() + defect.dropFirst()).")
        }
    }

    /// Whether objects go through several planes.
    var isOn: Bool { volume || movie }

    /// The options.
    ///
    /// - Parameter isReference: Whether micro-sam's behaviour is asked for.
    func value(isReference: Bool) -> PropagationOptions {
        var options = PropagationOptions()
        options.projection = projection?.projection ?? options.projection
        options.overlapThreshold = overlapThreshold ?? options.overlapThreshold
        options.boxExtension = projectionExtension ?? options.boxExtension
        options.slices = zRange?.slices
        options.stopAfterEmpty = stopAfterEmpty ?? options.stopAfterEmpty
        options.motionSmoothing = motionSmoothing ?? options.motionSmoothing
        options.filling = fill ?? options.filling
        options.followsReference = isReference
        return options
    }
}

/// A way of projection by its name.
struct ProjectionArgument: ExpressibleByArgument, Hashable {
    let projection: MaskProjection

    static var allValueStrings: [String] { MaskProjection.named.map(\.name) }

    init?(argument: String) {
        let name = argument.lowercased().replacing("-", with: "_")
        guard let known = MaskProjection.named.first(where: { $0.name == name }) else { return nil }
        projection = known.projection
    }
}

/// `first,last`.
struct SliceRange: ExpressibleByArgument, Hashable {
    let slices: ClosedRange<Int>

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard parts.count == 2, numbers.count == 2, numbers[0] >= 0, numbers[0] <= numbers[1] else {
            return nil
        }
        slices = numbers[0]...numbers[1]
    }
}

extension PropagationOptions.Filling: ExpressibleByArgument {}
