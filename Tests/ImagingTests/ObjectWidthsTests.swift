import Imaging
import Testing

@Suite("Widths of objects")
struct ObjectWidthsTests {
    @Test("A long object that is found has its width as diameter")
    func found() throws {
        let size = Size(width: 40, height: 20)
        var foreground = Raster<Float>(repeating: 0, size: size)
        var distances = Raster<Float>(repeating: 1, size: size)
        for y in 5..<10 {
            for x in 5..<35 {
                foreground.samples[size.index(x: x, y: y)] = 0.9
                distances.samples[size.index(x: x, y: y)] = 0.1
            }
        }
        let maps = try InstanceMaps(
            foreground: foreground,
            centerDistances: distances,
            boundaryDistances: distances
        )
        var options = WatershedOptions()
        options.distanceSmoothing = 0
        options.foregroundSmoothing = 0
        #expect(try maps.typicalWidths(options)?.diameter == 5)
        let nothing = try InstanceMaps(
            foreground: Raster(repeating: 0, size: size),
            centerDistances: distances,
            boundaryDistances: distances
        )
        #expect(try nothing.typicalWidths()?.diameter == nil)
    }

    @Test("Objects that touch each other, or the border of the image, have widths of their own")
    func touching() throws {
        let size = Size(width: 30, height: 24)
        var labels = LabelImage(size: size)
        for y in 0..<14 {
            for x in 0..<30 { labels.labels[size.index(x: x, y: y)] = y < 7 ? 3 : 9 }
        }
        // The upper one goes on beyond the image, as far as anybody knows.
        #expect(try labels.typicalWidths()?.diameter == 7)
        for x in 0..<30 { labels.labels[size.index(x: x, y: 20)] = 4 }
        #expect(try labels.typicalWidths()?.diameter == 7)
        #expect(try labels.typicalWidths(minimumArea: 1000)?.diameter == nil)
    }

    @Test("Foreground in which no object is found counts with its width")
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
        // Squares of 5 pixels count with their width.
        #expect(try maps.typicalWidths()?.diameter == 5)
    }
}
