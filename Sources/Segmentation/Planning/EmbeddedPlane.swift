import Imaging
import Prompting

/// A plane with its embeddings, divided as a ``Planner`` decided.
public struct EmbeddedPlane: Sendable {
    /// The pixels.
    public let pixels: PlanePixels

    /// How the plane is shown to the model for finding all objects.
    public let division: Division

    /// The embeddings for finding all objects: of a plane that was enlarged after a first look, only the
    /// tiles in which that look saw something.
    public let embeddings: ImageEmbeddings

    /// The embeddings for prompts.
    ///
    /// Long objects would be cut by tiles in which their width suits the model, so prompts see them in the
    /// plane as a whole.
    public let promptEmbeddings: ImageEmbeddings

    /// The look at the plane as a whole that led to tiles.
    var firstLook: WholeLook?

    /// The decoder's maps of the plane as a whole, if they were needed for the decision and the plane is not
    /// enlarged.
    let maps: InstanceMaps?
}

/// A look at a plane as a whole.
struct WholeLook: Sendable {
    /// What was seen.
    let embedding: ImageEmbedding

    /// The diameter of objects that suits the model.
    let suited: ObjectDiameter
}

/// Gives the embeddings of parts of a plane: from a shelf, or computed and put there.
struct PartEmbedder: Sendable {
    let predictor: ImagePredictor
    let pixels: PlanePixels
    let shelf: any EmbeddingShelf

    /// The few parts that a first look has seen.
    var looked: [EmbeddedPart: ImageEmbedding] = [:]

    /// The embedding of a part.
    ///
    /// What is more urgent and needs the same part goes first at a checkpoint, and leaves it on the shelf.
    func embedding(of part: EmbeddedPart, _ work: Work) throws -> ImageEmbedding {
        if let known = try known(part) { return known }
        do {
            return try computed(part, work.part { [shelf] in !shelf.holds(part) })
        } catch is CancellationError {
            try work.checkpoint()
            return try known(part) ?? computed(part, work)
        }
    }

    private func known(_ part: EmbeddedPart) throws -> ImageEmbedding? {
        guard let known = try looked[part] ?? shelf.embedding(of: part) else { return nil }
        guard predictor.usesImage, known.frame == nil else { return known }
        // Shelves on disk hold features alone; the pixels are read where the decoder is asked.
        return known.showing { [pixels] work in try Self.image(of: part, pixels, work) }
    }

    private func computed(_ part: EmbeddedPart, _ work: Work) throws -> ImageEmbedding {
        let embedding = try predictor.embed(Self.image(of: part, pixels, work), work)
        try shelf.keep(embedding, of: part)
        return embedding
    }

    /// What a model sees of a part, in the size of the plane.
    private static func image(
        of part: EmbeddedPart,
        _ pixels: PlanePixels,
        _ work: Work
    ) throws -> Raster<UInt8> {
        let image =
            part.tile == nil
            ? try pixels.whole(work) : try pixels.part(part.region, part.intensities, work)
        return try part.piece.map { (piece) throws in try image.cropped(to: piece) } ?? image
    }

    /// The embedding of the plane as a whole, and whether it had to be computed.
    func whole(_ work: Work) throws -> (embedding: ImageEmbedding, isComputed: Bool) {
        let part = EmbeddedPart.whole(of: pixels.size)
        if let known = try known(part) { return (known, false) }
        return (try embedding(of: part, work), true)
    }

    /// The embeddings of tiles.
    ///
    /// - Parameters:
    ///   - division: Has tiles.
    ///   - chosen: Numbers of tiles; nil for all.
    ///   - isLazy: Whether tiles are embedded when they are needed, each time anew where the shelf does not
    ///     keep them, and not now.
    func tiles(
        of division: Division,
        _ tiling: TilingOptions,
        chosen: [Int]? = nil,
        isLazy: Bool,
        _ work: Work
    ) throws -> TiledEmbedding {
        let blocking = try tiling.blocking(of: pixels.size)
        var computed: [Int: ImageEmbedding] = [:]
        let wanted = isLazy ? [] : chosen ?? Array(0..<blocking.count)
        for tile in wanted {
            let part = part(tile, of: blocking, division, tiling)
            computed[tile] = try embedding(of: part, work)
            try work.advance(computed.count, of: wanted.count)
        }
        return try TiledEmbedding(blocking: blocking, tiles: chosen) { [computed] tile, work in
            try computed[tile]
                ?? embedding(of: part(tile, of: blocking, division, tiling), work)
        }
    }

    /// A tile of a division.
    func part(
        _ tile: Int,
        of blocking: Blocking,
        _ division: Division,
        _ tiling: TilingOptions
    ) -> EmbeddedPart {
        EmbeddedPart(
            region: blocking[tile].outer,
            intensities: division.intensities,
            tile: .init(tiling: tiling, index: tile)
        )
    }
}
