import Imaging
import Testing

@Suite("Object measurements")
struct MeasurementTests {
    // Expected values: numpy and scipy with the definitions of scikit-image.
    @Test("Area, centroid, box, perimeter and ellipse follow scikit-image")
    func shape() throws {
        let image = try labels(
            "..77777...",
            "..7777777.",
            ".77777777.",
            "..7777.77.",
            "...77..7..",
            "...7......"
        )
        let object = try #require(try image.measurements().first)
        #expect(object.label == 7 && object.area == 30)
        #expect(
            abs(object.centroid.x - 4.566666666666666) < 1e-9
                && abs(object.centroid.y - 1.9333333333333333) < 1e-9
        )
        #expect(object.box == Region(x: 1, y: 0, width: 8, height: 6))
        #expect(abs(object.perimeter - 20.692388155425117) < 1e-9)
        #expect(abs(object.majorAxisLength - 8.045435311698997) < 1e-9)
        #expect(abs(object.minorAxisLength - 5.359920561262513) < 1e-9)
        #expect(abs(object.eccentricity - 0.7457674045559272) < 1e-9)
        #expect(object.meanIntensities.isEmpty)
    }

    @Test("One-pixel objects and intensities of several channels are measured")
    func intensities() throws {
        let image = try labels("3.2", "..2")
        let pixels = try Raster<UInt16>(
            size: image.size,
            channels: 2,
            samples: [9, 90, 0, 0, 5, 1, 0, 0, 0, 0, 10, 2]
        )
        let objects = try image.measurements(of: .uint16(pixels))
        #expect(objects.map(\.label) == [2, 3])
        #expect(objects.map(\.meanIntensities) == [[7.5, 1.5], [9, 90]])
        #expect(objects[1].eccentricity == 0 && objects[1].perimeter == 0)
        #expect(throws: ImagingError.self) {
            try image.measurements(
                of: .uint8(Raster(repeating: 0, size: Size(width: 2, height: 3)))
            )
        }
    }

    @Test("An image without objects has no measurements")
    func empty() throws {
        #expect(try LabelImage(size: Size(width: 4, height: 3)).measurements().isEmpty)
    }
}

@Suite("Outlines")
struct LabelPolygonTests {
    private func signedArea(_ ring: [Point<OriginalPixels>]) -> Double {
        zip(ring, ring.dropFirst() + ring.prefix(1)).reduce(0) {
            $0 + $1.0.x * $1.1.y - $1.1.x * $1.0.y
        } / 2
    }

    @Test("A ring with a hole and a part that touches at a corner")
    func holes() throws {
        let polygons = try labels("555.", "5.5.", "555.", "...5").polygons()
        #expect(polygons.map(\.label) == [5, 5])
        #expect(polygons[0].outline.map { [$0.x, $0.y] } == [[3, 0], [3, 3], [0, 3], [0, 0]])
        #expect(
            polygons[0].holes.map { $0.map { [$0.x, $0.y] } } == [
                [[2, 2], [2, 1], [1, 1], [1, 2]]
            ]
        )
        #expect(polygons[1].outline.map { [$0.x, $0.y] } == [[4, 3], [4, 4], [3, 4], [3, 3]])
    }

    @Test("The polygons of random labels have the area of their pixels", arguments: 0..<30)
    func area(seed: Int) throws {
        var random = Random(seed: UInt64(seed))
        let size = Size(
            width: Int.random(in: 1...23, using: &random),
            height: Int.random(in: 1...17, using: &random)
        )
        let image = try LabelImage(
            size: size,
            labels: (0..<size.count).map { _ in UInt32.random(in: 0...2, using: &random) }
        )
        var areas: [UInt32: Double] = [:]
        for polygon in image.polygons() {
            #expect(signedArea(polygon.outline) > 0)
            areas[polygon.label, default: 0] += signedArea(polygon.outline)
            for hole in polygon.holes {
                #expect(signedArea(hole) < 0)
                areas[polygon.label, default: 0] += signedArea(hole)
            }
        }
        for object in try image.measurements() {
            #expect(areas[object.label] == Double(object.area))
        }
    }
}

@Suite("Overlays")
struct OverlayTests {
    @Test("Contours are opaque inside objects, the fill is mixed, the background is kept")
    func draws() throws {
        let image = try labels(".....", ".111.", ".111.", ".111.", "....2")
        let grey = Raster<UInt8>(repeating: 100, size: image.size)
        let result = try image.overlay(on: grey)
        let color = RGBColor(label: 1)
        #expect(result.channels == 3 && result[x: 0, y: 0, channel: 2] == 100)
        #expect(result[x: 1, y: 1] == color.red && result[x: 3, y: 2, channel: 1] == color.green)
        let inside = Int(result[x: 2, y: 2])
        #expect(abs(inside - (100 * 4 + Int(color.red)) / 5) <= 1)
    }

