/// How objects are drawn over an image.
public struct OverlayOptions: Hashable, Codable, Sendable {
    /// Width of contours in pixels; `nil` chooses one that is visible when the image is shown on a
    /// screen: 1 up to a longest side of 750 pixels, 2 up to 1250, and so on.
    public var contourWidth: Int?

    /// Opacity of the contours, 0...1.
    public var contourOpacity = 1.0

    /// Opacity of the inside of objects, 0...1.
    public var fillOpacity = 0.2

    /// Contours of automatic width and a light fill.
    public init() {}

    /// The width in pixels for an image of the given size.
    func width(for size: Size) -> Int {
        max(contourWidth ?? Int((Double(size.longestSide) / 500).rounded()), 1)
    }
}

extension LabelImage {
    /// Draws the objects over an image, each in its own colour (``RGBColor/init(label:)``).
    ///
    /// Contours lie inside the objects, so that touching objects show two of them.
    ///
    /// - Parameters:
    ///   - image: One channel (grey) or three (RGB), of the size of the labels; see
    ///     ``AnyRaster/renderedForDisplay(clipping:)``.
    ///   - options: Width and opacity of contours, opacity of the inside.
    /// - Returns: Three channels.
    /// - Throws: ``ImagingError`` if sizes differ, the image has other channels, or an option is
    ///   out of range.
    public func overlay(
        on image: Raster<UInt8>,
        _ options: OverlayOptions = OverlayOptions()
    ) throws(ImagingError) -> Raster<UInt8> {
        guard image.size == size else {
            throw .sizeMismatch("image under the overlay", expected: size, found: image.size)
        }
        guard image.channels == 1 || image.channels == 3 else {
            throw .invalidParameter("image", reason: "must have 1 or 3 channels")
        }
        for opacity in [options.contourOpacity, options.fillOpacity]
        where !(opacity >= 0 && opacity <= 1) {
            throw .invalidParameter("opacity", reason: "must be in 0...1, but is \(opacity)")
        }
        var result = image.expandedToRGB()
        let contours = try contourMask(width: options.width(for: size))
        for (pixel, label) in labels.enumerated() where label != 0 {
            let opacity =
                contours.samples[pixel] ? options.contourOpacity : options.fillOpacity
            result.blend(RGBColor(label: label), opacity: opacity, at: pixel)
        }
        return result
    }

    /// Object pixels less than `width` away from the outermost pixels of their object.
    private func contourMask(width: Int) throws(ImagingError) -> Raster<Bool> {
        let edges = boundaries(.inner)
        guard width > 1, size.longestSide <= 23_000 else { return edges }
        let limit = Int32(clamping: width) &* Int32(clamping: width)
        return try edges.squaredDistances().map { $0 < limit }
    }
}

extension Raster where Sample == UInt8 {
    /// Mixes a colour into one pixel of an RGB raster.
    fileprivate mutating func blend(_ color: RGBColor, opacity: Double, at pixel: Int) {
        let share = Int(opacity * 256)
        for (channel, value) in [color.red, color.green, color.blue].enumerated() {
            let index = pixel * 3 + channel
            samples[index] = UInt8((Int(samples[index]) * (256 - share) + Int(value) * share) >> 8)
        }
    }
}
