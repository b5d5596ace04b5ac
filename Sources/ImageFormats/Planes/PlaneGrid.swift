public import Prompting

/// The planes of an image file that are meant, each for itself.
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

extension PlaneSelection {
    /// How the file is opened.
    public var sourceOptions: ImageSource.Options {
        var options = ImageSource.Options(series: series ?? 0, dataset: key)
        options.dimensionNames = axes.map { $0.map { String($0) } }
        options.frames = frames
        return options
    }

    /// The planes of an image that are meant: one, or with `each` those of every time point and slice that
    /// is not chosen.
    ///
    /// - Throws: ``PlaneError`` if a plane that was chosen does not exist, or one of several has to be
    ///   chosen.
    public func grid(
        of axes: ImageAxes,
        channelNames: [String] = [],
        each: Bool = false,
        file: String
    ) throws(PlaneError) -> PlaneGrid {
        let numbers = try channelNumbers(count: axes.c, names: channelNames, file: file)
        let choices: [(extent: PlaneError.Extent, chosen: [Int])] = [
            (.init(axis: .channel, count: axes.c), numbers),
            (.init(axis: .slice, count: axes.z), z.map { [$0] } ?? []),
            (.init(axis: .timePoint, count: axes.t), t.map { [$0] } ?? []),
        ]
        for (extent, chosen) in choices {
            for place in chosen where !(0..<extent.count).contains(place) {
                throw .noSuchPlace(file: file, extent, chosen: place)
            }
        }
        let open = choices.filter { choice in
            choice.chosen.isEmpty && choice.extent.count > 1
                && !(each && choice.extent.axis != .channel)
        }
        guard open.isEmpty else {
            throw .undecided(
                file: file,
                extents: choices.map(\.extent).filter { $0.count > 1 },
                open: open.map(\.extent),
                channelNames: channelNames
            )
        }
        return PlaneGrid(
            timePoints: t.map { $0...$0 } ?? 0...axes.t - 1,
            slices: z.map { $0...$0 } ?? 0...axes.z - 1,
            channels: numbers.isEmpty ? [0] : numbers
        )
    }

    /// The selected channels as numbers.
    func channelNumbers(
        count: Int,
        names: [String],
        file: String
    ) throws(PlaneError) -> [Int] {
        var numbers: [Int] = []
        for channel in channels {
            switch channel {
            case .number(let number): numbers.append(number)
            case .name(let name):
                let found = names.indices.filter { names[$0].lowercased() == name.lowercased() }
                guard let number = found.first, found.count == 1 else {
                    throw .channelName(
                        file: file,
                        name: name,
                        isAmbiguous: found.count > 1,
                        known: names,
                        channelCount: count
                    )
                }
                numbers.append(number)
            }
        }
        return numbers
    }
}

extension ReadingNote.LeftOut {
    /// What of an image the planes that are meant do not use.
    init(_ axes: ImageAxes, used: PlaneGrid, seriesCount: Int) {
        self.init()
        series = seriesCount - 1
        channels = axes.c - Set(used.channels).count
        slices = axes.z - used.slices.count
        timePoints = axes.t - used.timePoints.count
    }
}
