import ArgumentParser
import Imaging

/// How the maps of the decoder become objects; names and defaults are micro-sam's.
struct AutomaticOptions: ParsableArguments {
    private static let defaults = WatershedOptions()

    @Option(help: "Objects begin where the distance to their centre is below this, 0...1.")
    var centerDistanceThreshold = Self.defaults.centerDistanceThreshold

    @Option(help: "Objects begin where the distance to their boundary is below this, 0...1.")
    var boundaryDistanceThreshold = Self.defaults.boundaryDistanceThreshold

    @Option(help: "Objects lie where the foreground is above this, 0...1.")
    var foregroundThreshold = Self.defaults.foregroundThreshold

    @Option(help: "Smoothing of the foreground in pixels.")
    var foregroundSmoothing = Self.defaults.foregroundSmoothing

    @Option(help: "Smoothing of the distances in pixels.")
    var distanceSmoothing = Self.defaults.distanceSmoothing

    @Option(help: "Objects of fewer pixels are removed.")
    var minSize = Self.defaults.minimumSize

    func validate() throws {
        let thresholds = [
            ("--center-distance-threshold", centerDistanceThreshold),
            ("--boundary-distance-threshold", boundaryDistanceThreshold),
            ("--foreground-threshold", foregroundThreshold),
        ]
        for (name, value) in thresholds where !(value >= 0 && value <= 1) {
            throw ValidationError("\(name) is \(value), it must be between 0 and 1.")
        }
        let smoothings = [
            ("--foreground-smoothing", foregroundSmoothing),
            ("--distance-smoothing", distanceSmoothing),
        ]
        for (name, value) in smoothings where !(value >= 0 && value <= 100) {
            throw ValidationError("\(name) is \(value), it must be between 0 and 100 pixels.")
        }
        guard minSize >= 0 else {
            throw ValidationError("--min-size is \(minSize), it can not be negative.")
        }
    }

    /// The options as the library takes them.
    var value: WatershedOptions {
        var options = WatershedOptions()
        options.centerDistanceThreshold = centerDistanceThreshold
        options.boundaryDistanceThreshold = boundaryDistanceThreshold
        options.foregroundThreshold = foregroundThreshold
        options.foregroundSmoothing = foregroundSmoothing
        options.distanceSmoothing = distanceSmoothing
        options.minimumSize = minSize
        return options
    }
}
