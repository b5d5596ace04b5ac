public import Imaging
public import Prompting

extension ImagePredictor {
    /// Computes the embedding of each tile of an image; every tile has its own normalisation.
    ///
    /// The result lies in memory, 4 MiB a tile.
    ///
    /// - Parameters:
    ///   - image: The pixels as stored.
    ///   - blocking: How it is divided; `TilingOptions/blocking(of:)` makes one.
    ///   - mask: Only tiles that, with their halo, hold a true pixel are computed; nil for all.
    ///   - work: Told how many tiles are done.
    /// - Throws: `ImagingError`, `TensorError`, or `CancellationError` if the work is cancelled.
    /// - Source: `precompute_image_embeddings` with a tile shape in micro-sam, `util.py`.
    public func embed(
        tilesOf image: AnyRaster,
        _ blocking: Blocking,
        mask: Raster<Bool>? = nil,
        _ work: Work = Work()
    ) throws -> TiledEmbedding {
        guard image.size == blocking.imageSize else {
            throw ImagingError.sizeMismatch(
                "image to divide",
                expected: blocking.imageSize,
                found: image.size
            )
        }
        return try embed(
            tilesOf: blocking,
            mask.map { mask throws(ImagingError) in try blocking.blocks(touching: mask) },
            reading: { try image.cropped(to: $0) },
            work
        )
    }

    /// Computes the embedding of each tile of an image that is read tile by tile.
    ///
    /// - Parameters:
    ///   - blocking: How the image is divided.
    ///   - tiles: Which tiles are computed; nil for all.
    ///   - reading: Gives the pixels of a region as stored.
    ///   - work: Told how many tiles are done.
    public func embed(
        tilesOf blocking: Blocking,
        _ tiles: [Int]? = nil,
        reading: (Region) throws -> AnyRaster,
        _ work: Work = Work()
    ) throws -> TiledEmbedding {
        let tiles = tiles ?? Array(0..<blocking.count)
        var embeddings: [Int: ImageEmbedding] = [:]
        for tile in tiles {
            guard (0..<blocking.count).contains(tile) else {
                throw TilingError.noSuchTile(tile, count: blocking.count)
            }
            embeddings[tile] = try embed(reading(blocking[tile].outer).normalizedRGB(), work)
            try work.advance(embeddings.count, of: tiles.count)
        }
        return try TiledEmbedding(blocking: blocking, embeddings: embeddings)
    }

    /// Predicts foreground and distances of a whole image, divided or not.
    ///
    /// Of each tile the inner part is kept; where there is no tile, everything is 0.
    ///
    /// - Parameter work: Told how many tiles are done.
    /// - Throws: ``SegmentationError/noInstanceDecoder(model:)`` if the model has none.
    public func instanceMaps(
        of embeddings: ImageEmbeddings,
        _ work: Work = Work()
    ) throws -> InstanceMaps {
        switch embeddings {
        case .whole(let embedding):
            let maps = try instanceMaps(of: embedding, work)
            try work.advance(1, of: 1)
            return maps
        case .tiled(let tiled):
            let empty = Raster<Float>(repeating: 0, size: tiled.imageSize)
            var (foreground, centers, boundaries) = (empty, empty, empty)
            for (done, tile) in tiled.tiles.enumerated() {
                let maps = try instanceMaps(
                    of: tiled.embedding(
                        ofTile: tile,
                        amongMany: tiled.tiles.count > 1,
                        work.silent
                    ),
                    work
                )
                let (block, start) = (tiled.blocking[tile], tiled.blocking[tile].innerInOuter)
                func keep(_ map: Raster<Float>, _ whole: inout Raster<Float>) throws {
                    try whole.replace(block.inner, with: map, fromX: start.x, y: start.y)
                }
                try keep(maps.foreground, &foreground)
                try keep(maps.centerDistances, &centers)
                try keep(maps.boundaryDistances, &boundaries)
                try work.advance(done + 1, of: tiled.tiles.count)
            }
            return try InstanceMaps(
                foreground: foreground,
                centerDistances: centers,
                boundaryDistances: boundaries
            )
        }
    }
}
