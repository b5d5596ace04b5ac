import Imaging
import Testing

@Suite("Blocking")
struct BlockingTests {
    @Test(
        "Inner parts cover the image once, outer parts reach as far as the halo and the image allow"
    )
    func cover() throws {
        let size = Size(width: 61, height: 35)
        let blocking = try Blocking(
            imageSize: size,
            blockSize: Size(width: 20, height: 16),
            halo: Size(width: 5, height: 3)
        )
        #expect(blocking.columns == 4 && blocking.rows == 3 && blocking.count == 12)
        var covered = LabelImage(size: size)
        for block in blocking.blocks {
            #expect(block.outer.isInside(size))
            #expect(block.innerInOuter.isInside(block.outer.size))
            for y in block.inner.y..<block.inner.endY {
                for x in block.inner.x..<block.inner.endX {
                    covered[x: x, y: y] += 1
                    let point = Point<OriginalPixels>(x: Double(x) + 0.5, y: Double(y))
                    #expect(blocking.index(containing: point) == block.index)
                }
            }
        }
        #expect(covered.labels.allSatisfy { $0 == 1 })
        #expect(blocking[5].inner == Region(x: 20, y: 16, width: 20, height: 16))
        #expect(blocking[5].outer == Region(x: 15, y: 13, width: 30, height: 22))
        #expect(blocking[11].inner == Region(x: 60, y: 32, width: 1, height: 3))
        #expect(blocking.index(containing: Point(x: 61, y: 0)) == nil)
        #expect(blocking.index(containing: Point(x: .nan, y: 0)) == nil)
    }

    @Test("Empty blocks and negative halos are refused")
    func refuses() {
        let size = Size(width: 10, height: 10)
        for (block, halo) in [(0, 0), (5, -1), (Int.max, 0), (5, Int.max)] {
            #expect(throws: ImagingError.self) {
                try Blocking(
                    imageSize: size,
                    blockSize: Size(width: block, height: 5),
                    halo: Size(width: 1, height: halo)
                )
            }
        }
    }

    @Test("Labels cut into blocks and put together again are unchanged")
    func roundTrip() throws {
        var random = Random(seed: 2)
        let size = Size(width: 23, height: 31)
        let image = try LabelImage(
            size: size,
            labels: (0..<size.count).map { _ in UInt32.random(in: 0...9, using: &random) }
        )
        let blocking = try Blocking(
            imageSize: size,
            blockSize: Size(width: 7, height: 8),
            halo: Size(width: 2, height: 9)
        )
        var result = LabelImage(size: size)
        for block in blocking.blocks {
            let origin = block.innerInOuter
            try result.replace(
                block.inner,
                with: image.cropped(to: block.outer),
                fromX: origin.x,
                y: origin.y
            )
        }
        #expect(result == image)
        #expect(throws: ImagingError.self) {
            try result.replace(Region(x: 20, y: 0, width: 4, height: 1), with: image)
        }
    }
}

@Suite("Stitching labels")
struct LabelStitcherTests {
    /// Stitches blocks that see the true labels, each in its own numbering.
    private func stitched(
        _ truth: LabelImage,
        _ blocking: Blocking,
        _ change: (inout LabelImage, Int) -> Void = { _, _ in }
    ) throws -> LabelImage {
        var stitcher = LabelStitcher(blocking)
        var result = LabelImage(size: truth.size)
        for block in blocking.blocks {
            var labels = try truth.cropped(to: block.outer).splitIntoComponents(
                connectivity: .edges
            )
            for pixel in labels.labels.indices where labels.labels[pixel] != 0 {
                labels.labels[pixel] = 10_000 - labels.labels[pixel] * 7
            }
            change(&labels, block.index)
            try result.replace(block.inner, with: stitcher.add(labels))
        }
        for block in blocking.blocks {
            guard let completion = stitcher.completion(ofBlock: block.index) else { continue }
            var part = try result.cropped(to: block.inner)
            for pixel in part.labels.indices where completion.labels[pixel] != 0 {
                #expect(part.labels[pixel] == 0)
                part.labels[pixel] = completion.labels[pixel]
            }
            try result.replace(block.inner, with: part)
        }
        let numbers = stitcher.finalLabels()
        for pixel in result.labels.indices {
            result.labels[pixel] = numbers[Int(result.labels[pixel])]
        }
        return result
    }

    @Test(
        "Objects cut by many blocks come out whole",
        arguments: [(40, 50, 12), (64, 37, 9), (300, 30, 8)]
    )
    func whole(width: Int, height: Int, halo: Int) throws {
        let truth = try NucleiSimulator(size: Size(width: 250, height: 191), seed: 8).simulate()
            .labels
        let blocking = try Blocking(
            imageSize: truth.size,
            blockSize: Size(width: width, height: height),
            halo: Size(width: halo, height: halo)
        )
        let result = try stitched(truth, blocking)
        #expect(result.agreement(with: truth) == 1)
        #expect(result.objectCount == truth.objectCount)
    }

