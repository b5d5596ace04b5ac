/// A point prompt derived from a mask.
public struct MaskPoint: Hashable, Codable, Sendable {
    /// Position in whole pixels.
    public let point: Point<OriginalPixels>

    /// Whether the point belongs to the object.
    public let isPositive: Bool

    package init(point: Point<OriginalPixels>, isPositive: Bool) {
        self.point = point
        self.isPositive = isPositive
    }
}

/// Which points ``Raster/promptPoints(_:boxExtension:)`` derives.
public enum MaskPointSelection: String, Hashable, Codable, Sendable, CaseIterable {
    /// The innermost pixel.
    case single
    /// Local maxima of the distance to the outline, inside (positive) and outside (negative).
    case several
}

extension Raster where Sample == Bool {
    /// The box around the true pixels, enlarged; `nil` if there are none.
    ///
    /// - Parameter boxExtension: See ``Box/extended(by:within:)``.
    /// - Throws: ``ImagingError`` if there are several channels or the extension is negative.
    public func promptBox(
        boxExtension: Double = 0
    ) throws(ImagingError) -> Box<OriginalPixels>? {
        guard let region = try RunLengthMask(self).boundingBox else { return nil }
        return try Box(region).extended(by: boxExtension, within: size)
    }

    /// Points that describe the mask to the model.
    ///
    /// The mask is cut to its enlarged box. There, the distance to the outer boundary is smoothed
    /// (σ = 1) and split into inside and outside; positive points are local maxima inside at least
    /// 3 pixels apart, negative ones maxima outside at least 5 pixels apart, each farthest first.
    ///
    /// - Parameter boxExtension: See ``Box/extended(by:within:)``.
    /// - Returns: Positive points, then negative ones; none if the mask is empty.
    /// - Throws: ``ImagingError`` if there are several channels or the extension is negative.
    /// - Source: `_compute_points_from_mask` in micro-sam, `prompt_based_segmentation.py`.
    public func promptPoints(
        _ selection: MaskPointSelection,
        boxExtension: Double = 0
    ) throws(ImagingError) -> [MaskPoint] {
        guard let box = try promptBox(boxExtension: boxExtension) else { return [] }
        let region = Region(
            x: Int(box.minX),
            y: Int(box.minY),
            width: Int(box.width),
            height: Int(box.height)
        )
        let mask = try cropped(to: region)
        let labels = LabelImage(unchecked: mask.size, labels: mask.samples.map { $0 ? 1 : 0 })
        let distances = try smoothedDistances(to: labels.boundaries(.outer), in: mask)
        func point(_ x: Int, _ y: Int, _ isPositive: Bool) -> MaskPoint {
            let position = Point<OriginalPixels>(x: Double(region.x + x), y: Double(region.y + y))
            return MaskPoint(point: position, isPositive: isPositive)
        }
        switch selection {
        case .single:
            let inside = distances.inside.samples
            guard let largest = inside.max(), let index = inside.firstIndex(of: largest) else {
                return []
            }
            return [point(index % mask.size.width, index / mask.size.width, true)]
        case .several:
            return try distances.inside.localMaxima(distance: 3).map { point($0.x, $0.y, true) }
                + distances.outside.localMaxima(distance: 5).map { point($0.x, $0.y, false) }
        }
    }

    /// The smoothed distance to the boundary, 0 outside of the mask and 0 inside of it.
    private func smoothedDistances(
        to boundary: Raster<Bool>,
        in mask: Raster<Bool>
    ) throws(ImagingError) -> (inside: Raster<Float>, outside: Raster<Float>) {
        // A mask that fills its crop has no outer boundary: every distance would be infinite.
        let isBounded = boundary.samples.contains(true)
        let distances =
            isBounded ? try boundary.distances() : Raster<Float>(repeating: 1, size: mask.size)
        let smooth = try distances.gaussianFiltered(sigma: 1)
        var (inside, outside) = (smooth, smooth)
        for (pixel, isInside) in mask.samples.enumerated() {
            if isInside { outside.samples[pixel] = 0 } else { inside.samples[pixel] = 0 }
        }
        return (inside, outside)
    }
}
