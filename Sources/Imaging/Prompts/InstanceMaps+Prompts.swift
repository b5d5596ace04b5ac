extension InstanceMaps {
    /// One point inside every object that the maps suggest, to be given to the model as prompt.
    ///
    /// Objects are groups of pixels, connected along edges, where the maps pass the thresholds;
    /// nothing is smoothed. The point is the pixel farthest from the outer boundary of its object
    /// and from the border of the image; of equally far ones the first row by row.
    ///
    /// - Parameter options: Only the three thresholds are used. A foreground equal to its
    ///   threshold passes here.
    /// - Returns: Points in whole pixels, in the order in which rows meet the objects.
    /// - Throws: ``ImagingError/invalidSize(_:_:)`` if a side exceeds 23 000 pixels.
    /// - Source: `_derive_point_prompts` in micro-sam, `instance_segmentation.py`. There, distances
    ///   end 16 pixels outside of blocks of 512 pixels; here they are those of the whole image.
    public func promptPoints(
        _ options: WatershedOptions = WatershedOptions()
    ) throws(ImagingError) -> [Point<OriginalPixels>] {
        var mask = Raster(repeating: false, size: size)
        for pixel in mask.samples.indices {
            mask.samples[pixel] =
                centerDistances.samples[pixel] < options.centerDistanceThreshold
                && boundaryDistances.samples[pixel] < options.boundaryDistanceThreshold
                && foreground.samples[pixel] >= options.foregroundThreshold
        }
        return try LabelImage(componentsOf: mask, connectivity: .edges).innermostPixels()
    }
}

extension LabelImage {
    /// For every object the pixel farthest from its outer boundary and from the border of the
    /// image, in ascending order of labels; of equally far ones the first row by row.
    ///
    /// - Throws: ``ImagingError/invalidSize(_:_:)`` if a side exceeds 23 000 pixels.
    public func innermostPixels() throws(ImagingError) -> [Point<OriginalPixels>] {
        var edges = boundaries(.outer)
        for x in 0..<size.width {
            edges[x: x, y: 0] = true
            edges[x: x, y: size.height - 1] = true
        }
        for y in 0..<size.height {
            edges[x: 0, y: y] = true
            edges[x: size.width - 1, y: y] = true
        }
        let distances = try edges.squaredDistances().samples
        let index = LabelIndex(self)
        var best = [Int](repeating: -1, count: index.labels.count)
        index.forEachPixel(of: self) { pixel, object in
            guard object >= 0 else { return }
            if best[object] < 0 || distances[pixel] > distances[best[object]] {
                best[object] = pixel
            }
        }
        return best.map { Point(x: Double($0 % size.width), y: Double($0 / size.width)) }
    }
}
