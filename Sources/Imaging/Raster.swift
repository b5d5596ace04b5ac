/// One image plane in memory: samples of one type on a two-dimensional grid, one or more channels.
///
/// Samples are stored row by row, the channels of a pixel next to each other: channel `c` of the
/// pixel (`x`, `y`) has the index `(y * width + x) * channels + c`.
public struct Raster<Sample: Sendable>: Sendable {
    /// Width and height in pixels.
    public let size: Size

    /// Samples per pixel, at least 1.
    public let channels: Int

    /// All samples, `[height, width, channels]`; the count never changes.
    public var samples: [Sample]

    /// Wraps samples that are already in `[height, width, channels]` order.
    ///
    /// - Throws: ``ImagingError/sampleCountMismatch(_:expected:found:)`` if the count does not fit,
    ///   ``ImagingError/invalidSize(_:_:)`` if a side is not positive.
    public init(size: Size, channels: Int = 1, samples: [Sample]) throws(ImagingError) {
        guard size.width > 0, size.height > 0, channels > 0, size.fitsMemory(channels: channels)
        else {
            throw .invalidSize("raster", size)
        }
        guard samples.count == size.count * channels else {
            throw .sampleCountMismatch(
                "raster of \(size) pixels",
                expected: size.count * channels,
                found: samples.count
            )
        }
        self.size = size
        self.channels = channels
        self.samples = samples
    }

    /// Creates a raster with the same value everywhere.
    ///
    /// `size` and `channels` must be positive.
    public init(repeating value: Sample, size: Size, channels: Int = 1) {
        precondition(size.width > 0 && size.height > 0 && channels > 0, "empty raster")
        self.size = size
        self.channels = channels
        samples = [Sample](repeating: value, count: size.count * channels)
    }

    /// The sample of one channel of the pixel at column `x` and row `y`.
    public subscript(x x: Int, y y: Int, channel channel: Int = 0) -> Sample {
        get { samples[(y * size.width + x) * channels + channel] }
        set { samples[(y * size.width + x) * channels + channel] = newValue }
    }

    /// A raster of the same grid with every sample transformed.
    public func map<Result: Sendable>(_ transform: (Sample) -> Result) -> Raster<Result> {
        Raster<Result>(unchecked: size, channels: channels, samples: samples.map(transform))
    }

    /// A copy of the pixels inside `region`, all channels.
    ///
    /// - Throws: ``ImagingError/regionOutside(_:_:)`` if the region is empty or leaves the raster.
    public func cropped<Space>(to region: PixelRegion<Space>) throws(ImagingError) -> Raster {
        guard region.isInside(size), region.width > 0, region.height > 0 else {
            throw .outside(region, size)
        }
        var result: [Sample] = []
        result.reserveCapacity(region.size.count * channels)
        for row in region.y..<region.endY {
            let start = (row * size.width + region.x) * channels
            result.append(contentsOf: samples[start..<start + region.width * channels])
        }
        return Raster(unchecked: region.size, channels: channels, samples: result)
    }

    /// For results whose sample count is right by construction.
    package init(unchecked size: Size, channels: Int = 1, samples: [Sample]) {
        assert(samples.count == size.count * channels)
        self.size = size
        self.channels = channels
        self.samples = samples
    }
}

extension Raster: Equatable where Sample: Equatable {}
extension Raster: Hashable where Sample: Hashable {}
