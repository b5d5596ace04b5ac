import Evaluation
import Foundation
import Imaging
import Prompting
import SegmentAnything
import Segmentation
import TestFixtures
import Testing
import Torch

/// An image in four tiles, compared with the outputs of the reference.
@Suite(
    "Segmentation in tiles like the reference",
    .serialized,
    .enabled(if: Fixtures.areAvailable)
)
struct TiledParityTests {
    @Test("Embeddings of the tiles")
    func embeddings() async throws {
        let tiled = try await TiledRun.shared.run().tiled
        let reference = try Fixtures.tensors("image_tiled")
        #expect(tiled.tiles == [0, 1, 2, 3])
        for tile in tiled.tiles {
            let embedding = try tiled.embedding(ofTile: tile)
            let (size, resized) = (
                embedding.transform.originalSize, embedding.transform.resizedSize
            )
            let key = "tile\(tile)"
            #expect(
                try reference.integers("\(key).original_size") == [size.height, size.width]
            )
            #expect(
                try reference.integers("\(key).input_size") == [resized.height, resized.width]
            )
            let channel = 64 * 64
            let features = try embedding.features.elements(as: Float.self)
            let sampled = stride(from: 0, to: 256, by: 16).flatMap {
                features[$0 * channel..<($0 + 1) * channel].map(Double.init)
            }
            // Features have a standard deviation of about 0.1.
            expectClose(sampled, try reference.values("\(key).embedding.slice"), 1e-3)
        }
    }

    @Test("Maps, and their watershed as a whole and in tiles")
    func decoder() async throws {
        let run = try await TiledRun.shared.run()
        let reference = try Fixtures.tensors("image_tiled").values("prediction")
        let maps = [run.maps.foreground, run.maps.centerDistances, run.maps.boundaryDistances]
        for (channel, map) in maps.enumerated() {
            let expected = reference[
                channel * map.samples.count..<(channel + 1) * map.samples.count
            ]
            // Stored in half precision, which has 11 bits.
            expectClose(map.samples.map(Double.init), Array(expected), 1e-3)
        }
        var options = AutomaticSegmentationOptions()
        options.mode = .instanceDecoder
        let smoothed = try run.smoothedLikeReference()
        var whole = AutomaticState(.tiled(run.tiled), run.predictor, maps: smoothed)
        try expectSamePartition(whole.labels(options), "image_tiled.ais.whole_watershed")
        options.floodsWholeImage = false
        var tiles = AutomaticState(.tiled(run.tiled), run.predictor, maps: run.maps)
        let inTiles = try tiles.labels(options)
        try expectSamePartition(inTiles, "image_tiled.ais")
    }

    @Test("APG")
    func generatedPrompts() async throws {
        let run = try await TiledRun.shared.run()
        var options = AutomaticSegmentationOptions()
        options.mode = .generatedPrompts
        let smoothed = try run.smoothedLikeReference()
        var state = AutomaticState(.tiled(run.tiled), run.predictor, maps: smoothed)
        try expectSamePartition(state.labels(options), "image_tiled.apg")
    }

    @Test("AMG: every candidate of every tile, and the masks that remain")
    func maskGeneration() async throws {
        let run = try await TiledRun.shared.run()
        var options = AutomaticSegmentationOptions()
        options.mode = .maskGeneration
        options.generation.pointsPerSide = 8
        options.filter.scoreThreshold = 0.5
        options.filter.stabilityThreshold = 0.7
        var state = AutomaticState(.tiled(run.tiled), run.predictor)
        try state.prepare(options)
        guard let candidates = state.maskCandidates else {
            Issue.record("mask generation gives candidates")
            return
        }
        let reference = try Fixtures.tensors("image_tiled")
        let tiles = run.tiled.tiles.map { "amg.tile\($0)" }
        let all = candidates.allCandidates
        expectClose(
            all.map(\.score),
            try tiles.flatMap { try reference.values("\($0).iou_preds") },
            1e-3
        )
        expectClose(
            all.map(\.stability),
            try tiles.flatMap { try reference.values("\($0).stability_score") },
            1e-3
        )
        try expectSamePartition(state.labels(options), "image_tiled.amg")
    }
}

/// The embeddings and maps of the divided image, computed once for all tests.
actor TiledRun {
    struct Run: Sendable {
        let predictor: ImagePredictor
        let tiled: TiledEmbedding
        let maps: InstanceMaps

        /// The maps as the reference has left them when it made the other outputs: smoothed in place,
        /// block after block, where a block reads what its neighbours have smoothed already.
        func smoothedLikeReference() throws -> InstanceMaps {
            func smoothed(_ map: Raster<Float>, _ sigma: Double) throws -> Raster<Float> {
                var state = map
                let halo = 2 * Int((3 * sigma + 0.5).rounded(.up))
                let blocking = try Blocking(
                    imageSize: map.size,
                    blockSize: tiled.blocking.blockSize,
                    halo: Size(width: halo, height: halo)
                )
                for block in blocking.blocks {
                    let filtered = try state.cropped(to: block.outer).gaussianFiltered(sigma: sigma)
                    let start = block.innerInOuter
                    try state.replace(block.inner, with: filtered, fromX: start.x, y: start.y)
                }
                return state
            }
            return try InstanceMaps(
                foreground: smoothed(maps.foreground, 1),
                centerDistances: smoothed(maps.centerDistances, 1.6),
                boundaryDistances: smoothed(maps.boundaryDistances, 1.6)
            )
        }
    }

    static let shared = TiledRun()
    private var finished: Run?

    func run() throws -> Run {
        if let finished { return finished }
        let predictor = try trainedPredictor(.reference)
        let image = try storedFixtureImage("image_tiled")
        let blocking = try Blocking(
            imageSize: image.size,
            blockSize: Size(width: 384, height: 320),
            halo: Size(width: 48, height: 48)
        )
        let tiled = try predictor.embed(tilesOf: image, blocking)
        let maps = try predictor.instanceMaps(of: .tiled(tiled))
        let run = Run(predictor: predictor, tiled: tiled, maps: maps)
        finished = run
        return run
    }
}

/// A fixture image as it is stored.
func storedFixtureImage(_ name: String) throws -> AnyRaster {
    let png = try Fixtures.png(name)
    return .uint16(
        try Raster(
            size: Size(width: png.width, height: png.height),
            channels: png.channels,
            samples: png.samples
        )
    )
}
