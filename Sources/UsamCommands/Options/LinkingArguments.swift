public import ArgumentParser
public import Jobs
import Tracking

/// How objects of neighbouring frames are linked.
struct LinkingArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A model of Trackastra that links the objects: its folder, or the archive as downloaded. Default: objects are linked "
                + "by overlap, distance, shape and motion.",
            valueName: "folder or file"
        ),
        completion: .file()
    )
    var trackastra: String?

    @Option(
        help: ArgumentHelp(
            "How links of Trackastra are chosen: greedy takes the best first, ilp the best sum. Default: greedy.",
            valueName: "method"
        )
    )
    var solver: LinkingSettings.Choice?

    @Option(
        help: ArgumentHelp(
            "The farthest that an object moves from one frame to the next, beside its predicted way. Default: found from the movie.",
            valueName: "pixels"
        )
    )
    var maxDistance: Double?

    @Option(
        help: ArgumentHelp(
            "Number of frames in which an object may be missing. Default: 2.",
            valueName: "frames"
        )
    )
    var closeGaps: Int?

    @Flag(help: "Link objects without divisions.")
    var noDivisions = false

    @Option(
        help: ArgumentHelp(
            "Leave out tracks of fewer frames that neither divide nor come from a division. Default: 1.",
            valueName: "frames"
        )
    )
    var minLength: Int?

    func validate() throws {
        if solver != nil, trackastra == nil {
            throw ValidationError("--solver is for links of a model; add --trackastra.")
        }
        if trackastra != nil, maxDistance != nil || closeGaps != nil {
            throw ValidationError(
                "--max-distance and --close-gaps are for links by overlap; leave them out, or leave out --trackastra."
            )
        }
        if let maxDistance, !(maxDistance > 0 && maxDistance.isFinite) {
            throw ValidationError("--max-distance is \(maxDistance); it must be above 0.")
        }
        if let closeGaps, !(0...100).contains(closeGaps) {
            throw ValidationError("--close-gaps is \(closeGaps); it must be 0 to 100.")
        }
        if let minLength, minLength < 1 {
            throw ValidationError("--min-length is \(minLength); it must be at least 1.")
        }
    }

    /// Whether an option says how objects are linked.
    var saysHow: Bool {
        trackastra != nil || maxDistance != nil || closeGaps != nil || noDivisions
    }

    /// Puts the options into settings.
    func set(_ settings: inout TrackingRun.Settings) {
        settings.linking.overlap.maximumDistance = maxDistance
        settings.linking.overlap.maximumGap = closeGaps ?? settings.linking.overlap.maximumGap
        settings.linking.overlap.findsDivisions = !noDivisions
        if let trackastra { settings.linking.method = .trackastra(model: trackastra) }
        settings.linking.choice = solver ?? settings.linking.choice
        settings.minimumLength = minLength ?? settings.minimumLength
    }
}

extension LinkingSettings.Choice: ExpressibleByArgument {}
