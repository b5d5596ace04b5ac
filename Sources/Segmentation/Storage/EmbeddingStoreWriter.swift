import Files
import Foundation
import Imaging
import Prompting
import Torch
import Zarr

/// Writes an embedding store item by item, so that it can be continued after a kill at any moment.
///
/// Every file appears as a whole. The attributes that mean "complete" are written last; until then
/// the root says what the store is to become, and nothing else is accepted.
struct EmbeddingStoreWriter {
    /// What a store is to become.
    struct Plan: Hashable {
        let signature: EmbeddingSignature
        let size: Size
        let depth: Int?
        /// The tiles of each plane that a mask has chosen; nil for all.
        let tiles: [[Int]]?
        let format: ZarrFormat
    }

    let root: ZarrGroup
    let plan: Plan
    private let tileGroup: ZarrGroup?
    private var arrays: [Int: ZarrArray] = [:]

    /// Begins a store, or goes on with one that was begun with the same plan.
    init(_ url: URL, _ plan: Plan) throws {
        self.plan = plan
        if Self.isZarr(url) {
            root = try ZarrGroup(opening: url)
            guard let begun = try root.attributes()["usam"]?["begun"] else {
                throw EmbeddingStoreError.unknownBeginning(path: url.path)
            }
            guard begun == .object(Self.beginning(plan)), root.format == plan.format else {
                throw EmbeddingStoreError.otherBeginning(path: url.path)
            }
            Self.removeFragments(in: url)
        } else {
            try Self.requireFree(url)
            var own = plan.signature.ownAttributes
            own["begun"] = .object(Self.beginning(plan))
            root = try ZarrGroup.create(
                at: url,
                format: plan.format,
                attributes: ["usam": .object(own)]
            )
        }
        guard let tiling = plan.signature.tiling else {
            tileGroup = nil
            arrays[0] = try Self.array(in: root, "features", plan, of: nil)
            return
        }
        if root.contains("features") {
            tileGroup = try root.group("features")
            return
        }
        var attributes: JSONObject = [
            "shape": .sides(plan.size), "tile_shape": .sides(tiling.tileShape),
            "halo": .sides(tiling.halo),
        ]
        if let tiles = plan.tiles {
            attributes["tiles_in_mask"] = Self.tiles(tiles, isStack: plan.depth != nil)
        }
        tileGroup = try root.createGroup("features", attributes: attributes)
    }

    /// Whether the embedding of a plane, or of one of its tiles, is stored.
    mutating func isWritten(plane: Int, tile: Int?, of size: Size) throws -> Bool {
        if let tile, arrays[tile] == nil, tileGroup?.contains("\(tile)") == false { return false }
        let array = try array(tile, of: size)
        return array.hasChunk((plan.depth == nil ? [] : [plane]) + [0, 0, 0, 0])
    }

    /// The embedding of a plane, or of one of its tiles; nil if it is not stored yet.
    mutating func embedding(plane: Int, tile: Int?, of size: Size) throws -> ImageEmbedding? {
        guard try isWritten(plane: plane, tile: tile, of: size) else { return nil }
        let array = try array(tile, of: size)
        return try EmbeddingStore.read(array, plane: plan.depth == nil ? nil : plane, of: size)
    }

    /// Stores the embedding of a plane, or of one of its tiles.
    mutating func write(_ embedding: ImageEmbedding, plane: Int, tile: Int?) throws {
        let array = try array(tile, of: embedding.transform.originalSize)
        let shape = EmbeddingStore.shape
        let region =
            plan.depth == nil
            ? ZarrRegion(start: [0, 0, 0, 0], shape: shape)
            : ZarrRegion(start: [plane, 0, 0, 0, 0], shape: [1] + shape)
        let features = try embedding.features.moved(to: .cpu).contiguous()
        try array.write(floats: features.elements(as: Float.self), to: region)
    }

