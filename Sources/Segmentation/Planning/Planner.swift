import Files
public import Imaging
public import Prompting

/// Decides how a plane is divided, from its size, the model, the wish of the user and the memory.
///
/// - Planes of up to 1536 pixels are shown as a whole, larger ones in tiles at full resolution.
/// - A model that carries the diameter of objects that suits it has a first look: at the whole plane, or at
///   tiles in the middle of a large one. Where objects are much smaller than suits the model, the plane is
///   shown in tiles that enlarge them.
/// - Planes beyond `PlanningLimits/joinedPixels` are segmented tile by tile.
///
/// Whether pixels are in memory or read from a file, and whether embeddings are stored, plays no part.
public struct Planner: Sendable {
    /// The model.
    public let model: Model

    /// The wish of the user.
    public let tiling: TilingChoice

    /// Whether the decoder's first look may decide.
    ///
    /// A grid of points has no use for it, because its masks do not come from the decoder.
    public let looksFirst: Bool

    /// The diameter of objects below which the first look enlarges; nil if it does not matter.
    private let suited: ObjectDiameter?

    /// From which size on a plane is segmented tile by tile.
    public let limits: PlanningLimits

    /// Plans for a model.
    ///
    /// - Parameter mode: How objects are found; nil for prompts.
    public init(
        _ model: Model,
        _ tiling: TilingChoice = .automatic,
        mode: AutomaticMode? = nil,
        limits: PlanningLimits = .machine
    ) {
        self.model = model
        self.tiling = tiling
        self.limits = limits
        suited = model.traits.objectDiameter(for: mode)
        looksFirst =
            tiling == .automatic && mode != .maskGeneration && model.hasDecoder
            && suited != nil
    }

    /// How a plane is divided as far as that is known without looking at it.
    ///
    /// Stored embeddings hold the parts of this division.
    public func base(of size: Size) -> Division {
        let suited = model.traits.objectDiameter ?? .standard
        guard let tiles = tiling.tiling(of: size, suiting: suited) else { return .whole }
        var division = Division(tiling: tiles, joinsTiles: limits.joins(size, of: tiles))
        if case .objects(let diameter) = tiling, tiling.enlarging(size, to: suited) != nil {
            division.intensities = .plane
            division.objectDiameter = diameter
        }
        return division
    }

    /// A part of the base division of a plane of this size.
    ///
    /// - Parameter tile: The number of the tile; without effect for a plane that is not divided.
    /// - Throws: `ImagingError` if the tiles are out of range.
    public func part(_ tile: Int, of size: Size) throws(ImagingError) -> EmbeddedPart {
        let base = base(of: size)
        guard let tiling = base.tiling else { return .whole(of: size) }
        return EmbeddedPart(
            region: try tiling.blocking(of: size)[tile].outer,
            intensities: base.intensities,
            tile: .init(tiling: tiling, index: tile)
        )
    }

    // MARK: - Looking

    /// Divides a plane and gives its embeddings.
    ///
    /// - Parameters:
    ///   - pixels: The plane.
    ///   - shelf: Where embeddings are taken from and kept.
    ///   - isLazy: Whether tiles are embedded when they are needed, and not now.
    /// - Throws: What reading throws; `TensorError`; `CancellationError`.
    public func embedded(
        _ pixels: PlanePixels,
        shelf: any EmbeddingShelf = NoShelf(),
        isLazy: Bool = false,
        _ work: Work = Work()
    ) throws -> EmbeddedPlane {
        let base = base(of: pixels.size)
        let pixels = pixels.stretched(model.normalization)
        var embedder = PartEmbedder(predictor: model.predictor, pixels: pixels, shelf: shelf)
        guard let tiling = base.tiling else {
            return try whole(embedder, isLazy: isLazy, work)
        }
        let look = try base.isEnlarging ? nil : tilesLook(&embedder, base, tiling, work)
        let division = look?.division ?? base
        if case .always = self.tiling {
            // The user knows.
        } else {
            var decision = Decided(division, isLazy: isLazy)
            if let look {
                let isKept = look.division == nil
                decision.looks = look.pieces + (isKept ? 0 : look.tiles)
                decision.knownTiles = isKept ? look.tiles : 0
                decision.secondsPerLook = look.secondsPerLook
                decision.isBounded = look.isBounded
            }
            try decision.tell(work, of: pixels.size)
        }
        return try divided(embedder, division, isLazy: isLazy, work)
    }

    private func divided(
        _ embedder: PartEmbedder,
        _ division: Division,
        isLazy: Bool,
        _ work: Work
    ) throws -> EmbeddedPlane {
        guard let tiling = division.tiling else {
            return try whole(embedder, isLazy: isLazy, work)
        }
        if division.intensities == .plane, !division.joinsTiles {
            _ = try embedder.pixels.whole(work)
        }
        let tiles = try embedder.tiles(
            of: division,
            tiling,
            isLazy: isLazy || division.joinsTiles,
            work
        )
        return EmbeddedPlane(
            pixels: embedder.pixels,
            division: division,
            embeddings: .tiled(tiles),
            promptEmbeddings: .tiled(tiles),
            maps: nil
        )
    }

