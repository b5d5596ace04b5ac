import ArgumentParser
import Foundation
import ImageFormats
import Jobs
import Prompting

/// Which plane of images with several channels, slices or time points is meant.
struct PlaneOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Channel by number (from 0) or name; up to three, such as 0,2, become RGB.",
            valueName: "number or name"
        )
    )
    var channel: ChannelList?

    @Option(name: .customLong("z"), help: "Slice, counted from 0.")
    var slice: Int?

    @Option(name: .customLong("t"), help: "Time point, counted from 0.")
    var timePoint: Int?

    @Option(
        help: ArgumentHelp(
            "The pixel size in micrometres, for files without one: 0.25, y,x or z,y,x.",
            discussion:
                "It is used for tables and recorded in results; it does not change the labels.",
            valueName: "size"
        )
    )
    var pixelSize: GivenPixelSize?

    func validate() throws {
        let numbers = [("--z", slice), ("--t", timePoint)] + (channel?.numbers ?? [])
        for (name, value) in numbers {
            if let value, value < 0 {
                throw ValidationError("\(name) is \(value); it counts from 0.")
            }
        }
    }

    /// The plane that is meant.
    func value(in part: SeriesOptions) -> PlaneSelection {
        var selection = PlaneSelection(
            z: slice,
            t: timePoint,
            series: part.series,
            key: part.key
        )
        selection.channels = channel?.channels ?? []
        selection.axes = part.axes
        selection.pixelSize = pixelSize?.size
        return selection
    }
}

/// A size of a pixel, as the user writes it.
struct GivenPixelSize: Hashable, Sendable, ExpressibleByArgument {
    let size: PixelSize

    init?(argument: String) {
        guard let size = PixelSize(argument) else { return nil }
        self.size = size
    }
}

/// Which of several images in one file is meant.
struct SeriesOptions: ParsableArguments {
    @Option(help: "Image in a file with several images, counted from 0.")
    var series: Int?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The data set inside a container such as HDF5.", valueName: "path")
    )
    var key: String?

    @Option(help: AxesOption.help)
    var axes: String?

    func validate() throws {
        if let series, series < 0 {
            throw ValidationError("--series is \(series); it counts from 0.")
        }
        try AxesOption.validate(axes)
    }

    /// How the file is opened.
    var value: ImageSource.Options {
        var selection = PlaneSelection(series: series, key: key)
        selection.axes = axes
        return selection.sourceOptions
    }
}

/// The option `--axes`, which is the same in all commands that read images.
enum AxesOption {
    static let help = ArgumentHelp(
        "Order of the dimensions in an HDF5, N5, plain Zarr or TIFF file, such as tyx or zcyx.",
        discussion:
            "Default: as the file says, otherwise the last letters of tczyx (zyx for three dimensions).",
        valueName: "letters"
    )

    static func validate(_ axes: String?) throws {
        guard let axes, !PlaneSelection.areAxes(axes) else { return }
        throw ValidationError(
            "--axes is '\(axes)'; it must name each dimension once, with letters of tczyxs."
        )
    }
}

/// Channels, as the user writes them: numbers or names, separated by commas.
struct ChannelList: Hashable, Sendable, ExpressibleByArgument {
    let channels: [ChannelChoice]

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        channels = parts.compactMap { ChannelChoice($0.trimmingCharacters(in: .whitespaces)) }
        guard channels.count == parts.count, Set(channels).count == channels.count else {
            return nil
        }
    }

    /// The channels that are numbers.
    var numbers: [(String, Int?)] {
        channels.compactMap {
            if case .number(let number) = $0 { ("--channel", number) } else { nil }
        }
    }
}
