public import Imaging

extension ImagePredictor {
    /// The embedding of an image, in tiles if its objects are smaller than suits the model.
    ///
    /// In all tiles intensities are stretched as in the whole image.
    ///
    /// - Parameters:
    ///   - image: Three channels, normalised.
    ///   - enlargement: What suits the model; nil embeds the image as a whole.
    ///   - progress: Receives the number of tiles done and of all tiles.
    /// - Throws: ``SegmentationError/noInstanceDecoder(model:)`` if there is to be a first look,
    ///   ``TensorError``, or `CancellationError` if the task is cancelled.
    public func embed(
        _ image: Raster<UInt8>,
        _ enlargement: Enlargement?,
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> EnlargedEmbedding {
        var (whole, maps): (ImageEmbedding?, InstanceMaps?)
        let diameter: Double?
        switch enlargement?.source {
        case nil: diameter = nil
        case .known(let known): diameter = known
        case .firstLook(let options):
            let embedding = try embed(image)
            let found = try instanceMaps(of: embedding)
            (whole, maps) = (embedding, found)
            diameter = try found.typicalDiameter(options)
        }
        guard let diameter, let enlargement,
            let tiling = TilingOptions.enlarging(
                image.size,
                objectsOf: diameter,
                to: enlargement.suited,
                limit: maps == nil ? nil : Self.mostEnlargedParts
            )
        else {
            let embedding = try whole ?? embed(image)
            return EnlargedEmbedding(embeddings: .whole(embedding), maps: maps)
        }
        let blocking = try tiling.blocking(of: image.size)
        var tiles: [Int: ImageEmbedding] = [:]
        for tile in 0..<blocking.count {
            try Task.checkCancellation()
            tiles[tile] = try embed(image.cropped(to: blocking[tile].outer))
            progress(tiles.count, blocking.count)
        }
        let tiled = try TiledEmbedding(blocking: blocking, embeddings: tiles)
        return EnlargedEmbedding(embeddings: .tiled(tiled), objectDiameter: diameter)
    }

    /// The longest side is divided into so many parts at most where nobody asked for it: time grows with the
    /// square.
    private static let mostEnlargedParts = 4
}
