public import Imaging

/// One mask that a model predicted for an object, in pixels of the image.
public struct PredictedMask: Hashable, Sendable {
    /// Which of the given objects it belongs to; of masks that were generated, their order.
    public var object: Int

    /// Which of several masks of the object this is, from 0; 0 where there is one.
    public var index: Int

    /// Where the object is.
    public var pixels: RunLengthMask

    /// The IoU that the model expects of it.
    public var score: Double

    /// How little it depends on its threshold, 0...1.
    public var stability: Double

    /// Its logits `[256, 256]`, to be used as a prompt, if they were asked for.
    public var logits: [Float]?

    /// Where the square of the logits lies in the image, of which it may reach beyond; nil without logits.
    public var logitsBox: Box<OriginalPixels>?

    /// How many points were left out because they lie outside of the tile of the object.
    public var droppedPoints = 0

    /// The point that it was made from, where the model was asked at points of its own.
    public var origin: Point<OriginalPixels>?

    /// Creates a mask.
    public init(
        object: Int,
        index: Int = 0,
        pixels: RunLengthMask,
        score: Double,
        stability: Double,
        logits: [Float]? = nil
    ) {
        self.object = object
        self.index = index
        self.pixels = pixels
        self.score = score
        self.stability = stability
        self.logits = logits
    }

    /// The mask of a tile at its place in the image.
    ///
    /// - Parameter object: Which of all objects it belongs to.
    /// - Throws: ``ImagingError/regionOutside(_:_:)`` if the tile is not part of the image.
    package func placed(
        as object: Int,
        at tile: Region,
        in size: Size
    ) throws(ImagingError) -> PredictedMask {
        var result = self
        result.object = object
        result.pixels = try pixels.placed(x: tile.x, y: tile.y, in: size)
        result.logitsBox = logitsBox.map { box in
            Box(
                minX: box.minX + Double(tile.x),
                minY: box.minY + Double(tile.y),
                maxX: box.maxX + Double(tile.x),
                maxY: box.maxY + Double(tile.y)
            )
        }
        return result
    }
}
