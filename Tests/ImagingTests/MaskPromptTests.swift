import Imaging
import TestFixtures
import Testing

@Suite("Local maxima")
struct LocalMaximaTests {
    private func image(_ rows: [[Float]]) throws -> Raster<Float> {
        try Raster(
            size: Size(width: rows[0].count, height: rows.count),
            samples: rows.flatMap { $0 }
        )
    }

    @Test("Peaks are sorted by value, equal ones closer than the distance are thinned out")
    func order() throws {
        let peaks = try image([
            [1, 0, 0, 0, 0, 0, 7],
            [0, 0, 5, 0, 0, 0, 0],
            [0, 0, 5, 0, 5, 0, 0],
            [3, 0, 0, 0, 0, 0, 2],
        ]).localMaxima(distance: 2)
        #expect(peaks.map { [$0.x, $0.y] } == [[6, 0], [2, 1]])
    }

    @Test("Constant images have no peaks")
    func constant() throws {
        #expect(
            try Raster<Float>(repeating: 2, size: Size(width: 5, height: 3)).localMaxima(
                distance: 1
            ).isEmpty
        )
    }

    @Test("Random images agree with the definition", arguments: 0..<20)
    func random(seed: Int) throws {
        var random = Random(seed: UInt64(seed))
        let size = Size(
            width: Int.random(in: 2...20, using: &random),
            height: Int.random(in: 1...20, using: &random)
        )
        let samples = (0..<size.count).map { _ in Float(Int.random(in: 0...30, using: &random)) }
        let distance = Int.random(in: 1...4, using: &random)
        let peaks = try Raster(size: size, samples: samples).localMaxima(distance: distance)
        for peak in peaks {
            for y in max(peak.y - distance, 0)...min(peak.y + distance, size.height - 1) {
                for x in max(peak.x - distance, 0)...min(peak.x + distance, size.width - 1) {
                    #expect(samples[y * size.width + x] <= peak.value)
                }
            }
        }
        #expect(Set(peaks).count == peaks.count)
        if let largest = samples.max(), Set(samples).count > 1, distance < 3 {
            #expect(peaks.first?.value == largest)
        }
    }
}

@Suite("Prompts from a mask")
struct MaskPromptTests {
    @Test("Boxes grow by pixels or by a share, are clipped and rounded to even halves")
    func box() throws {
        let size = Size(width: 20, height: 30)
        let box = Box<OriginalPixels>(minX: 4, minY: 2, maxX: 14, maxY: 29)
        #expect(try box.extended(by: 0, within: size) == box)
        #expect(try box.extended(by: 3, within: size) == Box(minX: 1, minY: 0, maxX: 17, maxY: 30))
        #expect(
            try box.extended(by: 0.05, within: size) == Box(minX: 4, minY: 1, maxX: 14, maxY: 30)
        )
        #expect(throws: ImagingError.self) { try box.extended(by: -1, within: size) }
        #expect(throws: ImagingError.self) { try box.extended(by: .nan, within: size) }
    }

    @Test("An empty mask has no prompts, a full one is described by a point inside")
    func extremes() throws {
        let size = Size(width: 5, height: 3)
        #expect(try Raster(repeating: false, size: size).promptBox() == nil)
        #expect(try Raster(repeating: false, size: size).promptPoints(.several).isEmpty)
        #expect(try Raster(repeating: true, size: size).promptPoints(.single).count == 1)
        #expect(
            try Raster(repeating: true, size: Size(width: 1, height: 1)).promptPoints(.several)
                .count <= 1
        )
    }

    @Test("Points equal those of the reference", .enabled(if: Fixtures.areAvailable))
    func parity() throws {
        let file = try Fixtures.tensors("volume")
        let size = Size(width: 57, height: 61)
        let mask = try Raster(size: size, samples: file.integers("mask").map { $0 == 1 })
        let single = try file.integers("mask.single_point")
        let ours = try mask.promptPoints(.single)
        #expect(ours.map { [Int($0.point.x), Int($0.point.y)] } == [single])
        let coordinates = try file.integers("mask.points")
        let labels = try file.integers("mask.point_labels")
        let expected = labels.indices.map {
            [coordinates[2 * $0], coordinates[2 * $0 + 1], labels[$0]]
        }
        let several = try mask.promptPoints(.several).map {
            [Int($0.point.x), Int($0.point.y), $0.isPositive ? 1 : 0]
        }
        #expect(several == expected)
    }
}