    @Test("Objects larger than a block are joined across all of them")
    func large() throws {
        var truth = LabelImage(size: Size(width: 90, height: 70))
        for y in 5..<65 { for x in 3..<88 { truth[x: x, y: y] = (x - y) % 40 == 0 ? 0 : 1 } }
        let parts = truth.splitIntoComponents(connectivity: .edges)
        let blocking = try Blocking(
            imageSize: truth.size,
            blockSize: Size(width: 20, height: 20),
            halo: Size(width: 4, height: 4)
        )
        #expect(try stitched(parts, blocking).agreement(with: parts) > 0.95)
    }

    @Test("Objects on which blocks disagree stay apart, slivers are absorbed")
    func disagreement() throws {
        var truth = LabelImage(size: Size(width: 40, height: 12))
        for y in 2..<10 { for x in 12..<30 { truth[x: x, y: y] = 1 } }
        let blocking = try Blocking(
            imageSize: truth.size,
            blockSize: Size(width: 20, height: 12),
            halo: Size(width: 6, height: 0)
        )
        // The second block sees two halves, neither of which covers half of the object.
        let halves = try stitched(truth, blocking) { labels, block in
            guard block == 1 else { return }
            for y in 0..<6 {
                for x in 0..<labels.size.width where labels[x: x, y: y] != 0 {
                    labels[x: x, y: y] = 5
                }
            }
            for x in 0..<labels.size.width where labels[x: x, y: 6] != 0 { labels[x: x, y: 6] = 0 }
        }
        #expect(halves.objectCount == 2)
        let sliver = try stitched(truth, blocking) { labels, block in
            guard block == 1 else { return }
            for x in 0..<labels.size.width where labels[x: x, y: 2] != 0 { labels[x: x, y: 2] = 5 }
        }
        #expect(sliver.objectCount == 1)
    }

    @Test(
        "An object that only some blocks have found is not cut where they end",
        arguments: [[0], [1], [2], [3], [0, 3], [1, 2]]
    )
    func oneSided(finders: [Int]) throws {
        // Around the corner where four blocks meet, with pixels in each of them.
        var truth = LabelImage(size: Size(width: 40, height: 36))
        for y in 14..<22 { for x in 15..<29 { truth[x: x, y: y] = 1 } }
        let blocking = try Blocking(
            imageSize: truth.size,
            blockSize: Size(width: 20, height: 18),
            halo: Size(width: 10, height: 8)
        )
        let result = try stitched(truth, blocking) { labels, block in
            guard !finders.contains(block) else { return }
            labels = LabelImage(size: labels.size)
        }
        #expect(result.labels == truth.labels)
    }

    @Test("An object that one block has found goes on only where the other has nothing")
    func taken() throws {
        var truth = LabelImage(size: Size(width: 40, height: 12))
        for y in 2..<10 { for x in 12..<28 { truth[x: x, y: y] = 1 } }
        let blocking = try Blocking(
            imageSize: truth.size,
            blockSize: Size(width: 20, height: 12),
            halo: Size(width: 10, height: 0)
        )
        // The second block sees a much larger object in its place.
        let result = try stitched(truth, blocking) { labels, block in
            guard block == 1 else { return }
            for y in 0..<12 { for x in 10..<30 { labels[x: x, y: y] = 5 } }
        }
        #expect(result[x: 19, y: 5] != result[x: 20, y: 5])
        let index = LabelIndex(result)
        #expect(index.sizes(in: result).sorted() == [64, 240])
    }

    @Test("Blocks of the wrong size and too many blocks are refused")
    func refuses() throws {
        let blocking = try Blocking(
            imageSize: Size(width: 5, height: 4),
            blockSize: Size(width: 9, height: 9),
            halo: Size(width: 1, height: 1)
        )
        var stitcher = LabelStitcher(blocking)
        #expect(throws: ImagingError.self) {
            try stitcher.add(LabelImage(size: Size(width: 4, height: 5)))
        }
        _ = try stitcher.add(LabelImage(size: Size(width: 5, height: 4)))
        #expect(throws: ImagingError.self) {
            try stitcher.add(LabelImage(size: Size(width: 5, height: 4)))
        }
        #expect(stitcher.finalLabels() == [0])
    }

    @Test("Positions and boxes go into the pixels of a tile and back, x and y not swapped")
    func tilePixels() throws {
        let blocking = try Blocking(
            imageSize: Size(width: 250, height: 130),
            blockSize: Size(width: 100, height: 80),
            halo: Size(width: 10, height: 20)
        )
        let tile = blocking[4].outer  // which begins at (90, 60)
        let point = Point<OriginalPixels>(x: 100.5, y: 61)
        #expect(tile.toTile(point) == Point<TilePixels>(x: 10.5, y: 1))
        #expect(tile.toImage(tile.toTile(point)) == point)
        let box = Box<OriginalPixels>(minX: 91, minY: 70, maxX: 120.25, maxY: 130)
        let inside = tile.toTile(box)
        #expect(inside == Box<TilePixels>(minX: 1, minY: 10, maxX: 30.25, maxY: 70))
        #expect(tile.toImage(inside) == box)
        let part = Region(x: 95, y: 62, width: 20, height: 30)
        #expect(tile.toTile(part) == TileRegion(x: 5, y: 2, width: 20, height: 30))
        #expect(tile.toImage(tile.toTile(part)) == part)
        #expect(tile.toTile(tile) == TileRegion(tile.size))
        #expect(Box(tile.toTile(part)) == tile.toTile(Box(part)))
    }
}
