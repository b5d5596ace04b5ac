/// The mapping between an image and its resized version whose longest side has the model's length.
///
/// The shorter side is rounded to whole pixels, so the two axes have slightly different factors;
/// coordinates use the exact factor of their axis.
///
/// - Source: `ResizeLongestSide` in segment-anything, `utils/transforms.py`.
public struct ResizeLongestSide: Hashable, Codable, Sendable {
    /// The side of the square model input that SAM uses.
    public static let samSide = 1024

    /// Size of the image as read.
    public let originalSize: Size

    /// Length of the longest side after resizing.
    public let side: Int

    /// Size of the image after resizing, before it is padded to a square.
    ///
    /// A side that would be rounded to nothing (aspect ratio beyond 2048) keeps one pixel.
    public let resizedSize: Size

    /// Prepares the mapping for images of `size`.
    ///
    /// - Parameters:
    ///   - size: Size of the image as read.
    ///   - side: Length of the longest side after resizing, at least 1.
    /// - Throws: ``ImagingError/invalidSize(_:_:)`` if a side of the image is not positive,
    ///   ``ImagingError/invalidParameter(_:reason:)`` if `side` is not positive.
    public init(from size: Size, to side: Int = samSide) throws(ImagingError) {
        guard size.width > 0, size.height > 0 else { throw .invalidSize("image to resize", size) }
        guard side > 0 else {
            throw .invalidParameter("side", reason: "must be positive, but is \(side)")
        }
        originalSize = size
        self.side = side
        let scale = Double(side) / Double(size.longestSide)
        func scaled(_ length: Int) -> Int { max(Int(Double(length) * scale + 0.5), 1) }
        resizedSize = Size(width: scaled(size.width), height: scaled(size.height))
    }

    /// The square model input in pixels of the image, beyond which its padding reaches.
    public var frameInImage: Box<OriginalPixels> {
        func original(_ length: Int, _ resized: Int) -> Double {
            Double(side) * Double(length) / Double(resized)
        }
        return Box(
            minX: 0,
            minY: 0,
            maxX: original(originalSize.width, resizedSize.width),
            maxY: original(originalSize.height, resizedSize.height)
        )
    }

    /// The position in the resized image that shows the same thing.
    public func apply(_ point: Point<OriginalPixels>) -> Point<ModelPixels> { resized(point) }

    /// The box in the resized image that covers the same things.
    public func apply(_ box: Box<OriginalPixels>) -> Box<ModelPixels> { resized(box) }

    /// The position in the resized tile that shows the same thing, where the image as read is a tile.
    public func apply(_ point: Point<TilePixels>) -> Point<ModelPixels> { resized(point) }

    /// The box in the resized tile that covers the same things, where the image as read is a tile.
    public func apply(_ box: Box<TilePixels>) -> Box<ModelPixels> { resized(box) }

    private func resized<Space>(_ point: Point<Space>) -> Point<ModelPixels> {
        Point(x: point.x * factorX, y: point.y * factorY)
    }

    private func resized<Space>(_ box: Box<Space>) -> Box<ModelPixels> {
        Box(
            minX: box.minX * factorX,
            minY: box.minY * factorY,
            maxX: box.maxX * factorX,
            maxY: box.maxY * factorY
        )
    }

    /// The position in the original image that shows the same thing.
    public func invert(_ point: Point<ModelPixels>) -> Point<OriginalPixels> {
        Point(x: point.x / factorX, y: point.y / factorY)
    }

    /// The box in the original image that covers the same things.
    public func invert(_ box: Box<ModelPixels>) -> Box<OriginalPixels> {
        Box(
            minX: box.minX / factorX,
            minY: box.minY / factorY,
            maxX: box.maxX / factorX,
            maxY: box.maxY / factorY
        )
    }

    private var factorX: Double { Double(resizedSize.width) / Double(originalSize.width) }
    private var factorY: Double { Double(resizedSize.height) / Double(originalSize.height) }
}
