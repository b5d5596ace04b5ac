import Files
public import Foundation
import Imaging
public import Prompting
import Synchronization
import Torch
import Zarr

/// The embeddings of a plane in a store on disk.
///
/// The store holds the parts of the base division in micro-sam's layout. Parts that a first look asks for
/// beyond them, such as enlarged tiles, lie beside them in a group of their own, which micro-sam ignores. What
/// is missing is computed and added, so a store that was begun by one command is completed by another.
public final class StoreShelf: EmbeddingShelf {
    /// What looks odd about the store, but does no harm.
    public let warnings: [String]

    private struct State {
        /// Writes the base division; nil if it is complete, or must not be written.
        var writer: EmbeddingStoreWriter?
        var complete: EmbeddingStore?
        var parts: ZarrGroup?
    }

    /// What the shelves of all planes of a store have in common.
    private final class Shared: Sendable {
        let url: URL
        let depth: Int?
        let base: Division
        let isWritable: Bool
        let blocking: Blocking?
        let state: Mutex<State>

        init(
            _ url: URL,
            depth: Int?,
            base: Division,
            isWritable: Bool,
            blocking: Blocking?,
            _ state: consuming State
        ) {
            (self.url, self.depth, self.base) = (url, depth, base)
            (self.isWritable, self.blocking) = (isWritable, blocking)
            self.state = Mutex(state)
        }
    }

    private let shared: Shared
    private let plane: Int

    private var url: URL { shared.url }
    private var depth: Int? { shared.depth }
    private var base: Division { shared.base }
    private var blocking: Blocking? { shared.blocking }

    private static let groupName = "usam_parts"

    /// Opens a store, or begins one.
    ///
    /// - Parameters:
    ///   - url: The folder of the store.
    ///   - stack: The planes that the store belongs to.
    ///   - plane: The plane of the stack whose embeddings are wanted.
    ///   - model: By what the model is recognised.
    ///   - base: How planes are divided before anybody looked at them.
    ///   - isWritable: Whether missing parts are stored; otherwise the store must be complete.
    /// - Throws: ``EmbeddingStoreError`` if the store belongs to something else, or is not complete and not
    ///   to be written; `ZarrError`.
    public init(
        _ url: URL,
        of stack: PlaneStack,
        plane: Int = 0,
        model: EmbeddingSignature.Model,
        base: Division,
        isWritable: Bool,
        _ work: Work = Work()
    ) throws {
        self.plane = plane
        let depth: Int?
        let signature = EmbeddingSignature(
            data: try stack.dataSignature(work),
            model: model,
            tiling: base.tiling,
            intensities: base.intensities,
            objectDiameter: base.objectDiameter
        )
        var state = State()
        var warnings: [String] = []
        do {
            guard EmbeddingStoreWriter.isZarr(url) || !isWritable else {
                throw EmbeddingStoreError.incomplete(path: url.path)
            }
            let store = try EmbeddingStore(opening: url)
            warnings = try store.check(against: signature)
            state.complete = store
            depth = store.depth
        } catch EmbeddingStoreError.incomplete where isWritable {
            let plan = EmbeddingStoreWriter.Plan(
                signature: signature,
                size: stack.size,
                depth: stack.depth,
                tiles: nil,
                format: .v3
            )
            state.writer = try EmbeddingStoreWriter(url, plan)
            depth = stack.depth
        }
        self.warnings = warnings
        let root = try ZarrGroup(opening: url)
        if root.contains(Self.groupName) { state.parts = try root.group(Self.groupName) }
        shared = Shared(
            url,
            depth: depth,
            base: base,
            isWritable: isWritable,
            blocking: try base.blocking(of: stack.size),
            state
        )
    }

    private init(_ shared: Shared, plane: Int, warnings: [String]) {
        (self.shared, self.plane, self.warnings) = (shared, plane, warnings)
    }

    /// The shelf of another plane of the same stack; the pixels are not compared again.
    public func shelf(ofPlane plane: Int) -> StoreShelf {
        StoreShelf(shared, plane: plane, warnings: warnings)
    }

