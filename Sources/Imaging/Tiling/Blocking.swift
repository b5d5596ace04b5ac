/// A regular division of an image into blocks that overlap their neighbours by a halo.
///
/// Blocks start at the top left corner; those at the right and lower border are cut off. They are
/// numbered row by row.
public struct Blocking: Hashable, Codable, Sendable {
    /// One block of a ``Blocking``.
    public struct Block: Hashable, Codable, Sendable {
        /// Number of the block.
        public let index: Int

        /// The part of the image that belongs to this block alone.
        public let inner: Region

        /// The block with its halo, as far as it lies inside the image.
        public let outer: Region

        /// ``inner`` in the coordinates of ``outer``.
        public var innerInOuter: TileRegion { outer.toTile(inner) }
    }

    /// Size of the image.
    public let imageSize: Size

    /// Size of a block without halo.
    public let blockSize: Size

    /// How far a block reaches into its neighbours, horizontally and vertically.
    public let halo: Size

    /// Divides an image.
    ///
    /// - Throws: ``ImagingError`` if the image or the blocks are empty, the halo is negative, or
    ///   numbers are so large that positions cannot be computed.
    public init(imageSize: Size, blockSize: Size, halo: Size) throws(ImagingError) {
        let limit = 1 << 40
        guard imageSize.width > 0, imageSize.height > 0, imageSize.fitsMemory() else {
            throw .invalidSize("image to divide", imageSize)
        }
        guard blockSize.width > 0, blockSize.height > 0, blockSize.longestSide <= limit else {
            throw .invalidParameter(
                "tile shape",
                reason: "both sides must be positive, but is \(blockSize)"
            )
        }
        guard halo.width >= 0, halo.height >= 0, halo.longestSide <= limit else {
            throw .invalidParameter("halo", reason: "must not be negative, but is \(halo)")
        }
        self.imageSize = imageSize
        self.blockSize = blockSize
        self.halo = halo
    }

    /// Number of blocks in a row.
    public var columns: Int { (imageSize.width - 1) / blockSize.width + 1 }

    /// Number of rows of blocks.
    public var rows: Int { (imageSize.height - 1) / blockSize.height + 1 }

    /// Number of blocks.
    public var count: Int { columns * rows }

    /// The block with the number `index`, which must be in `0..<count`.
    public subscript(index: Int) -> Block {
        precondition(index >= 0 && index < count, "no block \(index)")
        let (x, y) = (index % columns * blockSize.width, index / columns * blockSize.height)
        let inner = Region(
            x: x,
            y: y,
            width: min(blockSize.width, imageSize.width - x),
            height: min(blockSize.height, imageSize.height - y)
        )
        let (left, top) = (max(x - halo.width, 0), max(y - halo.height, 0))
        let outer = Region(
            x: left,
            y: top,
            width: min(inner.endX + halo.width, imageSize.width) - left,
            height: min(inner.endY + halo.height, imageSize.height) - top
        )
        return Block(index: index, inner: inner, outer: outer)
    }

    /// All blocks in order.
    public var blocks: some RandomAccessCollection<Block> { (0..<count).lazy.map { self[$0] } }

    /// The number of the block whose inner part holds a position.
    ///
    /// - Returns: `nil` if the position is outside the image or not a number.
    public func index(containing point: Point<OriginalPixels>) -> Int? {
        guard point.x >= 0, point.y >= 0, point.x < Double(imageSize.width),
            point.y < Double(imageSize.height)
        else { return nil }
        return Int(point.y) / blockSize.height * columns + Int(point.x) / blockSize.width
    }
}