    /// Says that the store is complete.
    func finish() throws {
        var attributes = plan.signature.attributes
        attributes["usam"] = .object(plan.signature.ownAttributes)
        if plan.signature.tiling == nil {
            let transform = try ResizeLongestSide(from: plan.size)
            attributes["input_size"] = .sides(transform.resizedSize)
            attributes["original_size"] = .sides(plan.size)
        } else {
            attributes["input_size"] = .null
            attributes["original_size"] = .null
        }
        try root.setAttributes(attributes)
    }

    private mutating func array(_ tile: Int?, of size: Size) throws -> ZarrArray {
        if let array = arrays[tile ?? 0] { return array }
        let array = try Self.array(in: tileGroup ?? root, "\(tile ?? 0)", plan, of: size)
        arrays[tile ?? 0] = array
        return array
    }

    /// Opens the array of a tile (of a size) or of the whole image, or creates it.
    private static func array(
        in group: ZarrGroup,
        _ name: String,
        _ plan: Plan,
        of size: Size?
    ) throws -> ZarrArray {
        if group.contains(name) { return try group.array(name) }
        var attributes: JSONObject = [:]
        if let size {
            attributes["original_size"] = .sides(size)
            attributes["input_size"] = .sides(try ResizeLongestSide(from: size).resizedSize)
        }
        let shape = EmbeddingStore.shape
        return try group.createArray(
            name,
            shape: (plan.depth.map { [$0] } ?? []) + shape,
            dataType: plan.signature.isHalfPrecision ? .float16 : .float32,
            options: ZarrGroup.ArrayOptions(
                chunkShape: (plan.depth == nil ? [] : [1]) + shape,
                // What zarr-python of the same generation chooses by itself.
                compression: plan.format == .v2 ? .blosc(.init()) : .zstd(level: 0)
            ),
            attributes: attributes
        )
    }
}

// MARK: - Beginning

extension EmbeddingStoreWriter {
    /// Everything that decides about the bytes of the store.
    private static func beginning(_ plan: Plan) -> JSONObject {
        var result = plan.signature.attributes
        result["usam"] = .object(plan.signature.ownAttributes)
        result["shape"] = .sides(plan.size)
        result["depth"] = plan.depth.map { .integer($0) } ?? .null
        if let tiles = plan.tiles {
            result["tiles_in_mask"] = Self.tiles(tiles, isStack: plan.depth != nil)
        }
        return result
    }

    private static func tiles(_ tiles: [[Int]], isStack: Bool) -> JSONValue {
        let lists = tiles.map { JSONValue.array($0.map { .integer($0) }) }
        guard isStack else { return lists.first ?? [] }
        var object = JSONObject()
        for (plane, list) in lists.enumerated() { object["\(plane)"] = list }
        return .object(object)
    }

    /// Whether there is a Zarr group or array.
    static func isZarr(_ url: URL) -> Bool {
        ["zarr.json", ".zgroup", ".zarray"].contains {
            FileManager.default.fileExists(atPath: url.appending(path: $0).path)
        }
    }

    /// Checks that a folder holds nothing that is not ours; what a kill has left may be there.
    private static func requireFree(_ url: URL) throws {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: url.path) else {
            return
        }
        let others = names.filter { $0 != ".zattrs" && !FileReplacement.isFragment($0) }
        guard others.isEmpty else {
            throw ZarrError(
                .exists,
                path: url.path,
                "the folder holds other files, such as '\(others[0])'",
                advice: "name a folder that does not exist yet"
            )
        }
        removeFragments(in: url)
    }

    /// Removes files that a killed process was about to rename.
    private static func removeFragments(in url: URL) {
        let files = FileManager.default.enumerator(at: url, includingPropertiesForKeys: nil)
        for case let file as URL in files ?? .init()
        where FileReplacement.isFragment(file.lastPathComponent) {
            // What cannot be removed does no harm.
            try? FileManager.default.removeItem(at: file)
        }
    }
}
