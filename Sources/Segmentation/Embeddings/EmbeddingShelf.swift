public import Imaging
public import Prompting

/// A part of a plane that is embedded: the plane as a whole, or a tile with its halo.
public struct EmbeddedPart: Hashable, Sendable {
    /// Where the part lies in the plane.
    public let region: Region

    /// What its intensities are stretched by.
    public let intensities: Division.Intensities

    /// The tiling that the part belongs to and its number there; nil for the whole plane.
    public let tile: Tile?

    /// A piece of the stretched part, counted from the part, that is shown alone; nil for all of it.
    public var piece: TileRegion?

    /// A tile of a division.
    public struct Tile: Hashable, Sendable {
        /// How the plane is divided.
        public let tiling: TilingOptions
        /// The number of the tile.
        public let index: Int
    }

    /// The plane as a whole.
    public static func whole(of size: Size) -> EmbeddedPart {
        EmbeddedPart(region: Region(size), intensities: .plane, tile: nil)
    }
}

/// Where embeddings of the parts of one plane are kept between uses: in memory, or in a store.
///
/// What a shelf holds was computed from the same pixels by the same model, so where an embedding comes from
/// changes nothing in the result.
public protocol EmbeddingShelf: Sendable {
    /// The embedding of a part; nil if it is not there.
    func embedding(of part: EmbeddedPart) throws -> ImageEmbedding?

    /// Keeps an embedding that was computed.
    func keep(_ embedding: ImageEmbedding, of part: EmbeddedPart) throws

    /// Whether the embedding of a part is there, as far as that is known at once.
    ///
    /// Asked between any two blocks of the encoder: work that is overtaken while it computes the same part ends
    /// there.
    func holds(_ part: EmbeddedPart) -> Bool
}

extension EmbeddingShelf {
    /// Nothing is known at once.
    public func holds(_ part: EmbeddedPart) -> Bool { false }
}

/// A shelf that keeps nothing.
public struct NoShelf: EmbeddingShelf {
    /// Creates a shelf.
    public init() {}

    /// Nothing is there.
    public func embedding(of part: EmbeddedPart) -> ImageEmbedding? { nil }

    /// Nothing is kept.
    public func keep(_ embedding: ImageEmbedding, of part: EmbeddedPart) {}
}

/// A shelf before another one that is slower and keeps more.
struct BackedShelf: EmbeddingShelf {
    private let first: any EmbeddingShelf
    private let second: any EmbeddingShelf

    init(_ first: any EmbeddingShelf, _ second: any EmbeddingShelf) {
        (self.first, self.second) = (first, second)
    }

    func embedding(of part: EmbeddedPart) throws -> ImageEmbedding? {
        if let known = try first.embedding(of: part) { return known }
        guard let stored = try second.embedding(of: part) else { return nil }
        try first.keep(stored, of: part)
        return stored
    }

    func keep(_ embedding: ImageEmbedding, of part: EmbeddedPart) throws {
        try first.keep(embedding, of: part)
        try second.keep(embedding, of: part)
    }

    func holds(_ part: EmbeddedPart) -> Bool { first.holds(part) || second.holds(part) }
}
