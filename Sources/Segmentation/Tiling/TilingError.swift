/// What can go wrong where an image is segmented in tiles.
public enum TilingError: Error, Hashable, Sendable {
    /// A tile number that the division does not have.
    case noSuchTile(Int, count: Int)

    /// A tile without embedding, because the mask of interesting places does not touch it.
    case tileNotEmbedded(Int)

    /// The prompts of one object lie in different tiles.
    case promptsInDifferentTiles(object: Int, points: Int, box: Int)

    /// Points, or the box, of an object lie outside of the image or of the tile they belong to.
    case promptOutside(object: Int, what: String, tile: Int?)

    /// A coordinate that is no number.
    case promptNotFinite(object: Int)

    /// A prompt of logits alone, which does not tell its tile.
    case logitsWithoutPlace(object: Int)

    /// A mask without any pixel, which lies nowhere.
    case emptyMask

    /// A feature that works on undivided images only.
    case notInTiles(String, instead: String)
}

extension TilingError: CustomStringConvertible {
    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .noSuchTile(let tile, let count):
            "there is no tile \(tile): the image has \(count) tiles, counted from 0"
        case .tileNotEmbedded(let tile):
            "tile \(tile) has no embedding, because the mask that chose the tiles does not touch "
                + "it; prompt inside of the mask, or compute the embeddings without mask"
        case .promptsInDifferentTiles(let object, let points, let box):
            "object \(object): the points lie in tile \(points) and the box in tile \(box), but an "
                + "object is segmented in one tile; leave the points or the box out, or use larger "
                + "tiles"
        case .promptOutside(let object, let what, let tile):
            "object \(object): \(what) outside of the "
                + (tile.map { "tile \($0) to which its prompts belong" } ?? "image")
        case .promptNotFinite(let object):
            "object \(object): a coordinate is not a finite number"
        case .logitsWithoutPlace(let object):
            "object \(object): logits alone do not tell the tile that they belong to; add a point "
                + "or a box, or name the tile"
        case .emptyMask:
            "the mask has no pixels, so it belongs to no tile"
        case .notInTiles(let feature, let instead):
            "\(feature) does not work on images in tiles; \(instead)"
        }
    }
}
