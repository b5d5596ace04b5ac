public import Imaging
public import Prompting

/// The embeddings of an image that is too large for one: one for each tile, made from the tile with
/// its halo.
///
/// Tiles are loaded one by one when they are needed, so the embeddings of any image fit a computer
/// if they lie on disk.
public struct TiledEmbedding: Sendable {
    /// How the image is divided.
    public let blocking: Blocking

    /// Numbers of the tiles that have an embedding, ascending.
    ///
    /// All of them, or those that a mask of interesting places touches.
    public let tiles: [Int]

    private let isThere: [Bool]
    private let load: @Sendable (Int, Work) throws -> ImageEmbedding

    /// Describes embeddings that something else stores.
    ///
    /// - Parameters:
    ///   - blocking: How the image is divided.
    ///   - tiles: Which tiles there are; nil for all.
    ///   - loading: Gives the embedding of a tile; called whenever it is needed, from any thread.
    /// - Throws: ``TilingError/noSuchTile(_:count:)`` if a tile is not part of the division.
    public init(
        blocking: Blocking,
        tiles: [Int]? = nil,
        loading: @escaping @Sendable (_ tile: Int, _ work: Work) throws -> ImageEmbedding
    ) throws(TilingError) {
        self.blocking = blocking
        var isThere = [Bool](repeating: tiles == nil, count: blocking.count)
        for tile in tiles ?? [] {
            guard isThere.indices.contains(tile) else {
                throw .noSuchTile(tile, count: blocking.count)
            }
            isThere[tile] = true
        }
        self.tiles = isThere.indices.filter { isThere[$0] }
        self.isThere = isThere
        load = loading
    }

    /// Holds embeddings in memory, 4 MiB each.
    ///
    /// - Throws: ``TilingError`` if a tile is not part of the division.
    public init(
        blocking: Blocking,
        embeddings: [Int: ImageEmbedding]
    ) throws(TilingError) {
        try self.init(blocking: blocking, tiles: Array(embeddings.keys)) { tile, _ in
            guard let embedding = embeddings[tile] else {
                throw TilingError.tileNotEmbedded(tile)
            }
            return embedding
        }
    }

    /// Width and height of the whole image.
    public var imageSize: Size { blocking.imageSize }

    /// Whether a tile has an embedding.
    public func hasTile(_ tile: Int) -> Bool { isThere.indices.contains(tile) && isThere[tile] }

    /// The embedding of one tile with its halo.
    ///
    /// - Throws: ``TilingError`` if there is none, or what the storage throws.
    public func embedding(ofTile tile: Int, _ work: Work = Work()) throws -> ImageEmbedding {
        guard isThere.indices.contains(tile) else {
            throw TilingError.noSuchTile(tile, count: blocking.count)
        }
        guard isThere[tile] else { throw TilingError.tileNotEmbedded(tile) }
        let embedding = try load(tile, work)
        let (expected, found) = (blocking[tile].outer.size, embedding.transform.originalSize)
        guard expected == found else {
            throw ImagingError.sizeMismatch("tile \(tile)", expected: expected, found: found)
        }
        return embedding
    }
}

/// The embedding of an image as a whole, or of its tiles.
public enum ImageEmbeddings: Sendable {
    /// One embedding of the whole image.
    case whole(ImageEmbedding)
    /// One embedding for each tile.
    case tiled(TiledEmbedding)

    /// Width and height of the image.
    public var imageSize: Size {
        switch self {
        case .whole(let embedding): embedding.transform.originalSize
        case .tiled(let tiles): tiles.imageSize
        }
    }

    /// How the image is divided, `nil` if it is not.
    public var blocking: Blocking? {
        switch self {
        case .whole: nil
        case .tiled(let tiles): tiles.blocking
        }
    }
}
