public import ImageFormats
public import Prompting

extension PlaneSelection {
    /// How the file is opened.
    public var sourceOptions: ImageSource.Options {
        var options = ImageSource.Options(series: series ?? 0, dataset: key)
        options.dimensionNames = axes.map { $0.map { String($0) } }
        return options
    }

    /// The plane of an image with these axes; its first channel, if several are selected.
    ///
    /// - Throws: ``JobFailure`` that lists the axes if one of several planes has to be chosen,
    ///   or the chosen one does not exist.
    public func plane(of axes: ImageAxes, channelNames: [String] = [], file: String) throws
        -> PlaneIndex
    {
        try planes(of: axes, channelNames: channelNames, file: file).indices[0]
    }

    /// All planes that are to be segmented, each for itself: one, or with `each` those of every time
    /// point and slice that is not chosen; time points slowest.
    ///
    /// - Throws: ``JobFailure``, see ``plane(of:channelNames:file:)``.
    public func planes(
        of axes: ImageAxes,
        channelNames: [String] = [],
        each: Bool = false,
        file: String
    ) throws -> PlaneGrid {
        let numbers = try channelNumbers(count: axes.c, names: channelNames, file: file)
        let choices = [
            Choice(name: "channels", option: "--channel", count: axes.c, chosen: numbers.first),
            Choice(name: "slices", option: "--z", count: axes.z, chosen: z),
            Choice(name: "time points", option: "--t", count: axes.t, chosen: t),
        ]
        for choice in choices {
            if let chosen = choice.chosen, !(0..<choice.count).contains(chosen) {
                throw JobFailure(
                    "\(file): \(choice.option) \(chosen) does not exist; \(choice.extent)"
                )
            }
        }
        let open = choices.filter {
            $0.chosen == nil && $0.count > 1 && !(each && $0.option != "--channel")
        }
        guard open.isEmpty else {
            throw Self.undecided(choices, open, channelNames, file: file)
        }
        let slices = z.map { $0...$0 } ?? 0...axes.z - 1
        let timePoints = t.map { $0...$0 } ?? 0...axes.t - 1
        return PlaneGrid(
            timePoints: timePoints,
            slices: slices,
            channels: numbers.isEmpty ? [0] : numbers
        )
    }

    private static func undecided(
        _ choices: [Choice],
        _ open: [Choice],
        _ channelNames: [String],
        file: String
    ) -> JobFailure {
        let names = channelNames.isEmpty ? "" : " (\(channelNames.joined(separator: ", ")))"
        let counts = choices.filter { $0.count > 1 }
            .map { "\($0.count) \($0.name)" + ($0.option == "--channel" ? names : "") }
        let options = open.map { "\($0.option) 0...\($0.count - 1)" }
        let isStack = open.contains { $0.option != "--channel" }
        return JobFailure(
            "\(file): the image has \(Self.sentence(counts)); "
                + "choose a plane with \(Self.sentence(options))"
                + (isStack ? ", or segment each plane for itself with --each-plane" : "")
        )
    }

    /// `a, b and c`.
    private static func sentence(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and \(last)"
    }

    /// The selected channels as numbers.
    private func channelNumbers(count: Int, names: [String], file: String) throws -> [Int] {
        try channels.map { channel in
            switch channel {
            case .number(let number):
                return number
            case .name(let name):
                let found = names.indices.filter { names[$0].lowercased() == name.lowercased() }
                if let number = found.first, found.count == 1 { return number }
                let known =
                    names.isEmpty
                    ? "its channels have no names, choose one with --channel 0...\(count - 1)"
                    : "its channels are \(names.joined(separator: ", "))"
                let problem = found.isEmpty ? "there is no channel" : "there are several channels"
                throw JobFailure("\(file): \(problem) '\(name)'; \(known)")
            }
        }
    }

    private struct Choice {
        let name: String
        let option: String
        let count: Int
        let chosen: Int?

        var extent: String {
            count == 1
                ? "the image has only one, leave the option out"
                : "the image has \(count) \(name), counted from 0"
        }
    }
}

/// The planes of an image that are segmented, each for itself.
public struct PlaneGrid: Hashable, Sendable {
    /// Time points.
    public let timePoints: ClosedRange<Int>

    /// Slices in depth.
    public let slices: ClosedRange<Int>

    /// The channels that make up each plane.
    public let channels: [Int]

    /// Number of planes.
    public var count: Int { timePoints.count * slices.count }

    /// All planes with their first channel, time points slowest.
    public var indices: [PlaneIndex] {
        timePoints.flatMap { t in slices.map { PlaneIndex(t: t, c: channels[0], z: $0) } }
    }
}
