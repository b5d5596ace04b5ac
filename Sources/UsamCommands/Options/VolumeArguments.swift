public import ArgumentParser
public import Prompting

/// How the slices of a stack become a volume.
struct VolumeArguments: ParsableArguments {
    @Flag(help: "Join the objects of all slices: each object has one number in the whole stack.")
    var volume = false

    @Option(
        help: ArgumentHelp(
            "Cut the volume into slices along several axes, and keep what most of them agree on: z,y,x or z,y. Default: z.",
            discussion:
                "For voxels that are nearly cubes; it takes as many times as long. Where axes disagree equally, the first "
                + "one decides.",
            valueName: "axes"
        )
    )
    var along: AxisList?

    @Option(
        help: ArgumentHelp(
            "How it is decided which objects of neighbouring slices are one object.",
            discussion:
                "multicut weighs all overlaps together, so that single bad slices are outvoted; assignment gives each "
                + "object at most one partner in the next slice; transport does so by optimal transport and joins "
                + "pieces of single slices; reference is the multicut of micro-sam.",
            valueName: "method"
        )
    )
    var merging: VolumeOptions.Merging?

    @Option(
        help: ArgumentHelp(
            "Number of slices in which an object may be missing; such gaps are filled. Default: 0.",
            valueName: "slices"
        )
    )
    var closeGaps: Int?

    @Option(
        help: ArgumentHelp(
            "Leave out objects that extend over fewer slices. Default: 1.",
            valueName: "slices"
        )
    )
    var minDepth: Int?

    func validate() throws {
        let names = [
            ("--merging", merging != nil), ("--close-gaps", closeGaps != nil),
            ("--min-depth", minDepth != nil), ("--along", along != nil),
        ]
        if !volume, let name = names.first(where: \.1)?.0 {
            throw ValidationError("\(name) is for volumes; add --volume.")
        }
        if let closeGaps, !(0...100).contains(closeGaps) {
            throw ValidationError("--close-gaps is \(closeGaps); it must be 0 to 100.")
        }
        if let minDepth, minDepth < 1 {
            throw ValidationError("--min-depth is \(minDepth); it must be at least 1.")
        }
    }

    /// The options; nil if planes stay on their own.
    ///
    /// - Parameter isReference: Whether micro-sam's behaviour is asked for.
    func value(isReference: Bool) -> VolumeOptions? {
        guard volume else { return nil }
        var options = VolumeOptions()
        options.merging = merging ?? (isReference ? .reference : .multicut)
        options.gapClosing = closeGaps ?? 0
        options.minimumDepth = minDepth ?? 1
        options.axes = along.flatMap { $0.axes == [.z] ? nil : $0.axes }
        return options
    }
}

extension VolumeOptions.Merging: ExpressibleByArgument {}

/// Axes, as the user writes them.
struct AxisList: Hashable, ExpressibleByArgument {
    let axes: [VolumeOptions.Axis]

    init?(argument: String) {
        let words = argument.lowercased().split(separator: ",", omittingEmptySubsequences: false)
        axes = words.compactMap { VolumeOptions.Axis(rawValue: String($0)) }
        // The slices along z are those of the results.
        guard axes.count == words.count, Set(axes).count == axes.count, axes.contains(.z) else {
            return nil
        }
    }
}
