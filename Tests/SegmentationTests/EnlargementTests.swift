import Foundation
import Imaging
import Prompting
import SegmentAnything
import Segmentation
import Synchronization
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

    private func model(_ diameter: Double?) throws -> Model {
        Model(
            try quickNetworks(),
            traits: ModelTraits(objectDiameter: diameter.map { ObjectDiameter(framePixels: $0) })
        )
    }

    @Test("A model looks first if it carries a diameter and nobody said how to divide")
    func lookingFirst() throws {
        let carrying = try model(60)
        #expect(Planner(carrying).looksFirst)
        #expect(Planner(carrying, mode: .instanceDecoder).looksFirst)
        #expect(!Planner(carrying, mode: .maskGeneration).looksFirst)
        #expect(!Planner(carrying, .never).looksFirst)
        #expect(!Planner(carrying, .objects(diameter: 30)).looksFirst)
        #expect(!Planner(try model(nil)).looksFirst)
    }

    @Test(
        "What a division costs is said before it is paid, and is four looks for each one at most",
        arguments: [200.0, 400]
    )
    func cost(suited: Double) throws {
        // Small bright dots, for which nothing but more tiles than that would be enough.
        let size = Size(width: 96, height: 80)
        let samples = (0..<size.count).map { pixel -> UInt16 in
            let (y, x) = pixel.quotientAndRemainder(dividingBy: size.width)
            return x % 12 < 6 && y % 12 < 6 ? UInt16(200 + pixel % 7) : UInt16(10 + pixel % 5)
        }
        let image = AnyRaster.uint16(try Raster(size: size, samples: samples))
        let told = Mutex<[WorkDecision]>([])
        let passes = Mutex(0)
        let work = Work { event in
            if case .decided(let decision) = event { told.withLock { $0.append(decision) } }
            if case .advanced = event { passes.withLock { $0 += told.withLock { $0.count } } }
        }
        let plane = try Planner(model(suited)).embedded(PlanePixels(image), work)
        let decision = try told.withLock { try #require($0.first) }
        guard case .tiled(let tiled) = plane.embeddings else {
            #expect(decision.kind == .tooSmall)
            return
        }
        #expect(decision.kind == .enlarged && tiled.tiles.count <= 4)
        let looks = try #require(decision.looks)
        #expect((tiled.tiles.count + 1...tiled.tiles.count + 2).contains(looks))
        #expect((decision.seconds ?? 0) > 0)
        // No tile was embedded before.
        #expect(passes.withLock { $0 } == tiled.tiles.count)
        #expect(decision.costlyDiameter == plane.division.objectDiameter)
    }

    @Test(
        "A box that suits the model as it is takes the look at the whole plane, a small one the tiles"
    )
    func boxes() throws {
        let size = Size(width: 96, height: 80)
        let samples = (0..<size.count).map { pixel -> UInt16 in
            let (y, x) = pixel.quotientAndRemainder(dividingBy: size.width)
            return x % 24 < 12 && y % 24 < 12 ? UInt16(200 + pixel % 7) : UInt16(10 + pixel % 5)
        }
        let pixels = PlanePixels(AnyRaster.uint16(try Raster(size: size, samples: samples)))
        let (small, large): (Box<OriginalPixels>, Box<OriginalPixels>) = (
            Box(minX: 24, minY: 24, maxX: 36, maxY: 36), Box(minX: 1, minY: 2, maxX: 90, maxY: 70)
        )
        // The order of the objects is kept, whatever they are predicted in.
        let prompts: [Prompt] = [
            .box(large), .box(small), .rectangle(large), .point(Point(x: 30, y: 30)),
            .ellipse(large), .box(small),
        ]
        let isLarge = [true, false, true, false, true, false]
        let objects = prompts.enumerated().map { number, prompt in
            PromptedObject(id: UInt32(number + 1), prompts: [prompt])
        }
        for suited in [200.0, 400] {
            let model = try model(suited)
            let plane = try Planner(model).embedded(pixels, isLazy: true)
            let whole = try Planner(model, .never).embedded(pixels)
            let options = PromptOptions()
            let done = Mutex<[Int]>([])
            let work = Work { event in
                if case .advanced(let count, let total) = event {
                    #expect(total == objects.count)
                    done.withLock { $0.append(count) }
                }
            }
            let masks = try plane.masks(of: objects, options, model.predictor, work)
            #expect(masks.map(\.object) == Array(objects.indices))
            // One prediction for each object.
            #expect(done.withLock { $0.last } == objects.count)
            let once = try model.predictor.segment(objects, in: whole.promptEmbeddings, options)
            let tiles = try model.predictor.segment(objects, in: plane.promptEmbeddings, options)
            for (place, mask) in masks.enumerated() {
                let expected = plane.division.isEnlarging && !isLarge[place] ? tiles : once
                // Rounding may depend on the objects that are predicted together.
                #expect(abs(mask.score - expected[place].score) < 1e-4, "\(suited) \(place)")
                let overlap = mask.pixels.intersectionOverUnion(expected[place].pixels)
                #expect(mask.pixels == expected[place].pixels || overlap > 0.99)
            }
        }
    }

    @Test("Tiles are embedded only where a box needs them")
    func tilesOfBoxes() throws {
        let size = Size(width: 96, height: 80)
        let samples = (0..<size.count).map { pixel -> UInt16 in
            let (y, x) = pixel.quotientAndRemainder(dividingBy: size.width)
            return x % 24 < 12 && y % 24 < 12 ? UInt16(200 + pixel % 7) : UInt16(10 + pixel % 5)
        }
        let pixels = PlanePixels(AnyRaster.uint16(try Raster(size: size, samples: samples)))
        let model = try model(200)
        let shelf = CountingShelf()
        let plane = try Planner(model).embedded(pixels, shelf: shelf, isLazy: true)
        guard plane.division.isEnlarging else { return }
        let looks = shelf.count
        func predict(_ box: Box<OriginalPixels>) throws {
            let object = PromptedObject(id: 1, prompts: [.box(box)])
            _ = try plane.masks(of: [object], PromptOptions(), model.predictor)
        }
        try predict(Box(minX: 1, minY: 2, maxX: 90, maxY: 70))
        #expect(shelf.count == looks)
        try predict(Box(minX: 24, minY: 24, maxX: 36, maxY: 36))
        #expect(shelf.count == looks + 1)
    }

    @Test(
        "Tiles are parts of the whole image as it is stretched, now or later, in memory or by region",
        .enabled(if: Fixtures.areAvailable)
    )
    func embedding() throws {
        let model = try model(60)
        let size = Size(width: 64, height: 64)
        let samples = (0..<size.count).map { pixel -> UInt16 in UInt16(pixel * 7 % 251 + pixel / 40)
        }
        let image = AnyRaster.uint16(try Raster(size: size, samples: samples))
        let planner = Planner(model, .objects(diameter: 2.2))
        let found = try planner.embedded(PlanePixels(image))
        #expect(found.division.objectDiameter == 2.2)
        guard case .tiled(let tiled) = found.embeddings else {
            Issue.record("the image was not enlarged")
            return
        }
        let whole = try image.normalizedRGB()
        let part = try model.predictor.embed(whole.cropped(to: tiled.blocking[0].outer)).features
        let expected = try part.elements(as: Float.self)
        #expect(try tiled.embedding(ofTile: 0).features.elements(as: Float.self) == expected)
        let later = try planner.embedded(PlanePixels(image), isLazy: true)
        let byRegion = try Planner(
            model,
            .objects(diameter: 2.2),
            limits: PlanningLimits(joinedPixels: 1)
        )
        .embedded(PlanePixels(image))
        #expect(byRegion.division.joinsTiles)
        for plane in [later, byRegion] {
            guard case .tiled(let lazy) = plane.embeddings else {
                Issue.record("the image was not enlarged")
                return
            }
            let features = try lazy.embedding(ofTile: 0).features
            #expect(try features.elements(as: Float.self) == expected)
        }
        let large = try Planner(model, .objects(diameter: 40)).embedded(PlanePixels(image))
        #expect(large.division == Division.whole && large.embeddings.blocking == nil)
    }

    @Test(
        "Large images have smaller tiles where one in the middle shows small objects",
        .enabled(if: Fixtures.areAvailable)
    )
    func largeImages() throws {
        let image = try storedFixtureImage("image_tiled").wide(1600)
        let usual = try TilingOptions.automatic(for: image.size)?.blocking(of: image.size)
        let enlarged = try Planner(model(400)).embedded(PlanePixels(image), isLazy: true)
        #expect(enlarged.division.objectDiameter ?? 0 > 4)
        #expect(enlarged.division.intensities == .plane)
        #expect(enlarged.embeddings.blocking?.count ?? 0 > usual?.count ?? 0)
        let large = try Planner(model(8)).embedded(PlanePixels(image), isLazy: true)
        #expect(large.division.objectDiameter == nil && large.embeddings.blocking == usual)
    }

    @Test(
        "Tiles without contrast are no look at a large image",
        .enabled(if: Fixtures.areAvailable)
    )
    func blankTiles() throws {
        let wide = try storedFixtureImage("image_tiled").wide(5000)
        let tiling = try #require(TilingOptions.automatic(for: wide.size))
        let blocking = try tiling.blocking(of: wide.size)
        guard case .uint8(var raster) = wide else { return }
        // The middle is dark but for the tiles at both ends: more tiles than are looked at.
        let (first, last) = (blocking[0].inner.endX, blocking[blocking.count - 1].inner.x)
        #expect(blocking.count > 5)
        let halo = tiling.halo.width
        for y in 0..<wide.size.height {
            for x in first - halo..<last + halo {
                for channel in 0..<raster.channels { raster[x: x, y: y, channel: channel] = 0 }
            }
        }
        let found = try Planner(model(400)).embedded(
            PlanePixels(AnyRaster.uint8(raster)),
            isLazy: true
        )
        #expect(found.division.objectDiameter ?? 0 > 4)
    }

    @Test("Joining the tiles of a plane without tiles is refused")
    func noTiles() throws {
        let segmenter = try Segmenter(model(nil), tiling: .never)
        var raster = Raster<UInt8>(repeating: 0, size: Size(width: 40, height: 30))
        raster[x: 20, y: 10] = 9
        let plane = try segmenter.embedded(PlanePixels(AnyRaster.uint8(raster)))
        let folder = FileManager.default.temporaryDirectory.appending(path: "none-\(UUID())")
        #expect(throws: SegmentationError.noTiles) { try segmenter.joined(plane, in: folder) }
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    @Test("Whether a plane is joined from its tiles is one rule for plans and settings")
    func joining() throws {
        let limits = PlanningLimits(joinedPixels: 100)
        let suited = ObjectDiameter.standard
        let carrying = Model(
            try quickNetworks(),
            traits: ModelTraits(objectDiameter: suited)
        )
        for tiling in [TilingChoice.automatic, .never, .always(.standard), .objects(diameter: 3)] {
            for side in [8, 64, 640, 1600] {
                let size = Size(width: side, height: side)
                var settings = SegmentationSettings()
                (settings.tiling, settings.limits) = (tiling, limits)
                let base = Planner(carrying, tiling, limits: limits).base(of: size)
                #expect(settings.joinsTiles(of: size) == base.joinsTiles, "\(tiling) \(side)")
                #expect(tiling.tiling(of: size) == base.tiling, "\(tiling) \(side)")
            }
        }
    }
}

extension AnyRaster {
    /// The image beside itself until it is so wide.
    fileprivate func wide(_ width: Int) throws -> AnyRaster {
        let one = try normalizedIntensities()
        var wide = Raster<UInt8>(
            repeating: 0,
            size: Size(width: width, height: size.height),
            channels: one.channels
        )
        for x in stride(from: 0, to: width, by: size.width) {
            let part = Region(x: 0, y: 0, width: min(size.width, width - x), height: size.height)
            try wide.replace(
                Region(x: x, y: 0, width: part.width, height: part.height),
                with: one.cropped(to: part)
            )
        }
        return .uint8(wide)
    }
}

/// Counts what is embedded, and keeps nothing.
private final class CountingShelf: EmbeddingShelf {
    private let kept = Mutex(0)

    var count: Int { kept.withLock { $0 } }

    func embedding(of part: EmbeddedPart) -> ImageEmbedding? { nil }

    func keep(_ embedding: ImageEmbedding, of part: EmbeddedPart) {
        kept.withLock { $0 += 1 }
    }
}
