import Files
public import Foundation
public import Imaging
import Prompting
import Torch
import Zarr

/// Embeddings on disk in micro-sam's layout: of one image or of a stack, in one piece or in tiles.
///
/// Nothing is loaded before it is needed. Stores that micro-sam has written are read, in Zarr v2 and
/// v3, and the other way round.
///
/// ```swift
/// let store = try EmbeddingStore(opening: URL(filePath: "cells.zarr"))
/// let warnings = try store.check(against: signature)
/// let masks = try predictor.predict(prompts, in: store.embeddings(), BatchOptions())
/// ```
public struct EmbeddingStore: Sendable {
    /// The folder.
    public let url: URL

    /// What the embeddings were made from and with.
    public let signature: EmbeddingSignature

    /// Width and height of the image, or of each plane.
    public let imageSize: Size

    /// Number of planes of a stack; nil for one image.
    public let depth: Int?

    /// How the image is divided; nil if it is not.
    public let blocking: Blocking?

    private let features: Features
    private let tiles: [[Int]]?

    private enum Features: Sendable {
        case whole(ZarrArray)
        case tiled(ZarrGroup)
    }

    /// Opens a complete store.
    ///
    /// - Throws: ``EmbeddingStoreError``, or `ZarrError` if there is no Zarr container or it is damaged.
    public init(opening url: URL) throws {
        let (root, path) = (try ZarrGroup(opening: url), url.path)
        let attributes = try root.attributes()
        guard attributes["input_size"] != nil else {
            throw EmbeddingStoreError.incomplete(path: path)
        }
        self.url = url
        signature = try EmbeddingSignature(attributes, path: path)
        guard let tiling = signature.tiling else {
            let array = try root.array("features")
            try Self.require(array, path)
            guard let size = attributes["original_size"]?.size else {
                throw EmbeddingStoreError.damaged(path: path, "the attribute 'original_size'")
            }
            features = .whole(array)
            (imageSize, blocking, tiles) = (size, nil, nil)
            depth = array.shape.count == 5 ? array.shape[0] : nil
            return
        }
        let group = try root.group("features")
        let described = try group.attributes()
        guard let size = described["shape"]?.size else {
            throw EmbeddingStoreError.damaged(path: group.url.path, "the attribute 'shape'")
        }
        features = .tiled(group)
        imageSize = size
        blocking = try tiling.blocking(of: size)
        let rank5 = try group.children().first.map { try group.array($0).shape }
        depth = rank5.flatMap { $0.count == 5 ? $0[0] : nil }
        tiles = Self.tiles(described["tiles_in_mask"], depth: depth)
    }

    /// Compares what the embeddings were made from with what is expected.
    ///
    /// - Returns: What looks odd but does no harm.
    /// - Throws: ``EmbeddingStoreError/otherSignature(path:what:expected:found:)``.
    public func check(
        against expected: EmbeddingSignature
    ) throws(EmbeddingStoreError) -> [String] {
        try signature.warnings(comparedWith: expected, path: url.path)
    }

    /// The tiles of a plane that have embeddings; nil for all.
    public func tilesInMask(plane: Int = 0) -> [Int]? {
        guard let tiles else { return nil }
        return tiles.indices.contains(plane) ? tiles[plane] : []
    }

    /// The embeddings of the image, or of one plane of a stack; tiles are loaded when used.
    ///
    /// - Throws: ``EmbeddingStoreError/noSuchPlane(path:plane:depth:)``; `ZarrError` if a file is
    ///   damaged.
    public func embeddings(plane: Int? = nil) throws -> ImageEmbeddings {
        guard (plane == nil) == (depth == nil), (plane ?? 0) >= 0, plane ?? 0 < depth ?? 1 else {
            throw EmbeddingStoreError.noSuchPlane(path: url.path, plane: plane, depth: depth)
        }
        switch features {
        case .whole(let array):
            return .whole(try Self.read(array, plane: plane, of: imageSize))
        case .tiled(let group):
            guard let blocking else {
                throw EmbeddingStoreError.damaged(path: url.path, "no tiling")
            }
            return .tiled(
                try TiledEmbedding(
                    blocking: blocking,
                    tiles: tilesInMask(plane: plane ?? 0)
                ) { tile, _ in
                    let array = try group.array("\(tile)")
                    try Self.require(array, array.url.path)
                    let size = blocking[tile].outer.size
                    guard try array.attributes()["original_size"]?.size == size else {
                        throw EmbeddingStoreError.damaged(
                            path: array.url.path,
                            "the size of the tile is not \(size)"
                        )
                    }
                    return try Self.read(array, plane: plane, of: size)
                }
            )
        }
    }

    /// The shape of one embedding.
    static let shape = [1, 256, 64, 64]

    private static func require(_ array: ZarrArray, _ path: String) throws {
        let shape = array.shape
        guard shape == Self.shape || shape.count == 5 && Array(shape.dropFirst()) == Self.shape
        else {
            throw EmbeddingStoreError.damaged(
                path: path,
                "features of the shape \(shape), expected [planes,] 1, 256, 64, 64"
            )
        }
    }

    static func read(
        _ array: ZarrArray,
        plane: Int?,
        of size: Size
    ) throws -> ImageEmbedding {
        let region = plane.map { ZarrRegion(start: [$0, 0, 0, 0, 0], shape: [1] + shape) }
        try requireChunks(of: array, in: region)
        return ImageEmbedding(
            features: try Tensor(array.readFloats(region), shape: shape),
            transform: try ResizeLongestSide(from: size)
        )
    }

    /// Checks that all embeddings are there.
    ///
    /// - Throws: ``EmbeddingStoreError/chunkMissing(path:chunk:)``; `ZarrError` if the array of a tile is missing.
    func requireAllChunks() throws {
        switch features {
        case .whole(let array): try Self.requireChunks(of: array, in: nil)
        case .tiled(let group):
            for plane in 0..<(depth ?? 1) {
                for tile in tilesInMask(plane: plane) ?? Array(0..<(blocking?.count ?? 0)) {
                    let region = ZarrRegion(start: [plane, 0, 0, 0, 0], shape: [1] + Self.shape)
                    let array = try group.array("\(tile)")
                    try Self.require(array, array.url.path)
                    try Self.requireChunks(of: array, in: depth == nil ? nil : region)
                }
            }
        }
    }

    /// A chunk that is missing would read as zeros, which no encoder computes.
    private static func requireChunks(of array: ZarrArray, in region: ZarrRegion?) throws {
        if let chunk = try array.missingChunk(in: region) {
            throw EmbeddingStoreError.chunkMissing(path: array.url.path, chunk: chunk)
        }
    }

    /// The tiles of each plane that a mask has chosen.
    private static func tiles(_ value: JSONValue?, depth: Int?) -> [[Int]]? {
        if let list = value?.integers { return [list] }
        guard let object = value?.object else { return nil }
        return (0..<(depth ?? 0)).map { object["\($0)"]?.integers ?? [] }
    }
}