    @Test("Contours grow with the image and labels next to each other differ in colour")
    func widths() throws {
        var image = LabelImage(size: Size(width: 1600, height: 40))
        for y in 5..<35 { for x in 10..<1500 { image[x: x, y: y] = 8 } }
        var options = OverlayOptions()
        options.fillOpacity = 0
        let result = try image.overlay(on: Raster(repeating: 0, size: image.size), options)
        let colored = (0..<40).filter {
            result[x: 700, y: $0] != 0 || result[x: 700, y: $0, channel: 1] != 0
        }
        #expect(colored == [5, 6, 7, 32, 33, 34])
        #expect(Set((1...60).map { RGBColor(label: $0) }).count == 60)
    }

    @Test("Images of another size and impossible opacities are refused")
    func refuses() throws {
        let image = LabelImage(size: Size(width: 3, height: 2))
        #expect(throws: ImagingError.self) {
            try image.overlay(on: Raster(repeating: 0, size: Size(width: 2, height: 3)))
        }
        var options = OverlayOptions()
        options.fillOpacity = .nan
        #expect(throws: ImagingError.self) {
            try image.overlay(on: Raster(repeating: 0, size: image.size), options)
        }
    }

    @Test("Outliers and NaN do not spoil the picture for display")
    func display() throws {
        var values = (0..<1000).map { Float($0) }
        values[3] = .nan
        values[500] = 1e9
        let image = try Raster(size: Size(width: 50, height: 20), samples: values)
        let shown = try AnyRaster.float32(image).renderedForDisplay()
        #expect(shown.samples[3] == 0 && shown.samples[500] == 255 && shown.samples[999] == 255)
        #expect(abs(Int(shown.samples[250]) - 64) <= 1)
        let nothing = Raster<Float>(repeating: .nan, size: Size(width: 2, height: 2))
        #expect(try AnyRaster.float32(nothing).renderedForDisplay().samples == [0, 0, 0, 0])
    }
}

@Suite("Distance transform and boundaries")
struct DistanceTests {
    @Test("Distances are exact", arguments: 0..<30)
    func exact(seed: Int) throws {
        var random = Random(seed: UInt64(seed))
        let size = Size(
            width: Int.random(in: 1...31, using: &random),
            height: Int.random(in: 1...27, using: &random)
        )
        let share = [2, 10, 50][seed % 3]
        let mask = try Raster(
            size: size,
            samples: (0..<size.count).map { _ in Int.random(in: 0..<100, using: &random) < share }
        )
        let points = mask.samples.indices.filter { mask.samples[$0] }.map {
            ($0 % size.width, $0 / size.width)
        }
        let expected = mask.samples.indices.map { pixel in
            points.map { point in
                let (dx, dy) = (pixel % size.width - point.0, pixel / size.width - point.1)
                return Int32(dx * dx + dy * dy)
            }.min() ?? .max
        }
        #expect(try mask.squaredDistances().samples == expected)
    }

    @Test("Distances to nothing are infinite")
    func infinite() throws {
        #expect(
            try Raster(repeating: false, size: Size(width: 3, height: 2)).distances().samples
                .allSatisfy { $0 == .infinity }
        )
    }

    @Test("Inner and outer boundaries follow scikit-image")
    func boundaries() throws {
        let image = try labels(".......", ".111...", ".11122.", ".11122.", ".......")
        #expect(
            image.boundaries(.inner)
                == (try mask(".......", ".###...", ".#.###.", ".#####.", "......."))
        )
        #expect(
            image.boundaries(.outer)
                == (try mask(".###...", "#..###.", "#..##.#", "#..##.#", ".#####."))
        )
    }

    @Test("Touching objects and narrow gaps lie near borders between objects, single ones do not")
    func bordersBetweenObjects() throws {
        let touching = try labels("1122...", "1122..3", "1122..3")
        #expect(
            touching.nearBordersBetweenObjects(within: 1)
                == (try mask(".##....", ".##....", ".##...."))
        )
        #expect(
            touching.nearBordersBetweenObjects(within: 2)
                == (try mask("######.", "######.", "######."))
        )
        let single = try labels(".....", ".11..", ".....")
        #expect(
            single.nearBordersBetweenObjects(within: 2)
                == (try mask(".....", ".....", "....."))
        )
    }
}

@Suite("Run-length masks")
struct RunLengthMaskTests {
    private func random(_ seed: Int) throws -> Raster<Bool> {
        var random = Random(seed: UInt64(seed))
        let size = Size(
            width: Int.random(in: 1...25, using: &random),
            height: Int.random(in: 1...25, using: &random)
        )
        let share = Int.random(in: 0...100, using: &random)
        return try Raster(
            size: size,
            samples: (0..<size.count).map { _ in Int.random(in: 0..<100, using: &random) < share }
        )
    }

