import Files
import Foundation
import Imaging
import Prompting
import SegmentAnything
import Segmentation
import Testing
import Torch
import Zarr

@Suite("Embedding stores")
struct EmbeddingStoreTests {
    @Test("The layout is micro-sam's", arguments: [ZarrFormat.v2, .v3])
    func layout(format: ZarrFormat) throws {
        let folder = try StoreFolder()
        for layout in StoreLayout.all {
            let url = folder.url.appending(path: layout.name)
            _ = try layout.complete(url, format)
            let root = try ZarrGroup(opening: url)
            let attributes = try root.attributes()
            #expect(root.format == format)
            #expect(
                attributes.members.map(\.name) == [
                    "data_signature", "tile_shape", "halo", "model_type", "model_name",
                    "micro_sam_version", "model_hash", "usam", "input_size", "original_size",
                ]
            )
            guard layout.isTiled else {
                let array = try root.array("features")
                #expect(array.shape == layout.planes + [1, 256, 64, 64])
                #expect(
                    array.metadata.chunkShape == layout.planes.map { _ in 1 } + [1, 256, 64, 64]
                )
                #expect(array.metadata.dataType == .float32)
                #expect(attributes["original_size"] == [61, 90])
                #expect(attributes["input_size"] == [694, 1024])
                #expect(attributes["tile_shape"] == .null)
                continue
            }
            #expect(attributes["original_size"] == .null)
            #expect(attributes["tile_shape"] == [40, 50])
            #expect(attributes["halo"] == [4, 6])
            let group = try root.group("features")
            #expect(try group.attributes()["shape"] == [61, 90])
            #expect(try group.children() == ["0", "1", "2", "3"])
            let array = try group.array("3")
            #expect(array.shape == layout.planes + [1, 256, 64, 64])
            #expect(try array.attributes()["original_size"] == [25, 46])
            #expect(try array.attributes()["input_size"] == [557, 1024])
        }
    }

    @Test("What is stored comes back, tile by tile when it is needed")
    func roundTrip() throws {
        let folder = try StoreFolder()
        for layout in StoreLayout.all {
            let url = folder.url.appending(path: layout.name)
            let store = try layout.complete(url).store
            #expect(store.imageSize == Size(width: 90, height: 61))
            #expect(store.depth == layout.depth)
            for plane in 0..<(layout.depth ?? 1) {
                let planeOrNil = layout.depth == nil ? nil : plane
                switch try store.embeddings(plane: planeOrNil) {
                case .whole(let embedding):
                    let region = Region(store.imageSize)
                    try expect(embedding, layout, plane, region)
                case .tiled(let tiled):
                    for tile in tiled.tiles {
                        let region = tiled.blocking[tile].outer
                        try expect(tiled.embedding(ofTile: tile), layout, plane, region)
                    }
                }
            }
            #expect(throws: EmbeddingStoreError.self) { try store.embeddings(plane: 7) }
        }
    }

    private func expect(
        _ embedding: ImageEmbedding,
        _ layout: StoreLayout,
        _ plane: Int,
        _ region: Region
    ) throws {
        let image = try layout.input.read(plane: plane, region).normalizedRGB()
        let expected = try fakeEmbedding(image)
        let found = try embedding.features.elements(as: Float.self)
        #expect(try found == expected.features.elements(as: Float.self))
        #expect(embedding.transform == expected.transform)
    }

    @Test("A run that is killed anywhere goes on, and ends with the same bytes")
    func resumption() throws {
        struct Killed: Error {}
        let folder = try StoreFolder()
        for layout in StoreLayout.all {
            let whole = folder.url.appending(path: "\(layout.name)-whole")
            let total = try layout.complete(whole).computed
            for survived in 0...total {
                let url = folder.url.appending(path: "\(layout.name)-\(survived)")
                var calls = 0
                #expect(throws: Killed.self) {
                    try layout.complete(
                        url,
                        progress: { done, _ in #expect(done <= survived) },
                        embedding: { image in
                            guard calls < survived else { throw Killed() }
                            calls += 1
                            return try fakeEmbedding(image)
                        },
                        beforeFinishing: { if survived == total { throw Killed() } }
                    )
                }
                // A file that was being written.
                try Data([1]).write(to: url.appending(path: ".zarr.json.abc.part"))
                #expect(throws: EmbeddingStoreError.incomplete(path: url.path)) {
                    try EmbeddingStore(opening: url)
                }
                let result = try layout.complete(url)
                #expect((result.computed, result.reused) == (total - survived, survived))
                #expect(try contents(url) == contents(whole))
            }
            let again = try layout.complete(whole)
            #expect((again.computed, again.reused) == (0, total))
        }
    }

    @Test(
        "A chunk that is missing is an error that names it, and is not taken for zeros",
        arguments: [ZarrFormat.v2, .v3]
    )
    func missingChunk(format: ZarrFormat) throws {
        let folder = try StoreFolder()
        for layout in StoreLayout.all {
            let url = folder.url.appending(path: layout.name)
            let store = try layout.complete(url, format).store
            let chunks = try FileManager.default.subpathsOfDirectory(atPath: url.path)
                .filter { $0.hasSuffix("0/0/0/0") || $0.hasSuffix("0.0.0.0") }
            let removed = try #require(chunks.max())
            try FileManager.default.removeItem(at: url.appending(path: removed))
            func isNamed(_ error: EmbeddingStoreError?) -> Bool {
                guard case .chunkMissing(_, let chunk) = error else { return false }
                return chunk.hasSuffix(removed) && "\(error!)".contains("copy the store again")
            }
            let error = #expect(throws: EmbeddingStoreError.self) {
                let plane = layout.depth.map { $0 - 1 }
                switch try store.embeddings(plane: plane) {
                case .whole: return
                case .tiled(let tiled):
                    for tile in tiled.tiles { _ = try tiled.embedding(ofTile: tile) }
                }
            }
            #expect(isNamed(error), "\(layout.name): \(String(describing: error))")
            let again = #expect(throws: EmbeddingStoreError.self) {
                try layout.complete(url, format)
            }
            #expect(isNamed(again), "\(layout.name): \(String(describing: again))")
        }
    }

    @Test("A store of other pixels, another model or tiling is refused with the reason")
    func refusals() throws {
        let folder = try StoreFolder()
        let url = folder.url.appending(path: "a.zarr")
        let layout = StoreLayout(name: "a", depth: nil, isTiled: true)
        let store = try layout.complete(url).store
        let right = store.signature
        #expect(try store.check(against: right) == [])
        func reason(_ change: (inout EmbeddingSignature) -> Void) -> String {
            var signature = right
            change(&signature)
            do throws(EmbeddingStoreError) {
                return try store.check(against: signature).joined()
            } catch {
                return error.description
            }
        }
        #expect(reason { $0.data = "0" }.contains("another image"))
        #expect(reason { $0.model.type = "vit_b" }.contains("another type of the model"))
        #expect(reason { $0.model.hash = "xxh128:1" }.contains("another model"))
        let otherHalo = reason { signature in signature.tiling?.halo.width = 5 }
        #expect(otherHalo.contains("halo 5 x 4"))
        #expect(reason { $0.tiling = nil }.contains("expected none"))
        #expect(reason { $0.model.attentionBiases = .zero }.contains("attention biases"))
        #expect(reason { $0.model.precision = .int8 }.contains("precision of the encoder"))
        #expect(reason { $0.model.name = "other" }.contains("the same file"))
        #expect(reason { $0.version = "9" }.contains("written by version usam"))
        #expect(throws: EmbeddingStoreError.self) {
            try StoreLayout(name: "a", depth: 2, isTiled: false).complete(url)
        }
    }

    @Test("A begun store goes on only with what it was begun for")
    func otherBeginnings() throws {
        struct Killed: Error {}
        let folder = try StoreFolder()
        let url = folder.url.appending(path: "a.zarr")
        let layout = StoreLayout(name: "a", depth: 3, isTiled: false)
        #expect(throws: Killed.self) {
            try layout.complete(url, embedding: { _ in throw Killed() })
        }
        #expect(throws: EmbeddingStoreError.otherBeginning(path: url.path)) {
            try layout.complete(url, .v2)
        }
        let foreign = folder.url.appending(path: "foreign.zarr")
        _ = try ZarrGroup.create(at: foreign, format: .v3)
        #expect(throws: EmbeddingStoreError.unknownBeginning(path: foreign.path)) {
            try layout.complete(foreign)
        }
        let holiday = folder.url.appending(path: "holiday")
        try FileManager.default.createDirectory(at: holiday, withIntermediateDirectories: true)
        try Data([1]).write(to: holiday.appending(path: "beach.jpg"))
        #expect(throws: ZarrError.self) { try layout.complete(holiday) }
        #expect(try contents(holiday).count == 1)
    }

    @Test("A mask chooses tiles, and the store remembers which")
    func mask() throws {
        let folder = try StoreFolder()
        let url = folder.url.appending(path: "a.zarr")
        let layout = StoreLayout(name: "a", depth: nil, isTiled: true)
        var mask = Raster(repeating: false, size: layout.input.size)
        mask[x: 80, y: 50] = true
        let result = try layout.complete(url, mask: mask)
        #expect(result.computed == 1)
        guard case .tiled(let tiled) = try result.store.embeddings() else {
            Issue.record("not in tiles")
            return
        }
        #expect(tiled.tiles == [3])
        #expect(throws: TilingError.tileNotEmbedded(0)) { try tiled.embedding(ofTile: 0) }
        #expect(throws: EmbeddingStoreError.self) { try layout.complete(url) }
    }

    @Test("Half precision takes half the space and loses little")
    func halfPrecision() throws {
        let folder = try StoreFolder()
        let url = folder.url.appending(path: "a.zarr")
        let layout = StoreLayout(name: "a", depth: nil, isTiled: false)
        let store = try layout.complete(url, isHalfPrecision: true).store
        #expect(store.signature.isHalfPrecision)
        guard case .whole(let embedding) = try store.embeddings() else { return }
        let image = try layout.input.read(plane: 0, Region(layout.input.size)).normalizedRGB()
        let expected = try fakeEmbedding(image).features.elements(as: Float.self)
        let found = try embedding.features.elements(as: Float.self)
        // Half precision has 11 bits, and the values are below 1.
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 0x1p-11 })
    }

    @Test("The data signature is the SHA-1 of the pixels, for any size of the bands")
    func dataSignature() throws {
        let abc = try Raster<UInt8>(size: Size(width: 3, height: 1), samples: [97, 98, 99])
        #expect(
            try PlaneStack(AnyRaster.uint8(abc)).dataSignature()
                == "a9993e364706816aba3e25717850c26c9cd0d89d"
        )
        let million = Raster<UInt8>(repeating: 97, size: Size(width: 1000, height: 1000))
        #expect(
            try PlaneStack(AnyRaster.uint8(million)).dataSignature()
                == "34aa973cd4c4daa4f61eeb2bdbad27316534016f"
        )
    }
}
