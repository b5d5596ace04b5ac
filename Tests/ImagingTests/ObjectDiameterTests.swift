import Imaging
import Testing

@Suite("Diameter of objects")
struct ObjectDiameterTests {
    @Test("It is that of a disc of the same area; specks do not count")
    func areas() throws {
        let image = try labels(
            "..............",
            ".111.2222.....",
            ".111.2222..3..",
            ".111.2222.....",
            ".111.2222....."
        )
        // Half of 12 + 16 pixels are reached with the larger object.
        let diameter = try #require(image.typicalDiameter())
        #expect(abs(diameter * diameter * .pi / 4 - 16) < 1e-9)
        #expect(LabelImage(size: Size(width: 8, height: 8)).typicalDiameter() == nil)
    }

    @Test("Foreground counts in which no object is found")
    func missed() throws {
        let size = Size(width: 40, height: 40)
        var foreground = Raster<Float>(repeating: 0, size: size)
        for (x, y) in [(3, 3), (20, 5), (8, 25), (30, 28)] {
            for dy in 0..<5 {
                for dx in 0..<5 { foreground.samples[size.index(x: x + dx, y: y + dy)] = 0.9 }
            }
        }
        // Distances that are 1 everywhere have no seeds.
        let far = Raster<Float>(repeating: 1, size: size)
        let maps = try InstanceMaps(
            foreground: foreground,
            centerDistances: far,
            boundaryDistances: far
        )
        #expect(try maps.segmented(WatershedOptions()).labels.allSatisfy { $0 == 0 })
        let diameter = try #require(try maps.typicalDiameter())
        #expect(abs(diameter * diameter * .pi / 4 - 25) < 1e-9)
    }
}
