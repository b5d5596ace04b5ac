extension InstanceMaps {
    /// The objects in the maps, flooded block by block.
    ///
    /// Smoothing and seeds are those of the whole image, except that seeds connect along edges
    /// only. Every block floods itself and its halo, and keeps what lies inside it; an object may
    /// therefore have a step where blocks meet if the halo is smaller than the object. This is how
    /// the reference works when a tile shape is given, without its defect of smoothing maps that
    /// neighbouring blocks have smoothed already.
    ///
    /// - Throws: ``ImagingError`` if an option is out of range, the blocks are those of another
    ///   size, or the maps contain NaN.
    public func segmented(
        _ options: WatershedOptions = WatershedOptions(),
        in blocking: Blocking
    ) throws(ImagingError) -> LabelImage {
        guard blocking.imageSize == size else {
            throw .sizeMismatch("blocks", expected: size, found: blocking.imageSize)
        }
        let maps = try smoothed(options)
        let mask = maps.foregroundMask(options)
        let seeds = try maps.seeds(options, connectivity: .edges)
        var result = LabelImage(size: size)
        for index in 0..<blocking.count {
            let block = blocking[index]
            let labels = try LabelImage(
                flooding: maps.boundaryDistances.cropped(to: block.outer),
                from: seeds.cropped(to: block.outer),
                within: mask.cropped(to: block.outer)
            )
            let origin = block.innerInOuter
            try result.replace(block.inner, with: labels, fromX: origin.x, y: origin.y)
        }
        guard options.minimumSize > 0 else { return result }
        return result.removingObjects(smallerThan: options.minimumSize)
    }
}
