import Imaging
import Testing

@Suite("Planes that stand for their stack")
struct StackSampleTests {
    /// A plane that is told apart by its width.
    private struct Plane: PixelSource {
        let size: Size

        init(_ width: Int) { size = Size(width: width, height: 64) }

        func read(_ region: Region) throws -> AnyRaster {
            .uint8(Raster(repeating: 0, size: Size(width: region.width, height: region.height)))
        }
    }

    /// Widths of the only object, a square.
    private func widths(_ side: Int) throws -> ObjectWidths? {
        var labels = LabelImage(size: Size(width: 64, height: 64))
        for y in 0..<side {
            for x in 0..<side { labels.labels[labels.size.index(x: x, y: y)] = 1 }
        }
        return try labels.typicalWidths()
    }

    @Test(
        "The places are spread over the stack",
        arguments: [
            (1, [0]), (2, [0, 1]), (3, [0, 1, 2]), (10, [1, 5, 8]), (600, [100, 300, 500]),
        ]
    )
    func places(count: Int, expected: [Int]) {
        #expect(StackSample.places(in: count) == expected)
    }

    @Test(
        "The median decides, the smaller of two, and planes without objects count for nothing",
        arguments: [
            ([9, 21, 15], 15), ([9, 0, 15], 9), ([0, 0, 31], 31), ([0, 0, 0], 0), ([7], 7),
        ]
    )
    func median(sides: [Int], expected: Int) throws {
        let sample = StackSample(sides.map { Plane($0 + 1) })
        let found = try sample.widths(of: "a") { try widths($0.size.width - 1) }
        #expect(try found == widths(expected))
    }

    @Test("Each observer looks once, also where nothing is found")
    func once() throws {
        let sample = StackSample([Plane(1), Plane(12), Plane(14)])
        for observer in ["a", "b"] {
            var looks = 0
            for _ in 0..<2 {
                let found = try sample.widths(of: observer) { plane in
                    looks += 1
                    return observer == "a" ? try widths(plane.size.width - 1) : nil
                }
                #expect((found == nil) == (observer == "b"))
            }
            #expect(looks == 3)
        }
    }
}
