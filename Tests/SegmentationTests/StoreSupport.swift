import Foundation
import Imaging
import Prompting
import SegmentAnything
import Segmentation
import Torch
import Zarr

/// A folder of a test, removed with it.
final class StoreFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appending(path: "usam-stores-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}

/// One of the four layouts, for an image or stack of 90 x 61 pixels.
struct StoreLayout {
    static let all = [
        StoreLayout(name: "2d", depth: nil, isTiled: false),
        StoreLayout(name: "3d", depth: 3, isTiled: false),
        StoreLayout(name: "2d-tiled", depth: nil, isTiled: true),
        StoreLayout(name: "3d-tiled", depth: 2, isTiled: true),
    ]

    let name: String
    let depth: Int?
    let isTiled: Bool

    /// The first axis of arrays, for stacks.
    var planes: [Int] { depth.map { [$0] } ?? [] }

    static let tiling = TilingOptions(
        tileShape: Size(width: 50, height: 40),
        halo: Size(width: 6, height: 4)
    )

    static let model = EmbeddingSignature.Model(
        type: "vit_t",
        name: "vit_t_test",
        hash: "xxh128:0123456789abcdef0123456789abcdef",
        attentionBiases: .trained
    )

    var input: PlaneStack {
        let size = Size(width: 90, height: 61)
        let planes = (0..<(depth ?? 1)).map { plane in
            let values = (0..<size.count).map { ($0 + plane * 31) * 977 }
            var raster = Raster<UInt16>(repeating: 0, size: size)
            raster.samples = values.map { UInt16(truncatingIfNeeded: $0) }
            return AnyRaster.uint16(raster)
        }
        return PlaneStack(planes, isStack: depth != nil)
    }

    /// Completes a store with embeddings that are no model's.
    @discardableResult
    func complete(
        _ url: URL,
        _ format: ZarrFormat = .v3,
        isHalfPrecision: Bool = false,
        mask: Raster<Bool>? = nil,
        progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in },
        embedding: (Raster<UInt8>) throws -> ImageEmbedding = fakeEmbedding,
        beforeFinishing: () throws -> Void = {}
    ) throws -> EmbeddingStoreResult {
        var options = EmbeddingStoreOptions()
        if isTiled { options.tiling = Self.tiling }
        options.format = format
        options.isHalfPrecision = isHalfPrecision
        return try EmbeddingStore.complete(
            url,
            of: input,
            model: Self.model,
            options,
            mask: mask.map { mask in { _ in mask } },
            Work { event in
                if case .advanced(let done, let total) = event { progress(done, total) }
            },
            beforeFinishing: beforeFinishing,
            embedding: embedding
        )
    }
}

/// Numbers between 0 and 1 that depend on every pixel.
func fakeEmbedding(_ image: Raster<UInt8>) throws -> ImageEmbedding {
    var value = image.samples.reduce(UInt32(17)) { ($0 &* 31) &+ UInt32($1) }
    let features = (0..<256 * 64 * 64).map { _ -> Float in
        value = value &* 1_664_525 &+ 1_013_904_223
        return Float(value >> 20) / 4096
    }
    return ImageEmbedding(
        features: try Tensor(features, shape: 1, 256, 64, 64),
        transform: try ResizeLongestSide(from: image.size)
    )
}

/// All files below a folder with their bytes.
func contents(_ folder: URL) throws -> [String: Data] {
    var result: [String: Data] = [:]
    let paths = FileManager.default.enumerator(atPath: folder.path)
    for case let path as String in paths ?? .init() {
        let file = folder.appending(path: path)
        let kind = try FileManager.default.attributesOfItem(atPath: file.path)[.type]
        guard kind as? FileAttributeType == .typeRegular else { continue }
        result[path] = try Data(contentsOf: file)
    }
    return result
}
