extension Box where Space == OriginalPixels {
    /// The box enlarged on every side, clipped to an image and rounded to whole pixels.
    ///
    /// Halves are rounded to even numbers, as the reference does.
    ///
    /// - Parameters:
    ///   - margin: From 1 on a number of pixels, below 1 a share of width and height; 0 for none.
    ///   - size: Size of the image.
    /// - Throws: ``ImagingError/invalidParameter(_:reason:)`` if the margin is negative or not
    ///   finite, or the box is not finite.
    /// - Source: `_process_box` in micro-sam, `prompt_based_segmentation.py`.
    public func extended(by margin: Double, within size: Size) throws(ImagingError) -> Box {
        guard margin >= 0, margin.isFinite else {
            throw .invalidParameter("box extension", reason: "must be 0 or more, but is \(margin)")
        }
        guard [minX, minY, maxX, maxY].allSatisfy(\.isFinite) else {
            throw .invalidParameter("box", reason: "corners must be finite")
        }
        let (dx, dy) = margin >= 1 ? (margin, margin) : (margin * width, margin * height)
        func rounded(_ value: Double) -> Double { value.rounded(.toNearestOrEven) }
        return Box(
            minX: rounded(max(minX - dx, 0)),
            minY: rounded(max(minY - dy, 0)),
            maxX: rounded(min(maxX + dx, Double(size.width))),
            maxY: rounded(min(maxY + dy, Double(size.height)))
        )
    }
}
