public import Prompting

/// What can go wrong where an image is segmented in tiles.
///
/// An object is named by its id if it has one, else by its position among the given objects, from 0.
public enum TilingError: Error, Hashable, Sendable {
    /// A kind of prompt that has a place.
    public enum Placed: Hashable, Sendable {
        /// All points of an object.
        case points
        /// The box of an object.
        case box
    }

    /// A tile number that the division does not have.
    case noSuchTile(Int, count: Int)

    /// A tile without embedding, because the mask of interesting places does not touch it.
    case tileNotEmbedded(Int)

    /// The prompts of one object lie in different tiles.
    case promptsInDifferentTiles(object: Int, points: Int, box: Int)

    /// Prompts of an object lie outside of the tile they belong to, or of the image if that is nil.
    case promptOutside(Placed, object: Int, tile: Int?)

    /// A coordinate that is no number.
    case promptNotFinite(object: Int)

    /// A prompt of logits alone, which does not tell its tile.
    case logitsWithoutPlace(object: Int)

    /// Layers of crops, which work on undivided images only.
    case cropLayers
}

extension TilingError: PromptRefusal {
    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .noSuchTile(let tile, let count):
            "there is no tile \(tile): the image has \(count) tiles, counted from 0"
        case .tileNotEmbedded(let tile):
            "tile \(tile) has no embedding, because the mask that chose the tiles does not touch "
                + "it; prompt inside the mask, or compute the embeddings without mask"
        case .promptsInDifferentTiles(let object, let points, let box):
            "object \(object): the points lie in tile \(points) and the box in tile \(box), but an "
                + "object is segmented in one tile; leave the points or the box out, or use larger "
                + "tiles"
        case .promptOutside(let placed, let object, let tile):
            "object \(object): \(placed) outside the "
                + (tile.map { "tile \($0) to which its prompts belong" } ?? "image")
        case .promptNotFinite(let object):
            "object \(object): a coordinate is not a finite number"
        case .logitsWithoutPlace(let object):
            "object \(object): logits alone do not determine their tile; add a point "
                + "or a box, or name the tile"
        case .cropLayers:
            "crop layers cannot be used for images in tiles; use smaller tiles"
        }
    }
}

extension TilingError.Placed: CustomStringConvertible {
    /// The prompts and their verb.
    public var description: String {
        switch self {
        case .points: "all points lie"
        case .box: "the box lies"
        }
    }
}
