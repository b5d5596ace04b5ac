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
