public import Imaging
public import Prompting

extension ImagePredictor {
    /// The embedding of an image, in tiles if its objects are smaller than suits the model.
    ///
    /// In all tiles intensities are stretched as in the whole image.
    ///
    /// - Parameters:
    ///   - image: Three channels, normalised.
    ///   - enlargement: What suits the model; nil embeds the image as a whole.
    ///   - isLazy: Whether tiles are embedded when they are needed, each time anew, and not now.
    ///   - work: Told how many tiles are done.
    /// - Throws: ``SegmentationError/noInstanceDecoder(model:)`` if there is to be a first look,
    ///   ``TensorError``, or `CancellationError` if the work is cancelled.
    public func embed(
        _ image: Raster<UInt8>,
        _ enlargement: Enlargement?,
        isLazy: Bool = false,
        _ work: Work = Work()
    ) throws -> EnlargedEmbedding {
        var (whole, maps): (ImageEmbedding?, InstanceMaps?)
        var areLong = false
        let diameter: Double?
        switch enlargement?.source {
        case nil: diameter = nil
        case .known(let known): diameter = known
        case .firstLook(let options):
            let embedding = try embed(image, work)
            let found = try instanceMaps(of: embedding)
            (whole, maps) = (embedding, found)
            let widths = try objectWidths(in: image, found, options, work)
            diameter = widths?.diameter
            areLong = widths?.areLong ?? false
        }
        guard let diameter, let enlargement,
            let tiling = TilingOptions.enlarging(
                image.size,
                objectsOf: diameter,
                to: enlargement.suited,
                limit: maps == nil ? nil : Self.mostEnlargedParts
            )
        else {
            let embedding = try whole ?? embed(image, work)
            return EnlargedEmbedding(embeddings: .whole(embedding), maps: maps)
        }
        let tiles = try EnlargedTiles(of: image, tiling, seen: maps?.foreground)
        let enlarged = try embedding(of: tiles, diameter, isLazy: isLazy, work)
        guard areLong, let whole else { return enlarged }
        // Tiles in which their width suits the model are too small for their length.
        return EnlargedEmbedding(
            embeddings: .whole(whole),
            whereObjectsAre: enlarged.whereObjectsAre,
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
    ///   - work: Told how many tiles are done.
    /// - Throws: As ``embed(_:_:isLazy:_:)``.
    public func embed(
        tilesOf image: AnyRaster,
        _ tiling: TilingOptions,
        _ enlargement: Enlargement?,
        isLazy: Bool = false,
        _ work: Work = Work()
    ) throws -> EnlargedEmbedding {
        let blocking = try tiling.blocking(of: image.size)
        if let enlargement {
            let tile = blocking[blocking.fromTheMiddle[0]].outer.size
            let diameter = try objectDiameter(in: image, blocking, enlargement.source, work)
            let most = Self.mostEnlargedParts * (image.size.longestSide / tile.longestSide + 1)
            if let diameter, enlargement.suited.isMissed(by: diameter, in: tile),
                let smaller = TilingOptions.enlarging(
                    image.size,
                    objectsOf: diameter,
                    to: enlargement.suited,
                    limit: most
                )
            {
                let tiles = try EnlargedTiles(of: image.normalizedRGB(), smaller)
                return try embedding(of: tiles, diameter, isLazy: isLazy, work)
            }
        }
        guard isLazy else {
            let tiles = try embed(tilesOf: image, blocking, work)
            return EnlargedEmbedding(embeddings: .tiled(tiles))
        }
        let tiles = try TiledEmbedding(blocking: blocking) { tile in
            try embed(image.cropped(to: blocking[tile].outer).normalizedRGB())
        }
        return EnlargedEmbedding(embeddings: .tiled(tiles))
    }

    /// The embedding of tiles in which objects are enlarged.
    private func embedding(
        of tiles: EnlargedTiles,
        _ diameter: Double,
        isLazy: Bool,
        _ work: Work
    ) throws -> EnlargedEmbedding {
        var known: [Int: ImageEmbedding] = [:]
        for tile in isLazy ? [] : tiles.withObjects {
            known[tile] = try embed(tiles.image(of: tile), work)
            try work.advance(known.count, of: tiles.withObjects.count)
        }
        let load = { @Sendable [known] (tile: Int) in
            try known[tile] ?? embed(tiles.image(of: tile))
        }
        let (all, some) = (
            try TiledEmbedding(blocking: tiles.blocking, loading: load),
            try TiledEmbedding(blocking: tiles.blocking, tiles: tiles.withObjects, loading: load)
        )
        return EnlargedEmbedding(
            embeddings: .tiled(all),
            whereObjectsAre: .tiled(some),
            objectDiameter: diameter
        )
    }

    /// How wide the objects are that a first look shows; nil if it shows none.
    ///
    /// Long objects side by side can look like one wide object. Therefore, where objects do not seem to be round, a
    /// part of the image is looked at enlarged twice.
    private func objectWidths(
        in image: Raster<UInt8>,
        _ maps: InstanceMaps,
        _ options: WatershedOptions,
        _ work: Work
    ) throws -> ObjectWidths? {
        guard let first = try maps.typicalWidths(options) else { return nil }
        guard first.roundness < Self.leastRoundness else { return first }
        let part = maps.foreground.middlePart(
            Size(width: (image.size.width + 1) / 2, height: (image.size.height + 1) / 2)
        )
        let second = try instanceMaps(of: embed(image.cropped(to: part), work))
            .typicalWidths(options)
        guard let second, second.diameter < Self.surprise * first.diameter else {
            return first
        }
        return second
    }

    /// Objects that are rounder have been told apart.
    private static let leastRoundness = 0.67

    /// The second look is believed if objects have less than this share of the width seen first.
    private static let surprise = 0.5

    /// How wide objects of a large image are, in pixels; nil if the tiles that were looked at have none.
    private func objectDiameter(
        in image: AnyRaster,
        _ blocking: Blocking,
        _ source: Enlargement.Source,
        _ work: Work
    ) throws -> Double? {
        let options: WatershedOptions
        switch source {
        case .known(let diameter): return diameter
        case .firstLook(let look): options = look
        }
        for tile in blocking.fromTheMiddle.prefix(Self.mostLooks) {
            let part = try image.cropped(to: blocking[tile].outer).normalizedRGB()
            let maps = try instanceMaps(of: embed(part, work))
            if let widths = try objectWidths(in: part, maps, options, work) {
                return widths.diameter
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

extension Raster where Sample == Float {
    /// The part of a size around the centre of gravity.
    fileprivate func middlePart(_ part: Size) -> Region {
        var (sum, x, y) = (0.0, 0.0, 0.0)
        for (pixel, value) in samples.enumerated() {
            sum += Double(value)
            x += Double(value) * Double(pixel % size.width)
            y += Double(value) * Double(pixel / size.width)
        }
        func start(_ center: Double, _ length: Int, _ whole: Int) -> Int {
            guard sum > 0 else { return (whole - length) / 2 }
            return min(max(Int(center / sum) - length / 2, 0), whole - length)
        }
        return Region(
            x: start(x, part.width, size.width),
            y: start(y, part.height, size.height),
            width: part.width,
            height: part.height
        )
    }
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
