import ArgumentParser
import ImageFormats

/// Which plane of images with several channels, slices or time points is meant.
struct PlaneOptions: ParsableArguments {
    @Option(help: "Channel to segment, counted from 0.")
    var channel: Int?

    @Option(name: .customLong("z"), help: "Slice to segment, counted from 0.")
    var slice: Int?

    @Option(name: .customLong("t"), help: "Time point to segment, counted from 0.")
    var timePoint: Int?

    func validate() throws {
        let numbers = [
            ("--channel", channel), ("--z", slice), ("--t", timePoint),
        ]
        for (name, value) in numbers {
            if let value, value < 0 {
                throw ValidationError("\(name) is \(value), it counts from 0.")
            }
        }
    }

    /// The plane that is meant.
    func value(in part: SeriesOptions) -> PlaneSelection {
        PlaneSelection(
            channel: channel,
            z: slice,
            t: timePoint,
            series: part.series,
            key: part.key
        )
    }
}

/// Which of several images in one file is meant.
struct SeriesOptions: ParsableArguments {
    @Option(help: "Which of several images in one file, counted from 0.")
    var series: Int?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The data set inside a container such as HDF5.", valueName: "path")
    )
    var key: String?

    func validate() throws {
        if let series, series < 0 {
            throw ValidationError("--series is \(series), it counts from 0.")
        }
    }

    /// How the file is opened.
    var value: ImageSource.Options { PlaneSelection(series: series, key: key).sourceOptions }
}
