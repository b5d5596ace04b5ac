extension Raster where Sample == Bool {
    /// The mask with small holes filled.
    ///
    /// A hole is a group of false pixels connected along edges or at corners, the surroundings of
    /// the object included.
    ///
    /// - Parameter area: Holes of fewer pixels are filled.
    /// - Throws: ``ImagingError/invalidParameter(_:reason:)`` if there are several channels.
    /// - Source: `remove_small_regions` in segment-anything, `utils/amg.py`.
    public func fillingHoles(smallerThan area: Int) throws(ImagingError) -> Raster<Bool> {
        let holes = try LabelImage(
            componentsOf: map { !$0 },
            connectivity: .edgesAndCorners
        )
        let sizes = LabelIndex(holes).sizes(in: holes)
        var result = self
        for (pixel, hole) in holes.labels.enumerated() where hole != 0 {
            if sizes[Int(hole) - 1] < area { result.samples[pixel] = true }
        }
        return result
    }

    /// The mask without small islands; if all are small, the first of the largest stays.
    ///
    /// An island is a group of true pixels connected along edges or at corners.
    ///
    /// - Parameter area: Islands of fewer pixels are removed.
    /// - Throws: ``ImagingError/invalidParameter(_:reason:)`` if there are several channels.
    /// - Source: `remove_small_regions` in segment-anything, `utils/amg.py`.
    public func removingIslands(smallerThan area: Int) throws(ImagingError) -> Raster<Bool> {
        let islands = try LabelImage(componentsOf: self, connectivity: .edgesAndCorners)
        let sizes = LabelIndex(islands).sizes(in: islands)
        guard let largest = sizes.max() else { return self }
        let firstLargest = sizes.firstIndex(of: largest)
        var result = self
        for (pixel, island) in islands.labels.enumerated() where island != 0 {
            let index = Int(island) - 1
            result.samples[pixel] =
                largest < area ? index == firstLargest : sizes[index] >= area
        }
        return result
    }
}
