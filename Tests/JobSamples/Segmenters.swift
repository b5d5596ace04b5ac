import Foundation
import Imaging
public import Jobs
import Prompting
import Segmentation

/// Stands in for the networks: bright pixels are objects.
public struct BrightnessSegmenter: BatchSegmenter, Sendable {
    /// Seconds that an image takes.
    private let delay: Double

    /// Creates a stand-in.
    public init(delay: Double = 0) { self.delay = delay }

    /// Finds bright pixels.
    public func predict(_ plane: BatchPlane, _ clock: inout StageClock) throws -> RemainingWork {
        let pixels = try plane.pixels.whole()
        let bright = try clock.measure(.encode) {
            Thread.sleep(forTimeInterval: delay)
            return stride(from: 0, to: pixels.samples.count, by: 3).map { pixels.samples[$0] > 128 }
        }
        let maps = try clock.measure(.decode) {
            let foreground = try Raster(
                size: pixels.size,
                samples: bright.map { $0 ? Float(1) : 0 }
            )
            let distances = foreground.map { 1 - $0 }
            return try InstanceMaps(
                foreground: foreground,
                centerDistances: distances,
                boundaryDistances: distances
            )
        }
        return { .whole(try maps.segmented()) }
    }
}

/// Tells when an image reaches the model.
public struct WatchingSegmenter: BatchSegmenter, Sendable {
    private let onPredict: @Sendable () -> Void

    /// Creates a stand-in.
    public init(_ onPredict: @escaping @Sendable () -> Void) { self.onPredict = onPredict }

    /// Finds bright pixels.
    public func predict(_ plane: BatchPlane, _ clock: inout StageClock) throws -> RemainingWork {
        onPredict()
        let work = try BrightnessSegmenter().predict(plane, &clock)
        return {
            // Long enough for another image to overtake, if it may.
            Thread.sleep(forTimeInterval: 0.05)
            return try work()
        }
    }
}
