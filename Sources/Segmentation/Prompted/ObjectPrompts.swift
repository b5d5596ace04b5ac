public import Imaging

/// What to segment: any combination of points, a box and a mask that stand for one object.
///
/// Positions are pixels of the image in ``ObjectPrompts``, and pixels of what one embedding shows in
/// ``TilePrompts``.
public struct SpatialPrompts<Space>: Sendable {
    /// A place that belongs to the object, or does not.
    public struct LabeledPoint: Hashable, Sendable {
        /// Where.
        public var position: Point<Space>

        /// Whether the object is there.
        public var isInside: Bool

        /// Creates a point prompt.
        public init(_ position: Point<Space>, isInside: Bool = true) {
            self.position = position
            self.isInside = isInside
        }
    }

    /// Points inside and outside of the object.
    public var points: [LabeledPoint]

    /// A box around the object.
    public var box: Box<Space>?

    /// Logits of an earlier prediction, `[256, 256]` in row-major order, or nil.
    public var maskLogits: [Float]?

    /// The tile of a divided image to segment in, `nil` for the one in which the prompts lie; logits
    /// of an earlier prediction belong to one tile.
    public var tile: Int?

    /// Creates any combination.
    public init(
        points: [LabeledPoint] = [],
        box: Box<Space>? = nil,
        maskLogits: [Float]? = nil,
        tile: Int? = nil
    ) {
        self.points = points
        self.box = box
        self.maskLogits = maskLogits
        self.tile = tile
    }

    /// Whether all that is known is one place inside the object.
    var isSinglePositivePoint: Bool {
        points.count == 1 && points[0].isInside && box == nil && maskLogits == nil
    }
}

/// The prompts of one object in pixels of the image.
public typealias ObjectPrompts = SpatialPrompts<OriginalPixels>

/// The prompts of one object in pixels of what one embedding shows.
public typealias TilePrompts = SpatialPrompts<TilePixels>

extension ObjectPrompts {
    /// The same prompts, all of them, as a tile sees them.
    func seen(in tile: Region) -> TilePrompts {
        TilePrompts(
            points: points.map { .init(tile.toTile($0.position), isInside: $0.isInside) },
            box: box.map(tile.toTile),
            maskLogits: maskLogits
        )
    }

    /// The same prompts where one embedding shows the whole image.
    func seen(in embedding: ImageEmbedding) -> TilePrompts {
        seen(in: Region(embedding.transform.originalSize))
    }
}
