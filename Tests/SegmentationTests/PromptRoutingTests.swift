import Imaging
import Prompting
import Segmentation
import Testing
import Torch

@Suite("Prompts find their tile")
struct PromptRoutingTests {
    /// 3 x 2 tiles of an image of 250 x 130 pixels; no model is needed.
    private func tiles(_ there: [Int]? = nil) throws -> TiledEmbedding {
        let blocking = try Blocking(
            imageSize: Size(width: 250, height: 130),
            blockSize: Size(width: 100, height: 80),
            halo: Size(width: 10, height: 20)
        )
        return try TiledEmbedding(blocking: blocking, tiles: there) { tile, _ in
            ImageEmbedding(
                features: try Tensor.zeros([1, 256, 64, 64]),
                transform: try ResizeLongestSide(from: blocking[tile].outer.size)
            )
        }
    }

    private func point(_ x: Double, _ y: Double) -> ObjectPrompts.LabeledPoint {
        .init(Point(x: x, y: y))
    }

    @Test("Points go to the tile of their middle, and those beyond its halo are dropped")
    func points() throws {
        let routed = try tiles().route(
            ObjectPrompts(points: [point(150, 30), point(205, 95), point(245, 10)])
        )
        // The middle is (200, 45), in tile 2, which begins at (190, 0).
        #expect(routed.tile == 2)
        #expect(
            routed.prompts.points == [
                TilePrompts.LabeledPoint(Point(x: 15, y: 95)),
                TilePrompts.LabeledPoint(Point(x: 55, y: 10)),
            ]
        )
        #expect(routed.droppedPoints == 1)
    }

    @Test("Halves are rounded to even pixels")
    func rounding() throws {
        #expect(try tiles().route(ObjectPrompts(points: [point(99.5, 3)])).tile == 1)
        #expect(try tiles().route(ObjectPrompts(points: [point(98.5, 3)])).tile == 0)
        #expect(try tiles().route(ObjectPrompts(points: [point(249.9, 129.9)])).tile == 5)
    }

    @Test("A box goes to the tile of its centre, x and y not swapped, and is clipped to the halo")
    func boxes() throws {
        let box = Box<OriginalPixels>(minX: 85, minY: 90, maxX: 225, maxY: 128)
        let routed = try tiles().route(ObjectPrompts(box: box))
        #expect(routed.tile == 4)  // which begins at (90, 60) and ends at (210, 130)
        #expect(routed.prompts.box == Box(minX: 0, minY: 30, maxX: 120, maxY: 68))
    }

    @Test("A box of one pixel, or none, keeps its place")
    func smallBox() throws {
        let box = Box<OriginalPixels>(minX: 120, minY: 7, maxX: 120, maxY: 8)
        #expect(try tiles().route(ObjectPrompts(box: box)).prompts.box?.minX == 30)
    }

    @Test("Prompts that contradict each other, or lie nowhere, are refused")
    func refused() throws {
        let tiles = try tiles([0, 1])
        let box = Box<OriginalPixels>(minX: 110, minY: 10, maxX: 120, maxY: 20)
        func error(_ prompts: ObjectPrompts) -> TilingError? {
            do throws(TilingError) {
                _ = try tiles.route(prompts, object: 7)
                return nil
            } catch {
                return error
            }
        }
        #expect(
            error(ObjectPrompts(points: [point(10, 10)], box: box))
                == .promptsInDifferentTiles(object: 7, points: 0, box: 1)
        )
        #expect(error(ObjectPrompts(points: [point(230, 10)])) == .tileNotEmbedded(2))
        #expect(error(ObjectPrompts(points: [point(.nan, 10)])) == .promptNotFinite(object: 7))
        #expect(
            error(ObjectPrompts(points: [point(-3, 10)]))
                == .promptOutside(.points, object: 7, tile: nil)
        )
        #expect(
            error(ObjectPrompts(points: [point(10, 10)], tile: 1))
                == .promptOutside(.points, object: 7, tile: 1)
        )
        #expect(error(ObjectPrompts(maskLogits: [])) == .logitsWithoutPlace(object: 7))
        #expect(error(ObjectPrompts(maskLogits: [], tile: 9)) == .noSuchTile(9, count: 6))
        #expect(error(ObjectPrompts(maskLogits: [], tile: 1)) == nil)
    }

    @Test("Large images are divided by themselves, small ones are not")
    func automaticTiling() throws {
        #expect(TilingOptions.automatic(for: Size(width: 1536, height: 900)) == nil)
        for (width, height, tile) in [
            (700, 1537, Size(width: 704, height: 784)),
            (1792, 1024, Size(width: 896, height: 1024)),
            (1793, 1025, Size(width: 608, height: 608)),
            (2304, 2048, Size(width: 768, height: 768)),
            (2320, 9000, Size(width: 592, height: 752)),
            (20_000, 8192, Size(width: 752, height: 752)),
        ] {
            let size = Size(width: width, height: height)
            let tiling = try #require(TilingOptions.automatic(for: size))
            #expect(tiling.tileShape == tile && tiling.halo == TilingOptions.standard.halo)
            let outer = try tiling.blocking(of: size).blocks.map { $0.outer.size.longestSide }
            #expect(outer.allSatisfy { $0 <= 1024 })
        }
    }

    @Test("A mask chooses the tiles that it touches with their halo")
    func tilesInMask() throws {
        var mask = Raster(repeating: false, size: Size(width: 250, height: 130))
        mask[x: 105, y: 70] = true
        #expect(try tiles().blocking.blocks(touching: mask) == [0, 1, 3, 4])
    }
}
