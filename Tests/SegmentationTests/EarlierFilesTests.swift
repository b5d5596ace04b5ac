import Foundation
import ImageFormats
import Imaging
import Prompting
import Segmentation
import Testing
import Torch

/// Files as the first version of the program with one way wrote them (revision 343c81e).
@Suite("Files of earlier versions: stores")
struct EarlierFilesTests {
    @Test("A store is recognised as that of its image and model, and read")
    func store() throws {
        let fixture = try #require(
            Bundle.module.url(
                forResource: "earlier",
                withExtension: nil,
                subdirectory: "Fixtures"
            )
        )
        let place = FileManager.default.temporaryDirectory
            .appending(path: "usam-earlier-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }
        let plane = try PlaneSource(opening: fixture.appending(path: "cells0.png").path)
        let model = EmbeddingSignature.Model(
            type: "vit_t",
            name: "vit_t",
            hash: "xxh128:28a40c1fe33e13be4d5ee6f39e6a7c8f",
            attentionBiases: .trained
        )
        func shelf(_ url: URL, isWritable: Bool) throws -> StoreShelf {
            try StoreShelf(
                url,
                of: PlaneStack(plane),
                model: model,
                base: .whole,
                isWritable: isWritable
            )
        }
        // The numbers, which are too large to be kept here, are those of a store that is made now.
        let count = 256 * 64 * 64
        let values = (0..<count).map { Float($0 % 1013) / 1013 }
        let embedding = ImageEmbedding(
            features: try Tensor(values, shape: [1, 256, 64, 64]),
            transform: try ResizeLongestSide(from: plane.size)
        )
        let part = EmbeddedPart.whole(of: plane.size)
        let made = place.appending(path: "made.zarr")
        let new = try shelf(made, isWritable: true)
        try new.keep(embedding, of: part)
        try new.finish()
        let old = place.appending(path: "old.zarr")
        try FileManager.default.copyItem(at: fixture.appending(path: "store.zarr"), to: old)
        try FileManager.default.copyItem(
            at: made.appending(path: "features/c"),
            to: old.appending(path: "features/c")
        )
        let opened = try shelf(old, isWritable: false)
        #expect(opened.warnings.isEmpty)
        let found = try #require(try opened.embedding(of: part))
        #expect(try found.features.elements(as: Float.self) == values)
        #expect(try EmbeddingStore(opening: old).tilingChoice == .automatic)
    }
}
