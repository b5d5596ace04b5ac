import Foundation
import Imaging
import Prompting
import Segmentation
import TestFixtures
import Testing
import Zarr

@Suite("Large images")
struct LargeImageTests {
    private struct Stopped: Error {}

    /// Disks of different sizes on an uneven background, some across the borders of tiles.
    private static let scene: Raster<UInt8> = {
        let size = Size(width: 230, height: 170)
        var raster = Raster<UInt8>(repeating: 0, size: size)
        for (index, centre) in stride(from: 12, to: 230 * 170, by: 1117).enumerated() {
            let (x, y, radius) = (centre % 230, centre / 230, 5 + index % 7)
            for row in max(y - radius, 0)..<min(y + radius + 1, size.height) {
                for column in max(x - radius, 0)..<min(x + radius + 1, size.width) {
                    let (dx, dy) = (column - x, row - y)
                    if dx * dx + dy * dy <= radius * radius { raster[x: column, y: row] = 255 }
                }
            }
        }
        return raster
    }()

    /// Components of bright pixels: a segmentation that does not depend on the tile.
    private static func components(_ pixels: Raster<UInt8>) throws -> LabelImage {
        try LabelImage(componentsOf: pixels.map { $0 > 0 }, connectivity: .edges)
    }

    /// The components of a tile with its halo.
    private static func components(_ block: Blocking.Block) throws -> LabelImage {
        try components(scene.cropped(to: block.outer))
    }

    private func work(minimumSize: Int = 0, mark: Int = 1) throws -> TileWork {
        TileWork(
            blocking: try Blocking(
                imageSize: Self.scene.size,
                blockSize: Size(width: 64, height: 48),
                halo: Size(width: 16, height: 20)
            ),
            description: ["mark": .integer(mark)],
            minimumSize: minimumSize
        )
    }

    private func assembled(_ stitched: StitchedLabels) throws -> LabelImage {
        let labels = try stitched.labelImage()
        var copy = LabelImage(size: labels.size)
        try stitched.forEachBlock { try copy.replace($1, with: $0) }
        #expect(labels == copy)
        return labels
    }

    @Test("Stitched tiles are what the image gives in one piece", arguments: [0, 120])
    func seamless(minimumSize: Int) throws {
        let folder = try StoreFolder()
        let stitched = try work(minimumSize: minimumSize)
            .run(in: folder.url.appending(path: "tiles"), segmenting: Self.components)
        let labels = try assembled(stitched)
        let expected = try Self.components(Self.scene)
            .removingObjects(smallerThan: minimumSize)
        #expect(stitched.objectCount == expected.objectLabels().count)
        #expect(labels.objectLabels() == Array(1...UInt32(stitched.objectCount)))
        #expect(labels.numberedByPosition() == expected.numberedByPosition())
    }

    @Test("A run that is stopped goes on where it was, and ends with the same labels")
    func resumption() throws {
        let folder = try StoreFolder()
        let tiles = folder.url.appending(path: "tiles")
        let reference = try assembled(
            work().run(in: folder.url.appending(path: "whole"), segmenting: Self.components)
        )
        var calls = 0
        #expect(throws: Stopped.self) {
            try work().run(in: tiles) { block in
                guard calls < 5 else { throw Stopped() }
                calls += 1
                return try Self.components(block)
            }
        }
        calls = 0
        let stitched = try work().run(in: tiles) { block in
            calls += 1
            return try Self.components(block)
        }
        #expect(stitched.reusedTiles == 5)
        #expect(calls == stitched.blocking.count - 5)
        #expect(try assembled(stitched) == reference)
        stitched.removeWorkingFolder()
        #expect(!FileManager.default.fileExists(atPath: tiles.path))
    }

    @Test("Tiles of other work are not used, and other folders not touched")
    func otherWork() throws {
        let folder = try StoreFolder()
        let tiles = folder.url.appending(path: "tiles")
        _ = try work(mark: 1).run(in: tiles, segmenting: Self.components)
        let anew = try work(mark: 2).run(in: tiles, segmenting: Self.components)
        #expect(anew.reusedTiles == 0)
        let other = folder.url.appending(path: "other")
        _ = try ZarrGroup.create(at: other, format: .v3)
        #expect(throws: ZarrError.self) {
            try work().run(in: other, segmenting: Self.components)
        }
    }

    @Test(
        "The model on tiles finds what it finds in one piece",
        .enabled(if: Fixtures.areAvailable)
    )
    func model() async throws {
        let run = try await TiledRun.shared.run()
        let folder = try StoreFolder()
        let segmenter = try Segmenter(
            Model(run.predictor.model, traits: .reference),
            tiling: .always(
                TilingOptions(
                    tileShape: Size(width: 384, height: 320),
                    halo: Size(width: 48, height: 48)
                )
            ),
            limits: PlanningLimits(joinedPixels: 1)
        )
        let found = try segmenter.segment(
            storedFixtureImage("image_tiled"),
            workingFolder: folder.url.appending(path: "tiles")
        )
        guard case .joined(let stitched) = found else {
            Issue.record("the limit asks for joined tiles")
            return
        }
        let whole = try run.maps.segmented(WatershedOptions())
        let labels = try assembled(stitched)
        #expect(abs(stitched.objectCount - whole.objectLabels().count) <= 3)
        let agreeing = zip(labels.labels, whole.labels).count { ($0 == 0) == ($1 == 0) }
        #expect(Double(agreeing) > 0.99 * Double(labels.labels.count))
    }
}

extension LabelImage {
    /// The same objects, numbered in the order in which rows meet them.
    fileprivate func numberedByPosition() -> LabelImage {
        var numbers: [UInt32: UInt32] = [0: 0]
        var result = self
        for pixel in labels.indices {
            let label = labels[pixel]
            if numbers[label] == nil { numbers[label] = UInt32(numbers.count) }
            result.labels[pixel] = numbers[label] ?? 0
        }
        return result
    }
}