    /// A plane that is not divided for its size.
    private func whole(
        _ embedder: PartEmbedder,
        isLazy: Bool,
        _ work: Work
    ) throws -> EmbeddedPlane {
        let pixels = embedder.pixels
        let clock = ContinuousClock()
        let start = clock.now
        let (embedding, isComputed) = try embedder.whole(work)
        var maps: InstanceMaps?
        let stack = try stackWidths(pixels, work)
        if looksFirst, let suited {
            let found = try model.predictor.instanceMaps(of: embedding, work)
            let seconds = start.duration(to: clock.now).seconds
            maps = found
            var looks = 1
            let widths =
                if case .found(let known) = stack {
                    known
                } else {
                    try FirstLook(model, work).widths(found) { piece in
                        var part = EmbeddedPart.whole(of: pixels.size)
                        part.piece = piece
                        looks += 1
                        return try embedder.embedding(of: part, work)
                    }
                }
            if let widths, widths.diameter < FirstLook.leastDiameter {
                work.decide(.tooSmall(widths.diameter))
            } else if let widths,
                let enlargement = try Enlargement(
                    pixels.size,
                    objectsOf: widths.diameter,
                    to: suited,
                    parts: FirstLook.mostEnlargedParts,
                    baseCost: 1,
                    choosing: {
                        try $0.blocks(
                            touching: found.foreground.map { $0 > FirstLook.leastForeground }
                        )
                    }
                )
            {
                let division = Division(
                    tiling: enlargement.tiling,
                    intensities: .plane,
                    objectDiameter: widths.diameter
                )
                var decision = Decided(division, isLazy: isLazy)
                decision.looks = looks
                decision.tiles = enlargement.tiles?.count
                decision.secondsPerLook = isComputed ? seconds : nil
                decision.isBounded = enlargement.isBounded
                try decision.tell(work, of: pixels.size)
                var plane = try enlarged(
                    embedder,
                    division,
                    enlargement,
                    prompts: widths.areLong ? .whole(embedding) : nil,
                    isLazy: isLazy,
                    work
                )
                plane.firstLook = WholeLook(embedding: embedding, suited: suited)
                return plane
            }
        }
        return EmbeddedPlane(
            pixels: pixels,
            division: .whole,
            embeddings: .whole(embedding),
            promptEmbeddings: .whole(embedding),
            maps: maps
        )
    }

    /// A plane whose objects a first look found too small.
    private func enlarged(
        _ embedder: PartEmbedder,
        _ division: Division,
        _ enlargement: Enlargement,
        prompts: ImageEmbeddings?,
        isLazy: Bool,
        _ work: Work
    ) throws -> EmbeddedPlane {
        let tiling = enlargement.tiling
        let blocking = try tiling.blocking(of: embedder.pixels.size)
        let some = try embedder.tiles(
            of: division,
            tiling,
            chosen: enlargement.tiles,
            isLazy: isLazy,
            work
        )
        let all = try TiledEmbedding(blocking: blocking) { tile, work in
            if some.hasTile(tile) { return try some.embedding(ofTile: tile, work) }
            return try embedder.embedding(
                of: embedder.part(tile, of: blocking, division, tiling),
                work
            )
        }
        return EmbeddedPlane(
            pixels: embedder.pixels,
            division: division,
            embeddings: .tiled(some),
            promptEmbeddings: prompts ?? .tiled(all),
            maps: nil
        )
    }

    /// What a look at some tiles of a large plane found.
    struct TilesLook {
        /// Smaller tiles; nil for those that the size asks for.
        var division: Division?
        var isBounded = false
        var tiles = 0
        var pieces = 0
        var secondsPerLook: Double?
    }

    /// Smaller tiles for a large plane, if a look at some tiles finds that its objects are too small.
    private func tilesLook(
        _ embedder: inout PartEmbedder,
        _ base: Division,
        _ tiling: TilingOptions,
        _ work: Work
    ) throws -> TilesLook? {
        guard looksFirst, let suited else { return nil }
        let pixels = embedder.pixels
        let blocking = try tiling.blocking(of: pixels.size)
        let stack = try stackWidths(pixels, work)
        let clock = ContinuousClock()
        let start = clock.now
        var result = TilesLook()
        let widths =
            if case .found(let known) = stack {
                known
            } else {
                try self.widths(in: blocking, &embedder, base, tiling, &result, work)
            }
        if result.tiles > 0, embedder.shelf is NoShelf {
            result.secondsPerLook =
                start.duration(to: clock.now).seconds / Double(result.tiles + result.pieces)
        }
        let tile = blocking[blocking.fromTheMiddle[0]].outer.size
        guard let diameter = widths?.diameter, diameter >= FirstLook.leastDiameter,
            suited.isMissed(by: diameter, in: tile),
            let smaller = try Enlargement(
                pixels.size,
                objectsOf: diameter,
                to: suited,
                parts: FirstLook.mostEnlargedParts
                    * (pixels.size.longestSide / tile.longestSide + 1),
                baseCost: blocking.count,
                choosing: { _ in nil }
            ),
            // As few parts as the size asks for would not show the objects larger.
            try !smaller.isBounded
                || smaller.tiling.blocking(of: pixels.size).count > blocking.count
        else { return result }
        result.isBounded = smaller.isBounded
        result.division = Division(
            tiling: smaller.tiling,
            intensities: .plane,
            objectDiameter: diameter,
            joinsTiles: base.joinsTiles
        )
        return result
    }

    /// How wide the objects in some tiles of a large plane are.
    func widths(
        in blocking: Blocking,
        _ embedder: inout PartEmbedder,
        _ base: Division,
        _ tiling: TilingOptions,
        _ result: inout TilesLook,
        _ work: Work
    ) throws -> ObjectWidths? {
        let look = FirstLook(model, work)
        return try look.widths(of: embedder.pixels, in: blocking) { tile in
            let part = embedder.part(tile, of: blocking, base, tiling)
            let embedding = try embedder.embedding(of: part, work)
            embedder.looked[part] = embedding
            result.tiles += 1
            let maps = try model.predictor.instanceMaps(of: embedding, work)
            return try look.widths(maps) { piece in
                var part = part
                part.piece = piece
                result.pieces += 1
                return try embedder.embedding(of: part, work)
            }
        }
    }
}
