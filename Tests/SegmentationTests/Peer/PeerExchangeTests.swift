import Foundation
import Imaging
import Prompting
import SegmentAnything
import Segmentation
import TestFixtures
import Testing
import Torch
import Zarr

/// The Python of the original: in the virtual environment that `PEER` names, or in `.peer`.
private let python: URL? = {
    let checkout = URL(filePath: #filePath).appending(path: "../../../..").standardized
    let folder = ProcessInfo.processInfo.environment["PEER"] ?? ".peer"
    let file = URL(filePath: folder, relativeTo: checkout).appending(path: "bin/python")
    guard FileManager.default.isExecutableFile(atPath: file.path) else {
        print("skipped: no environment with micro_sam; name it in PEER")
        return nil
    }
    return file
}()

/// Embedding stores go from one program to the other and back.
@Suite(
    "Exchange of embeddings with micro_sam",
    .enabled(if: python != nil && Fixtures.areAvailable)
)
struct PeerExchangeTests {
    private static let checkpoint = Fixtures.folder.appending(path: "vit_t_dsb.pt")

    @Test("micro_sam reads our stores of either version of Zarr, and we read those of micro_sam")
    func exchange() throws {
        let folder = try StoreFolder()
        let size = Size(width: 90, height: 61)
        let image = (0..<size.count).map { UInt8(truncatingIfNeeded: $0 * 7 + $0 / 90 * 3) }
        let stack = (0..<2 * size.count).map { UInt16(truncatingIfNeeded: $0 * 977) }
        try Data(image).write(to: folder.url.appending(path: "image.raw"))
        try stack.withUnsafeBytes { Data($0) }.write(to: folder.url.appending(path: "stack.raw"))
        try run("write", folder)

        let inputs = [
            PlaneStack(AnyRaster.uint8(try Raster(size: size, samples: image))),
            PlaneStack(
                try (0..<2).map { plane in
                    let samples = Array(stack[plane * size.count..<(plane + 1) * size.count])
                    return AnyRaster.uint16(try Raster(size: size, samples: samples))
                }
            ),
        ]
        let predictor = try trainedPredictor(.reference)
        for layout in StoreLayout.all {
            let input = layout.depth == nil ? inputs[0] : inputs[1]
            for format in [ZarrFormat.v3, .v2] {
                try exchange(layout, format, input, predictor, folder)
            }
        }
        try run("read", folder)
    }

    private func exchange(
        _ layout: StoreLayout,
        _ format: ZarrFormat,
        _ input: PlaneStack,
        _ predictor: ImagePredictor,
        _ folder: StoreFolder
    ) throws {
        var options = EmbeddingStoreOptions(tiling: layout.isTiled ? StoreLayout.tiling : nil)
        options.format = format
        let name = "\(layout.name)-\(format == .v2 ? "v2" : "v3").zarr"
        let theirs = folder.url.appending(path: "theirs-\(name)")
        let opened = try EmbeddingStore(opening: theirs)
        let model = EmbeddingSignature.Model(
            predictor.model,
            name: nil,
            // micro_sam has read the same file.
            hash: opened.signature.model.hash
        )
        let taken = try predictor.embed(input, into: theirs, model: model, options)
        #expect(taken.computed == 0)
        let ours = folder.url.appending(path: "ours-\(name)")
        let written = try predictor.embed(input, into: ours, model: model, options)
        #expect(written.reused == 0)
        #expect(opened.imageSize == input.size)
        #expect(opened.depth == input.depth)
        for plane in 0..<input.planes.count {
            let place = layout.depth == nil ? nil : plane
            let pair = try (opened.embeddings(plane: place), written.store.embeddings(plane: place))
            switch pair {
            case (.whole(let a), .whole(let b)): try expectClose(a, b)
            case (.tiled(let a), .tiled(let b)):
                #expect(a.tiles == b.tiles)
                for tile in a.tiles {
                    try expectClose(a.embedding(ofTile: tile), b.embedding(ofTile: tile))
                }
            default: Issue.record("one is in tiles, the other is not")
            }
        }
    }

    private func expectClose(_ a: ImageEmbedding, _ b: ImageEmbedding) throws {
        let (first, second) = (
            try a.features.elements(as: Float.self), try b.features.elements(as: Float.self)
        )
        // Features have a standard deviation of about 0.1; the programs agree to 1e-4 of it.
        #expect(zip(first, second).allSatisfy { abs($0 - $1) < 1e-3 })
        #expect(a.transform == b.transform)
    }

    private func run(_ what: String, _ folder: StoreFolder) throws {
        let process = Process()
        process.executableURL = python
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "exchange.py")
        process.arguments = [
            "-W", "ignore", script.path, what, folder.url.path, Self.checkpoint.path,
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
