/// What the instance-segmentation decoder predicts for an image, on the grid of the image.
public struct InstanceMaps: Hashable, Sendable {
    /// Probability that a pixel belongs to an object, 0...1.
    public let foreground: Raster<Float>

    /// Distance to the centre of the object, normalised: 0 at the centre, 1 far away.
    public let centerDistances: Raster<Float>

    /// Distance to the boundary, inverted and normalised: 1 at the boundary, 0 deep inside.
    public let boundaryDistances: Raster<Float>

    /// Combines three maps of one channel and equal size.
    ///
    /// - Throws: ``ImagingError`` if sizes differ or a map has several channels.
    public init(
        foreground: Raster<Float>,
        centerDistances: Raster<Float>,
        boundaryDistances: Raster<Float>
    ) throws(ImagingError) {
        try foreground.requireOneChannel("foreground")
        try centerDistances.requireOneChannel("center distances")
        try boundaryDistances.requireOneChannel("boundary distances")
        for (name, map) in [
            ("center distances", centerDistances), ("boundary distances", boundaryDistances),
        ] where map.size != foreground.size {
            throw .sizeMismatch(name, expected: foreground.size, found: map.size)
        }
        self.foreground = foreground
        self.centerDistances = centerDistances
        self.boundaryDistances = boundaryDistances
    }

    /// Width and height in pixels.
    public var size: Size { foreground.size }
}

/// How ``InstanceMaps`` are turned into objects.
///
/// Defaults are those of micro-sam 1.8.
public struct WatershedOptions: Hashable, Codable, Sendable {
    /// Seeds lie where the centre distance is below this.
    public var centerDistanceThreshold: Float = 0.5

    /// Seeds lie where the boundary distance is below this.
    public var boundaryDistanceThreshold: Float = 0.5

    /// Objects lie where the foreground is above this.
    public var foregroundThreshold: Float = 0.5

    /// Standard deviation of the Gaussian applied to the foreground, in pixels; 0 for none.
    public var foregroundSmoothing: Double = 1

    /// Standard deviation of the Gaussian applied to both distances, in pixels; 0 for none.
    public var distanceSmoothing: Double = 1.6

    /// How much the distances must rise between two minima of one seed for it to become two, 0...1; nil, the reference's
    /// choice, divides none.
    ///
    /// Touching objects whose seeds grew together are told apart by it; a small depth also cuts single objects.
    public var seedDepth: Float?

    /// Objects of fewer pixels are removed, and the others renumbered; 0 keeps all.
    public var minimumSize = 0

    /// The reference's defaults.
    public init() {}
}

extension InstanceMaps {
    /// The objects in the maps: smoothing, seeds by thresholds, watershed of the boundary distance.
    ///
    /// - Returns: Labels in row-major order of the seeds.
    /// - Throws: ``ImagingError`` if an option is out of range or the maps contain NaN.
    /// - Source: `InstanceSegmentationWithDecoder.generate` in micro-sam, `instance_segmentation.py`.
    public func segmented(
        _ options: WatershedOptions = WatershedOptions()
    ) throws(ImagingError) -> LabelImage {
        let maps = try smoothed(options)
        let mask = maps.foregroundMask(options)
        let seeds = try maps.seeds(options)
        let labels = try LabelImage(flooding: maps.boundaryDistances, from: seeds, within: mask)
        guard options.minimumSize > 0 else { return labels }
        return labels.removingObjects(smallerThan: options.minimumSize)
    }

    /// The maps after the smoothing that `options` ask for.
    ///
    /// - Throws: ``ImagingError/invalidParameter(_:reason:)`` if a smoothing is out of range.
    public func smoothed(_ options: WatershedOptions) throws(ImagingError) -> InstanceMaps {
        try InstanceMaps(
            foreground: foreground.gaussianFiltered(sigma: options.foregroundSmoothing),
            centerDistances: centerDistances.gaussianFiltered(sigma: options.distanceSmoothing),
            boundaryDistances: boundaryDistances.gaussianFiltered(sigma: options.distanceSmoothing)
        )
    }

    /// Where objects may lie, of maps that are already smoothed.
    public func foregroundMask(_ options: WatershedOptions) -> Raster<Bool> {
        let threshold = options.foregroundThreshold
        return foreground.map { $0 > threshold }
    }

    /// One label for each group of pixels close to a centre and far from boundaries; with
    /// ``WatershedOptions/seedDepth`` for each basin of the larger of both distances in it.
    ///
    /// The maps must be smoothed already. Which pixels belong together depends on `connectivity`;
    /// the reference uses corners too, unless it works in blocks.
    ///
    /// - Throws: ``ImagingError`` never for maps that were made by an initializer.
    public func seeds(
        _ options: WatershedOptions,
        connectivity: Connectivity2D = .edgesAndCorners
    ) throws(ImagingError) -> LabelImage {
        var mask = foregroundMask(options)
        let center = options.centerDistanceThreshold
        let boundary = options.boundaryDistanceThreshold
        for pixel in mask.samples.indices {
            mask.samples[pixel] =
                mask.samples[pixel] && centerDistances.samples[pixel] < center
                && boundaryDistances.samples[pixel] < boundary
        }
        guard let depth = options.seedDepth, depth > 0 else {
            return try LabelImage(componentsOf: mask, connectivity: connectivity)
        }
        var distances = centerDistances
        for (pixel, distance) in boundaryDistances.samples.enumerated() {
            distances.samples[pixel] = max(distances.samples[pixel], distance)
        }
        return try LabelImage(
            basinsOf: distances,
            within: mask,
            depth: depth,
            connectivity: connectivity
        )
    }
}