    @Test("Masks survive the way to runs, counts and text and back", arguments: 0..<40)
    func roundTrips(seed: Int) throws {
        let image = try random(seed)
        let mask = try RunLengthMask(image)
        #expect(mask.raster() == image && mask.area == image.samples.filter { $0 }.count)
        let counts = mask.cocoCounts()
        #expect(counts.reduce(0, +) == image.size.count)
        #expect(try RunLengthMask(cocoCounts: counts, size: image.size) == mask)
        #expect(try RunLengthMask(cocoString: mask.cocoString(), size: image.size) == mask)
        let larger = Size(width: image.size.width + 7, height: image.size.height + 2)
        let placed = try mask.placed(x: 5, y: 1, in: larger)
        #expect(placed.area == mask.area)
        let region = Region(x: 5, y: 1, width: image.size.width, height: image.size.height)
        #expect(try placed.raster().cropped(to: region) == image)
        if let box = mask.boundingBox {
            let cropped = try image.cropped(to: box).samples.filter { $0 }.count
            #expect(cropped == mask.area)
        } else {
            #expect(mask.isEmpty)
        }
    }

    @Test("Counts go down the columns and begin with background")
    func counts() throws {
        let image = try RunLengthMask(mask("##.", "#.."))
        #expect(image.cocoCounts() == [0, 3, 3])
        #expect(image.cocoString() == "033")
        #expect(image.runs.map { [$0.start, $0.end] } == [[0, 2], [3, 4]])
        #expect(image.boundingBox == Region(x: 0, y: 0, width: 2, height: 2))
    }

    @Test("Overlaps are counted exactly")
    func overlaps() throws {
        let a = try RunLengthMask(mask("###..", "###.."))
        let b = try RunLengthMask(mask(".###.", "....."))
        #expect(a.intersectionArea(with: b) == 2)
        #expect(a.intersectionOverUnion(b) == 2.0 / 7)
        let nothing = try RunLengthMask(mask(".....", "....."))
        #expect(nothing.intersectionOverUnion(nothing) == 0)
    }

    @Test("Malformed codes are refused", arguments: [[3, 4], [7, -1], [Int.max, 1], [2, 2, 3]])
    func refuses(counts: [Int]) {
        let size = Size(width: 3, height: 2)
        #expect(throws: ImagingError.self) { try RunLengthMask(cocoCounts: counts, size: size) }
        for text in ["", "6 ", "oooooooooooooooo", "P"] {
            #expect(throws: ImagingError.self) { try RunLengthMask(cocoString: text, size: size) }
        }
    }
}

@Suite("Nuclei simulator")
struct NucleiSimulatorTests {
    @Test("The same seed gives the same image, another seed another one")
    func deterministic() throws {
        let settings = NucleiSimulator(size: Size(width: 97, height: 61), seed: 4)
        let other = NucleiSimulator(size: Size(width: 97, height: 61), seed: 5)
        #expect(try settings.simulate() == settings.simulate())
        #expect(try settings.simulate().labels != other.simulate().labels)
    }

    @Test("Nuclei are brighter than the background, in one piece each, and numbered without gaps")
    func truth() throws {
        let result = try NucleiSimulator(size: Size(width: 260, height: 181), seed: 11).simulate()
        let labels = result.labels.objectLabels()
        #expect(labels.count > 15 && labels == (1...UInt32(labels.count)).map { $0 })
        #expect(
            result.labels.splitIntoComponents(connectivity: .edgesAndCorners).objectCount
                == labels.count
        )
        let pairs = zip(result.image.samples, result.labels.labels)
        let inside = pairs.filter { $0.1 != 0 }.map { Double($0.0) }
        let outside = pairs.filter { $0.1 == 0 }.map { Double($0.0) }
        let contrast =
            inside.reduce(0, +) / Double(inside.count)
            / (outside.reduce(0, +) / Double(outside.count))
        #expect(contrast > 3)
        #expect(abs(Double(inside.count) / Double(result.image.samples.count) - 0.18) < 0.03)
    }

    @Test("Tiny images work, impossible settings are refused")
    func limits() throws {
        #expect(
            try NucleiSimulator(size: Size(width: 1, height: 1)).simulate().image.samples.count == 1
        )
        var settings = NucleiSimulator()
        settings.coverage = 0.9
        #expect(throws: ImagingError.self) { try settings.simulate() }
        #expect(throws: ImagingError.self) {
            try NucleiSimulator(size: Size(width: 1 << 40, height: 1 << 40)).simulate()
        }
    }
}
