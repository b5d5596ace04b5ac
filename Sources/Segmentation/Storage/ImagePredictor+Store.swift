import Files
public import Foundation
public import Imaging
public import Prompting
public import Zarr

/// How embeddings are stored.
public struct EmbeddingStoreOptions: Hashable, Sendable {
    /// How the image is divided; nil for one embedding of the whole image or plane.
    public var tiling: TilingOptions?

    /// What the intensities of tiles are stretched by; micro-sam expects the tile.
    public var intensities = Division.Intensities.tile

    /// How wide objects are in pixels of the image, where the tiles enlarge them because of that.
    public var objectDiameter: Double?

    /// The version of Zarr; micro-sam with zarr-python 2 reads v2 only.
    public var format = ZarrFormat.v3

    /// Whether features are stored in half precision: half the space, an error of about 1e-3 of a
    /// feature.
    ///
    /// micro-sam expects single precision. Labels can differ a little from those of embeddings in single
    /// precision, which are the same wherever embeddings come from.
    public var isHalfPrecision = false

    /// Single precision, Zarr v3, no tiles.
    public init(tiling: TilingOptions? = nil) { self.tiling = tiling }

    /// Single precision, Zarr v3, the parts of a division.
    public init(_ division: Division) {
        tiling = division.tiling
        intensities = division.tiling == nil ? .tile : division.intensities
        objectDiameter = division.objectDiameter
    }
}

/// What came of computing an embedding store.
public struct EmbeddingStoreResult: Sendable {
    /// The complete store.
    public let store: EmbeddingStore

    /// How many embeddings were computed now.
    public let computed: Int

    /// How many were there already.
    public let reused: Int

    /// What looks odd about a store that was complete already.
    public let warnings: [String]
}

extension ImagePredictor {
    /// Computes embeddings and stores them, or goes on with a store that was begun, or checks one that
    /// is complete.
    ///
    /// A process may be killed at any moment; the next call with the same arguments computes what is
    /// missing, at most one embedding twice, and ends with the same bytes. A second call that works on
    /// the same store at the same time is refused.
    ///
    /// - Parameters:
    ///   - input: The pixels; read once for their hash, and once more tile by tile.
    ///   - url: The folder, usually ending in `.zarr`.
    ///   - model: Name and hash of this predictor's model.
    ///   - options: Tiling and format.
    ///   - mask: For each plane where something interesting is: only tiles that, with their halo,
    ///     hold a true pixel are computed; without effect on images that are not divided.
    /// - Throws: ``EmbeddingStoreError`` if the store belongs to something else; `FileError` of the kind
    ///   `isLocked` if another program computes it; `ZarrError` if the disk refuses; `CancellationError` if
    ///   the task is cancelled.
    public func embed(
        _ input: PlaneStack,
        into url: URL,
        model: EmbeddingSignature.Model,
        _ options: EmbeddingStoreOptions = EmbeddingStoreOptions(),
        mask: ((_ plane: Int) throws -> Raster<Bool>)? = nil,
        _ work: Work = Work()
    ) throws -> EmbeddingStoreResult {
        try EmbeddingStore.complete(
            url,
            of: input,
            model: model,
            options,
            mask: mask,
            work
        ) { try embed($0, work) }
    }
}

extension EmbeddingStore {
    /// Completes a store with embeddings that `embedding` makes of normalised images.
    ///
    /// - Parameter beforeFinishing: Called when only the mark of completeness is missing.
    package static func complete(
        _ url: URL,
        of input: PlaneStack,
        model: EmbeddingSignature.Model,
        _ options: EmbeddingStoreOptions = EmbeddingStoreOptions(),
        mask: ((_ plane: Int) throws -> Raster<Bool>)? = nil,
        _ work: Work = Work(),
        beforeFinishing: () throws -> Void = {},
        embedding: (Raster<UInt8>) throws -> ImageEmbedding
    ) throws -> EmbeddingStoreResult {
        let blocking = try options.tiling?.blocking(of: input.size)
        let tiles = try blocking.flatMap { blocking in
            try mask.map { mask in
                try (0..<input.planes.count).map { try blocking.blocks(touching: mask($0)) }
            }
        }
        let plan = EmbeddingStoreWriter.Plan(
            signature: EmbeddingSignature(
                data: try input.dataSignature(work),
                model: model,
                tiling: options.tiling,
                intensities: options.intensities,
                objectDiameter: options.objectDiameter,
                isHalfPrecision: options.isHalfPrecision
            ),
            size: input.size,
            depth: input.depth,
            tiles: tiles,
            format: options.format
        )
        let items = items(plan, blocking)
        let lock = try lock(url)
        defer { withExtendedLifetime(lock) {} }
        if let finished = try finished(url, plan) {
            try work.advance(items.count, of: items.count)
            return EmbeddingStoreResult(
                store: finished.store,
                computed: 0,
                reused: items.count,
                warnings: finished.warnings
            )
        }
        var writer = try EmbeddingStoreWriter(url, plan)
        let pixels = input.planes.map { PlanePixels($0, model.normalization) }
        var computed = 0
        for (done, item) in items.enumerated() {
            let (plane, tile) = (item.plane, item.tile)
            let region = tile.flatMap { blocking?[$0].outer } ?? Region(input.size)
            if try !writer.isWritten(plane: plane, tile: tile, of: region.size) {
                try work.checkpoint()
                let intensities = tile == nil ? Division.Intensities.tile : options.intensities
                let image = try pixels[plane].part(region, intensities)
                try writer.write(embedding(image), plane: plane, tile: tile)
                computed += 1
            }
            try work.advance(done + 1, of: items.count)
        }
        try beforeFinishing()
        try writer.finish()
        return EmbeddingStoreResult(
            store: try EmbeddingStore(opening: url),
            computed: computed,
            reused: items.count - computed,
            warnings: []
        )
    }

    /// Takes the folder of a store, which is made if it is not there yet.
    private static func lock(_ url: URL) throws -> FileLock {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return try FileLock(folder: url.path)
    }

    /// One embedding to be stored.
    private struct Item {
        let plane: Int
        let tile: Int?
    }

    private static func items(_ plan: EmbeddingStoreWriter.Plan, _ blocking: Blocking?) -> [Item] {
        (0..<(plan.depth ?? 1)).flatMap { plane -> [Item] in
            guard let blocking else { return [Item(plane: plane, tile: nil)] }
            let tiles = plan.tiles?[plane] ?? Array(0..<blocking.count)
            return tiles.map { Item(plane: plane, tile: $0) }
        }
    }

    /// The store if it is complete and belongs to the plan; nil if it is not complete.
    private static func finished(
        _ url: URL,
        _ plan: EmbeddingStoreWriter.Plan
    ) throws -> (store: EmbeddingStore, warnings: [String])? {
        guard EmbeddingStoreWriter.isZarr(url) else { return nil }
        let store: EmbeddingStore
        do {
            store = try EmbeddingStore(opening: url)
        } catch EmbeddingStoreError.incomplete {
            return nil
        }
        let warnings = try store.check(against: plan.signature)
        for plane in 0..<(plan.depth ?? 1) {
            let (expected, found) = (plan.tiles?[plane], store.tilesInMask(plane: plane))
            guard expected == found else {
                throw EmbeddingStoreError.otherSignature(
                    path: url.path,
                    what: "mask",
                    expected: expected.map { "\($0.count) tiles" } ?? "all tiles",
                    found: found.map { "\($0.count) tiles" } ?? "all tiles"
                )
            }
        }
        try store.requireAllChunks()
        return (store, warnings)
    }
}
