extension Raster {
    /// Replaces the pixels inside `target` by those of `source` that begin at (`x`, `y`) there.
    ///
    /// - Throws: ``ImagingError`` if one of the two regions leaves its raster, or the numbers of
    ///   channels differ.
    public mutating func replace<Space>(
        _ target: PixelRegion<Space>,
        with source: Raster,
        fromX x: Int = 0,
        y: Int = 0
    ) throws(ImagingError) {
        let origin = PixelRegion<Space>(x: x, y: y, width: target.width, height: target.height)
        guard target.isInside(size) else { throw .outside(target, size) }
        guard origin.isInside(source.size) else { throw .outside(origin, source.size) }
        guard source.channels == channels else {
            throw .invalidParameter(
                "raster to copy from",
                reason: "has \(source.channels) channels, must have \(channels)"
            )
        }
        for row in 0..<target.height {
            let start = size.index(x: target.x, y: target.y + row) * channels
            let from = source.size.index(x: x, y: y + row) * channels
            let count = target.width * channels
            samples.replaceSubrange(
                start..<start + count,
                with: source.samples[from..<from + count]
            )
        }
    }
}

extension AnyRaster {
    /// A copy of the pixels inside `region`, all channels.
    ///
    /// - Throws: ``ImagingError/regionOutside(_:_:)`` if the region is empty or leaves the image.
    public func cropped<Space>(to region: PixelRegion<Space>) throws(ImagingError) -> AnyRaster {
        switch self {
        case .uint8(let raster): .uint8(try raster.cropped(to: region))
        case .int8(let raster): .int8(try raster.cropped(to: region))
        case .uint16(let raster): .uint16(try raster.cropped(to: region))
        case .int16(let raster): .int16(try raster.cropped(to: region))
        case .uint32(let raster): .uint32(try raster.cropped(to: region))
        case .int32(let raster): .int32(try raster.cropped(to: region))
        case .uint64(let raster): .uint64(try raster.cropped(to: region))
        case .int64(let raster): .int64(try raster.cropped(to: region))
        case .float32(let raster): .float32(try raster.cropped(to: region))
        case .float64(let raster): .float64(try raster.cropped(to: region))
        }
    }
}
