/// A rectangle of whole pixels in the coordinate space `Space`: columns `x ..< x + width`, rows
/// `y ..< y + height`.
public struct PixelRegion<Space>: Hashable, Codable, Sendable {
    /// First column.
    public var x: Int

    /// First row.
    public var y: Int

    /// Number of columns.
    public var width: Int

    /// Number of rows.
    public var height: Int

    /// Creates the region that begins at (`x`, `y`).
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// The region that covers a whole grid.
    public init(_ size: Size) {
        self.init(x: 0, y: 0, width: size.width, height: size.height)
    }

    /// Width and height.
    public var size: Size { Size(width: width, height: height) }

    /// One past the last column.
    public var endX: Int { x + width }

    /// One past the last row.
    public var endY: Int { y + height }

    /// Whether every pixel of the region lies on a grid of the given size.
    public func isInside(_ size: Size) -> Bool {
        // Written without sums, which could overflow for a region that a user typed.
        x >= 0 && y >= 0 && width >= 0 && height >= 0
            && width <= size.width && x <= size.width - width
            && height <= size.height && y <= size.height - height
    }

    /// Whether a position lies on one of the pixels.
    public func contains(_ point: Point<Space>) -> Bool {
        point.x >= Double(x) && point.x < Double(endX) && point.y >= Double(y)
            && point.y < Double(endY)
    }
}

/// A part of the image as it was read.
public typealias Region = PixelRegion<OriginalPixels>

/// A part of a tile or crop that is looked at alone, counted from its first pixel.
public typealias TileRegion = PixelRegion<TilePixels>

extension Region {
    /// A position in the image, in pixels of the tile that the region is.
    public func toTile(_ point: Point<OriginalPixels>) -> Point<TilePixels> {
        Point(x: point.x - Double(x), y: point.y - Double(y))
    }

    /// A box in the image, in pixels of the tile that the region is.
    public func toTile(_ box: Box<OriginalPixels>) -> Box<TilePixels> {
        let (x, y) = (Double(x), Double(y))
        return Box(minX: box.minX - x, minY: box.minY - y, maxX: box.maxX - x, maxY: box.maxY - y)
    }

    /// A part of the image, in pixels of the tile that the region is.
    public func toTile(_ part: Region) -> TileRegion {
        TileRegion(x: part.x - x, y: part.y - y, width: part.width, height: part.height)
    }

    /// A position in the tile that the region is, in pixels of the image.
    public func toImage(_ point: Point<TilePixels>) -> Point<OriginalPixels> {
        Point(x: point.x + Double(x), y: point.y + Double(y))
    }

    /// A box in the tile that the region is, in pixels of the image.
    public func toImage(_ box: Box<TilePixels>) -> Box<OriginalPixels> {
        let (x, y) = (Double(x), Double(y))
        return Box(minX: box.minX + x, minY: box.minY + y, maxX: box.maxX + x, maxY: box.maxY + y)
    }

    /// A part of the tile that the region is, in pixels of the image.
    public func toImage(_ part: TileRegion) -> Region {
        Region(x: part.x + x, y: part.y + y, width: part.width, height: part.height)
    }
}
