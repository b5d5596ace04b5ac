import Imaging
import Prompting
import SegmentAnything
import Segmentation
import TestFixtures
import Testing
import Torch

@Suite("Enlarged images")
struct EnlargementTests {
    private let suited = ObjectDiameter(framePixels: 60)

    @Test("An image is divided so that objects become about as large as suits the model")
    func tiles() throws {
        let size = Size(width: 256, height: 256)
        let tiling = try #require(TilingOptions.enlarging(size, objectsOf: 8, to: suited))
        let blocking = try tiling.blocking(of: size)
        for index in 0..<blocking.count {
            let outer = blocking[index].outer.size.longestSide
            let seen = 8 * 1024 / Double(outer)
            #expect((45...90).contains(seen), "tile \(index)")
        }
        let few = try #require(TilingOptions.enlarging(size, objectsOf: 3, to: suited, limit: 2))
        #expect(try few.blocking(of: size).count == 4)
    }

    @Test("Objects that are large enough, or of no size, leave the image in one piece")
    func wholeImages() {
        let size = Size(width: 640, height: 512)
        #expect(TilingOptions.enlarging(size, objectsOf: 40, to: suited) == nil)
        #expect(TilingOptions.enlarging(size, objectsOf: 0, to: suited) == nil)
        #expect(TilingOptions.enlarging(size, objectsOf: 600, to: suited) == nil)
        let tiny = Size(width: 16, height: 16)
        #expect(TilingOptions.enlarging(tiny, objectsOf: 0.5, to: suited) == nil)
    }

    @Test("A model that carries a diameter asks for a first look with its own parameters")
    func metadata() {
        let traits = ModelTraits(
            objectDiameter: suited,
            parameters: ["foreground_threshold": 0.25]
        )
        let carried = traits.metadata
        var options = WatershedOptions()
        options.foregroundThreshold = 0.25
        #expect(Enlargement(metadata: carried) == Enlargement(to: suited, .firstLook(options)))
        #expect(Enlargement(metadata: [:]) == nil)
    }

    @Test(
        "Tiles are parts of the whole image as it is stretched",
        .enabled(if: Fixtures.areAvailable)
    )
    func embedding() throws {
        let predictor = try trainedPredictor(.standard)
        let size = Size(width: 64, height: 64)
        let samples = (0..<size.count * 3).map { UInt8(($0 * 7) % 251) }
        let image = try Raster(size: size, channels: 3, samples: samples)
        let found = try predictor.embed(image, Enlargement(to: suited, .known(2.2)))
        #expect(found.objectDiameter == 2.2 && found.maps == nil)
        guard case .tiled(let tiled) = found.embeddings else {
            Issue.record("the image was not enlarged")
            return
        }
        let part = try predictor.embed(image.cropped(to: tiled.blocking[0].outer)).features
        let tile = try tiled.embedding(ofTile: 0).features
        #expect(try part.elements(as: Float.self) == tile.elements(as: Float.self))
        let later = try predictor.embed(image, Enlargement(to: suited, .known(2.2)), isLazy: true)
        guard case .tiled(let lazy) = later.embeddings else {
            Issue.record("the image was not enlarged")
            return
        }
        let same = try lazy.embedding(ofTile: 0).features
        #expect(try part.elements(as: Float.self) == same.elements(as: Float.self))
        let whole = try predictor.embed(image, Enlargement(to: suited, .known(40)))
        #expect(whole.objectDiameter == nil && whole.embeddings.blocking == nil)
    }

    @Test(
        "Large images have smaller tiles where one in the middle shows small objects",
        .enabled(if: Fixtures.areAvailable)
    )
    func largeImages() throws {
        let predictor = try trainedPredictor(.standard)
        let image = try storedFixtureImage("image_tiled")
        let tiling = TilingOptions(
            tileShape: Size(width: 320, height: 320),
            halo: Size(width: 32, height: 32)
        )
        let usual = try tiling.blocking(of: image.size)
        func embedded(_ suited: Double) throws -> EnlargedEmbedding {
            let look = Enlargement(
                to: ObjectDiameter(framePixels: suited),
                .firstLook(WatershedOptions())
            )
            return try predictor.embed(tilesOf: image, tiling, look, isLazy: true)
        }
        let enlarged = try embedded(400)
        #expect(enlarged.objectDiameter ?? 0 > 4)
        #expect(enlarged.embeddings.blocking?.count ?? 0 > usual.count)
        let large = try embedded(8)
        #expect(large.objectDiameter == nil && large.embeddings.blocking == usual)
    }
}
