public import Imaging

extension ImagePredictor {
    /// The embedding of an image, in tiles if its objects are smaller than suits the model.
    ///
    /// In all tiles intensities are stretched as in the whole image.
    ///
    /// - Parameters:
    ///   - image: Three channels, normalised.
    ///   - enlargement: What suits the model; nil embeds the image as a whole.
    ///   - isLazy: Whether tiles are embedded when they are needed, each time anew, and not all of them now.
    ///   - progress: Receives the number of tiles done and of all tiles.
    /// - Throws: ``SegmentationError/noInstanceDecoder(model:)`` if there is to be a first look,
    ///   ``TensorError``, or `CancellationError` if the task is cancelled.
    public func embed(
        _ image: Raster<UInt8>,
        _ enlargement: Enlargement?,
        isLazy: Bool = false,
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
        return EnlargedEmbedding(
            embeddings: try parts(of: image, tiling, isLazy: isLazy, progress: progress),
            objectDiameter: diameter
        )
    }

    /// The embedding of a large image in tiles, in smaller ones if its objects are smaller than suits the model.
    ///
    /// The first look is at one tile in the middle, or at another one where that has no objects. Tiles are stretched
    /// each for itself, enlarged ones as the whole image.
    ///
    /// - Parameters:
    ///   - image: The pixels as stored.
    ///   - tiling: The tiles where objects are large enough.
    ///   - enlargement: What suits the model; nil for these tiles in any case.
    ///   - isLazy: Whether tiles are embedded when they are needed, each time anew, and not all of them now.
    ///   - progress: Receives the number of tiles done and of all tiles.
    /// - Throws: As ``embed(_:_:isLazy:progress:)``.
    public func embed(
        tilesOf image: AnyRaster,
        _ tiling: TilingOptions,
        _ enlargement: Enlargement?,
        isLazy: Bool = false,
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> EnlargedEmbedding {
        let blocking = try tiling.blocking(of: image.size)
        if let enlargement {
            let tile = blocking[blocking.fromTheMiddle[0]].outer.size
            let diameter = try objectDiameter(in: image, blocking, enlargement.source)
            let most = Self.mostEnlargedParts * (image.size.longestSide / tile.longestSide + 1)
            if let diameter, enlargement.suited.isMissed(by: diameter, in: tile),
                let smaller = TilingOptions.enlarging(
                    image.size,
                    objectsOf: diameter,
                    to: enlargement.suited,
                    limit: most
                )
            {
                let whole = try image.normalizedRGB()
                return EnlargedEmbedding(
                    embeddings: try parts(of: whole, smaller, isLazy: isLazy, progress: progress),
                    objectDiameter: diameter
                )
            }
        }
        guard isLazy else {
            let tiles = try embed(tilesOf: image, blocking, progress: progress)
            return EnlargedEmbedding(embeddings: .tiled(tiles))
        }
        let tiles = try TiledEmbedding(blocking: blocking) { tile in
            try embed(image.cropped(to: blocking[tile].outer).normalizedRGB())
        }
        return EnlargedEmbedding(embeddings: .tiled(tiles))
    }

    /// The tiles of a normalised image.
    private func parts(
        of image: Raster<UInt8>,
        _ tiling: TilingOptions,
        isLazy: Bool,
        progress: (Int, Int) -> Void
    ) throws -> ImageEmbeddings {
        let blocking = try tiling.blocking(of: image.size)
        guard !isLazy else {
            return .tiled(
                try TiledEmbedding(blocking: blocking) { tile in
                    try embed(image.cropped(to: blocking[tile].outer))
                }
            )
        }
        var tiles: [Int: ImageEmbedding] = [:]
        for tile in 0..<blocking.count {
            try Task.checkCancellation()
            tiles[tile] = try embed(image.cropped(to: blocking[tile].outer))
            progress(tiles.count, blocking.count)
        }
        return .tiled(try TiledEmbedding(blocking: blocking, embeddings: tiles))
    }

    /// How wide objects of a large image are, in pixels; nil if the tiles that were looked at have none.
    private func objectDiameter(
        in image: AnyRaster,
        _ blocking: Blocking,
        _ source: Enlargement.Source
    ) throws -> Double? {
        let options: WatershedOptions
        switch source {
        case .known(let diameter): return diameter
        case .firstLook(let look): options = look
        }
        for tile in blocking.fromTheMiddle.prefix(Self.mostLooks) {
            try Task.checkCancellation()
            let part = try image.cropped(to: blocking[tile].outer).normalizedRGB()
            if let diameter = try instanceMaps(of: embed(part)).typicalDiameter(options) {
                return diameter
            }
        }
        return nil
    }

    /// Tiles of a large image that are looked at before it counts as empty.
    private static let mostLooks = 3

    /// The longest side is divided into so many parts at most where nobody asked for it: time grows with the
    /// square.
    private static let mostEnlargedParts = 4
}

extension Blocking {
    /// The numbers of all blocks, those in the middle of the image first.
    fileprivate var fromTheMiddle: [Int] {
        func distance(_ block: Int) -> Int {
            let region = self[block].inner
            let (x, y) = (2 * region.x + region.width, 2 * region.y + region.height)
            let (dx, dy) = (x - imageSize.width, y - imageSize.height)
            return dx * dx + dy * dy
        }
        return (0..<count).sorted { (distance($0), $0) < (distance($1), $1) }
    }
}