    /// The embedding of a part; nil if it is not stored.
    public func embedding(of part: EmbeddedPart) throws -> ImageEmbedding? {
        try shared.state.withLock { state in
            guard isBase(part) else { return try Self.other(part, plane, state.parts) }
            let tile = part.tile?.index
            if let store = state.complete { return try stored(tile, store) }
            return try state.writer?.embedding(plane: plane, tile: tile, of: part.region.size)
        }
    }

    /// Stores an embedding that was computed.
    public func keep(_ embedding: ImageEmbedding, of part: EmbeddedPart) throws {
        guard shared.isWritable else { return }
        try shared.state.withLock { state in
            guard isBase(part) else { return try add(embedding, part, &state) }
            try state.writer?.write(embedding, plane: plane, tile: part.tile?.index)
        }
    }

    /// Says that the store is complete, if all parts of the base division are there.
    public func finish() throws {
        try shared.state.withLock { state in
            guard state.writer != nil else { return }
            // What is missing is most often what comes last.
            for plane in (0..<(depth ?? 1)).reversed() {
                for tile in blocking.map({ Array(0..<$0.count).map(Optional.some) }) ?? [nil] {
                    let size = tile.flatMap { blocking?[$0].outer.size }
                    let writer = state.writer?.plan.size
                    guard let size = size ?? writer,
                        try state.writer?.isWritten(plane: plane, tile: tile, of: size) == true
                    else { return }
                }
            }
            try state.writer?.finish()
            state.writer = nil
            state.complete = try EmbeddingStore(opening: url)
        }
    }

    // MARK: - Parts of the base division

    private func isBase(_ part: EmbeddedPart) -> Bool {
        guard part.piece == nil else { return false }
        guard let tile = part.tile else { return base.tiling == nil }
        return tile.tiling == base.tiling && part.intensities == base.intensities
    }

    private func stored(_ tile: Int?, _ store: EmbeddingStore) throws -> ImageEmbedding? {
        switch try store.embeddings(plane: depth == nil ? nil : plane) {
        case .whole(let embedding): return embedding
        case .tiled(let tiled):
            guard let tile, tiled.hasTile(tile) else { return nil }
            return try tiled.embedding(ofTile: tile)
        }
    }

    // MARK: - Other parts

    private static func name(_ part: EmbeddedPart, _ plane: Int) -> String {
        let piece = part.piece.map { "_piece_\($0.height)x\($0.width)_at_\($0.y)_\($0.x)" } ?? ""
        guard let tile = part.tile else { return "\(plane)_whole\(piece)" }
        let (shape, halo) = (tile.tiling.tileShape, tile.tiling.halo)
        return "\(plane)_\(part.intensities.rawValue)_\(shape.height)x\(shape.width)"
            + "_\(halo.height)x\(halo.width)_\(tile.index)\(piece)"
    }

    private static func other(
        _ part: EmbeddedPart,
        _ plane: Int,
        _ parts: ZarrGroup?
    ) throws -> ImageEmbedding? {
        let name = name(part, plane)
        guard let parts, parts.contains(name) else { return nil }
        let array = try parts.array(name)
        guard array.shape == EmbeddingStore.shape, array.hasChunk([0, 0, 0, 0]) else { return nil }
        return try EmbeddingStore.read(array, plane: nil, of: part.piece?.size ?? part.region.size)
    }

    private func add(
        _ embedding: ImageEmbedding,
        _ part: EmbeddedPart,
        _ state: inout State
    ) throws {
        let parts =
            try state.parts
            ?? ZarrGroup(opening: url).createGroup(Self.groupName, attributes: ["usam": 1])
        state.parts = parts
        let name = Self.name(part, plane)
        let shape = EmbeddingStore.shape
        let array =
            parts.contains(name)
            ? try parts.array(name)
            : try parts.createArray(
                name,
                shape: shape,
                dataType: .float32,
                options: ZarrGroup.ArrayOptions(chunkShape: shape, compression: .zstd(level: 0))
            )
        let features = try embedding.features.moved(to: .cpu).contiguous()
        try array.write(
            floats: features.elements(as: Float.self),
            to: ZarrRegion(start: [0, 0, 0, 0], shape: shape)
        )
    }
}
