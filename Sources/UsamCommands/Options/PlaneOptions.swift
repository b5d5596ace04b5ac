import ArgumentParser

/// Which plane of images with several channels, slices or time points is meant.
struct PlaneOptions: ParsableArguments {
    @Option(help: "Channel to segment, counted from 0.")
    var channel: Int?

    @Option(name: .customLong("z"), help: "Slice to segment, counted from 0.")
    var slice: Int?

    @Option(name: .customLong("t"), help: "Time point to segment, counted from 0.")
    var timePoint: Int?

    func validate() throws {
        for (name, value) in [("--channel", channel), ("--z", slice), ("--t", timePoint)] {
            if let value, value < 0 {
                throw ValidationError("\(name) is \(value), it counts from 0.")
            }
        }
    }

    /// The plane that is meant.
    var value: PlaneSelection { PlaneSelection(channel: channel, z: slice, t: timePoint) }
}
