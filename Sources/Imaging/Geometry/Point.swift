/// The coordinate space of the image as it was read: one unit is one pixel, (0, 0) is the top left.
public enum OriginalPixels {}

/// The coordinate space of a part of the image that is looked at alone, a tile with its halo or a crop: one
/// unit is one pixel, (0, 0) is the top left of the part.
public enum TilePixels {}

/// The coordinate space of the image after its longest side was resized to the model's input side.
public enum ModelPixels {}

/// A position in the coordinate space `Space`, which exists only for the type checker.
public struct Point<Space>: Hashable, Codable, Sendable {
    /// Horizontal position, growing to the right.
    public var x: Double

    /// Vertical position, growing downwards.
    public var y: Double

    /// Creates the point (`x`, `y`).
    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }
}

/// An axis-parallel rectangle in the coordinate space `Space`, given by two corners.
///
/// The ends are exclusive: the box around the pixels 3...7 goes from 3 to 8.
public struct Box<Space>: Hashable, Codable, Sendable {
    /// Left edge.
    public var minX: Double

    /// Upper edge.
    public var minY: Double

    /// Right edge, exclusive.
    public var maxX: Double

    /// Lower edge, exclusive.
    public var maxY: Double

    /// Creates the box between two corners.
    public init(minX: Double, minY: Double, maxX: Double, maxY: Double) {
        self.minX = minX
        self.minY = minY
        self.maxX = maxX
        self.maxY = maxY
    }

    /// Horizontal extent.
    public var width: Double { maxX - minX }

    /// Vertical extent.
    public var height: Double { maxY - minY }

    /// Width times height; 0 for a box turned inside out.
    public var area: Double { max(width, 0) * max(height, 0) }

    /// The point in the middle.
    public var center: Point<Space> { Point(x: (minX + maxX) / 2, y: (minY + maxY) / 2) }

    /// The part that both boxes share, or `nil` if they share no area.
    public func intersection(_ other: Box) -> Box? {
        let shared = Box(
            minX: max(minX, other.minX),
            minY: max(minY, other.minY),
            maxX: min(maxX, other.maxX),
            maxY: min(maxY, other.maxY)
        )
        return shared.width > 0 && shared.height > 0 ? shared : nil
    }

    /// Area of the intersection divided by the area of the union; 0 if either box is empty.
    public func intersectionOverUnion(_ other: Box) -> Double {
        let shared = intersection(other)?.area ?? 0
        return shared > 0 ? shared / (area + other.area - shared) : 0
    }
}

extension Box {
    /// The box around the pixels of `region`.
    public init(_ region: PixelRegion<Space>) {
        self.init(
            minX: Double(region.x),
            minY: Double(region.y),
            maxX: Double(region.endX),
            maxY: Double(region.endY)
        )
    }
}
