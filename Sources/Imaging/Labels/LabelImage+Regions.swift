extension LabelImage {
    /// A copy of the labels inside `region`.
    ///
    /// - Throws: ``ImagingError/regionOutside(_:_:)`` if the region is empty or leaves the image.
    public func cropped<Space>(to region: PixelRegion<Space>) throws(ImagingError) -> LabelImage {
        let raster = try Raster(unchecked: size, samples: labels).cropped(to: region)
        return try LabelImage(size: raster.size, labels: raster.samples)
    }

    /// Replaces the labels inside `target` by those of `source` that begin at (`x`, `y`) there.
    ///
    /// - Throws: ``ImagingError/regionOutside(_:_:)`` if one of the two leaves its image.
    public mutating func replace<Space>(
        _ target: PixelRegion<Space>,
        with source: LabelImage,
        fromX x: Int = 0,
        y: Int = 0
    ) throws(ImagingError) {
        let origin = PixelRegion<Space>(x: x, y: y, width: target.width, height: target.height)
        guard target.isInside(size) else { throw .outside(target, size) }
        guard origin.isInside(source.size) else { throw .outside(origin, source.size) }
        for row in 0..<target.height {
            let start = (target.y + row) * size.width + target.x
            let from = (y + row) * source.size.width + x
            labels.replaceSubrange(
                start..<start + target.width,
                with: source.labels[from..<from + target.width]
            )
        }
    }
}
