import Foundation
import ImageFormats
import Imaging
import Testing

@Suite("Results")
struct ResultTests {
    @Test("Results in memory are those of the files, byte by byte")
    func memory() throws {
        let folder = try TemporaryFolder()
        let labels = ResultTests.labels
        try labels.writeCOCO(to: folder.file("a.json"), imageName: "a.png")
        #expect(try labels.cocoData(imageName: "a.png") == Data(contentsOf: folder.file("a.json")))
        try labels.writeGeoJSON(to: folder.file("a.geojson"))
        #expect(try labels.geoJSONData() == Data(contentsOf: folder.file("a.geojson")))
        try labels.writeImageJROIs(to: folder.file("a.zip"))
        #expect(try labels.imageJROIData() == Data(contentsOf: folder.file("a.zip")))
        let pixels = try Raster(
            size: Size(width: 130, height: 71),
            channels: 3,
            samples: (0..<130 * 71 * 3).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
        )
        let picture = AnyRaster.uint8(pixels)
        try picture.writePNG(to: folder.file("a.png"))
        #expect(try picture.pngData() == Data(contentsOf: folder.file("a.png")))
    }

    @Test("PNG in memory refuses what PNG cannot hold")
    func unfit() throws {
        let raster = try Raster(size: Size(width: 1, height: 2), samples: [Float(1), 2])
        #expect(throws: ImageFormatError.self) { try AnyRaster.float32(raster).pngData() }
    }

    @Test("COCO masks are those of the objects, and boxes and areas fit")
    func coco() throws {
        let folder = try TemporaryFolder()
        let labels = ResultTests.labels
        try labels.writeCOCO(
            to: folder.file("a.json"),
            imageName: "a \"b\".tif",
            scores: [3: 0.5]
        )
        let json =
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: folder.file("a.json"))
            ) as? [String: Any]
        let images = json?["images"] as? [[String: Any]]
        #expect(images?.first?["file_name"] as? String == "a \"b\".tif")
        let annotations = try #require(json?["annotations"] as? [[String: Any]])
        #expect(annotations.map { $0["id"] as? Int } == [1, 3, 5, 9])
        for annotation in annotations {
            let label = UInt32(try #require(annotation["id"] as? Int))
            let mask = RunLengthMask(label, of: labels)
            let segmentation = try #require(annotation["segmentation"] as? [String: Any])
            #expect(segmentation["counts"] as? String == mask.cocoString())
            #expect(annotation["area"] as? Int == mask.area)
            let box = try #require(mask.boundingBox)
            #expect(annotation["bbox"] as? [Int] == [box.x, box.y, box.width, box.height])
            #expect(annotation["score"] as? Double == (label == 3 ? 0.5 : nil))
        }
    }

    @Test("GeoJSON has one feature an object, with holes, parts and an offset")
    func geoJSON() throws {
        let folder = try TemporaryFolder()
        let options = GeoJSONOptions(classification: "Cell", originX: 100, originY: 50)
        try ResultTests.labels.writeGeoJSON(to: folder.file("a.geojson"), options: options)
        let json =
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: folder.file("a.geojson"))
            ) as? [String: Any]
        let features = try #require(json?["features"] as? [[String: Any]])
        let geometries = features.compactMap { $0["geometry"] as? [String: Any] }
        #expect(
            geometries.map { $0["type"] as? String } == [
                "Polygon", "Polygon", "MultiPolygon", "Polygon",
            ]
        )
        let ring = try #require(geometries[0]["coordinates"] as? [[[Int]]])
        #expect(ring.count == 1 && ring[0].first == ring[0].last)
        #expect(Set(ring[0]) == [[100, 50], [101, 50], [101, 57], [100, 57]])
        #expect((geometries[1]["coordinates"] as? [[[Int]]])?.count == 2)
    }

    @Test("ImageJ regions are read back with their names, outlines and slice")
    func regions() throws {
        let folder = try TemporaryFolder()
        let labels = ResultTests.labels
        try labels.writeImageJROIs(to: folder.file("a.zip"), slice: 4)
        let regions = try ImageJRegion.read(from: folder.file("a.zip"))
        #expect(regions.map(\.name) == ["1", "3", "5", "9"])
        #expect(regions.allSatisfy { $0.slice == 4 })
        let polygons = labels.polygons()
        #expect(regions[0].shape == .polygon(polygons[0].outline))
        guard case .composite(let rings) = regions[1].shape else {
            Issue.record("an object with a hole is a composite region")
            return
        }
        let ring = try #require(polygons.first { $0.label == 3 })
        #expect(rings == [ring.outline] + ring.holes)
    }

    @Test("Regions of every kind are read, and damaged ones are an error")
    func regionKinds() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("a.roi")
        var bytes = Array("Iout".utf8) + [0, 228, 10, 0] + [0, 5, 0, 7, 0, 9, 0, 10, 0, 2]
        bytes += [UInt8](repeating: 0, count: 46) + [0, 0, 0, 3, 0, 4, 0, 0]
        try Data(bytes).write(to: file)
        let points = try ImageJRegion.read(from: file)[0].shape
        #expect(points == .points([Point(x: 7, y: 9), Point(x: 10, y: 5)]))
        for (kind, shape) in [
            (1, ImageJRegion.Shape.rectangle(Box(minX: 7, minY: 5, maxX: 10, maxY: 9))),
            (2, .oval(Box(minX: 7, minY: 5, maxX: 10, maxY: 9))),
        ] {
            bytes[6] = UInt8(kind)
            try Data(bytes).write(to: file)
            #expect(try ImageJRegion.read(from: file)[0].shape == shape)
        }
        try ResultTests.labels.writeImageJROIs(to: folder.file("a.zip"))
        let archive = [UInt8](try Data(contentsOf: folder.file("a.zip")))
        let seed = UInt64.random(in: 0...(.max))
        print("damaged archives of regions with the seed \(seed)")
        var generator = SplitMix64(seed: seed)
        for _ in 0..<500 {
            var damaged = archive
            for _ in 0..<4 {
                let position = Int.random(in: 4..<damaged.count, using: &generator)
                damaged[position] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &generator) ?? 0
            }
            if Bool.random(using: &generator) {
                damaged.removeLast(Int.random(in: 1..<100, using: &generator))
            }
            try Data(damaged).write(to: file)
            do { _ = try ImageJRegion.read(from: file) } catch { #expect(!error.problem.isEmpty) }
        }
    }

    @Test("A table has physical columns where the size of a pixel is known")
    func table() throws {
        let objects = try ResultTests.labels.measurements(
            of: .uint8(Raster(repeating: 4, size: ResultTests.labels.size))
        )
        var table = ObjectTable(
            objects,
            physicalSize: PhysicalSize(x: 0.5, y: 0.5, unit: "\u{B5}m"),
            channelNames: ["DAPI, blue"]
        )
        table.extraColumns = [("score", [1: 0.25])]
        let lines = table.csv.split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines[0].hasPrefix("label,area,centroid_x,"))
        #expect(lines[0].hasSuffix("\"mean_intensity_DAPI, blue\",score"))
        let cells = lines[1].split(separator: ",", omittingEmptySubsequences: false)
        #expect(cells.count == table.columns.count)
        #expect(
            cells[1] == "7" && cells[3] == "3"
                && cells[table.columns.firstIndex(of: "area_um2") ?? 0] == "1.75"
        )
        #expect(cells.last == "0.25" && cells[cells.count - 2] == "4")
        #expect(lines[2].hasSuffix(",4,"))
        table.channelNames = ["two\r\nlines"]
        #expect(table.rows.count == 4 && table.rows.allSatisfy { $0.count == table.columns.count })
        #expect(table.csv.hasPrefix(table.columns.dropLast(2).joined(separator: ",") + ",\"mean"))
    }

    @Test(
        "Labels are added to an OME-Zarr, chunk by chunk, and read back",
        arguments: [OMEZarrLabelWriter.Options.Version.v04, .v05]
    )
    func omeZarr(version: OMEZarrLabelWriter.Options.Version) throws {
        let folder = try TemporaryFolder()
        let url = folder.file("labels.ome.zarr")
        let axes = ImageAxes(z: 3, y: 13, x: 17)
        let options = OMEZarrLabelWriter.Options(
            version: version,
            chunkSide: 8,
            physicalSize: PhysicalSize(x: 0.5, y: 0.25, z: 2, unit: "\u{B5}m")
        )
        let writer = try OMEZarrLabelWriter(creating: url, axes: axes, options: options)
        let labels = ResultTests.labels
        try writer.write(labels, to: PlaneIndex(z: 1))
        let again = try OMEZarrLabelWriter(creating: url, axes: axes, options: options)
        try again.write(
            LabelImage(size: Size(width: 1, height: 1), labels: [77]),
            to: PlaneIndex(z: 2),
            in: Region(x: 16, y: 12, width: 1, height: 1)
        )
        try again.finish()
        let found = try ImageSource(opening: url)
        #expect(found.description.axes == axes)
        #expect(found.description.format == "OME-Zarr \(version.rawValue)")
        #expect(found.description.physicalSize == options.physicalSize)
        #expect(try found.readLabels(PlaneIndex(z: 1)) == labels)
        #expect(try found.readLabels(PlaneIndex(z: 2)).labels.reduce(0, +) == 77)
        let inside = try OMEZarrLabelWriter(addingTo: url, name: "cells", axes: axes)
        try inside.write(labels)
        try inside.finish()
        #expect(try ImageSource(opening: url).description.labelNames == ["cells"])
        let cells = try ImageSource(opening: url, options: .init(dataset: "labels/cells"))
        #expect(try cells.readLabels() == labels)
        #expect(throws: ImageFormatError.self) {
            try OMEZarrLabelWriter(creating: url, axes: ImageAxes(y: 5, x: 5))
        }
    }

    /// 17 x 13: a column at the left edge, a ring, an object of two parts, and the last pixel.
    static let labels: LabelImage = {
        var labels = LabelImage(size: Size(width: 17, height: 13))
        for y in 0..<7 { labels[x: 0, y: y] = 1 }
        for y in 2..<7 { for x in 4..<10 where !(y == 4 && x == 6) { labels[x: x, y: y] = 3 } }
        for x in 2..<5 { labels[x: x, y: 9] = 5 }
        for y in 0..<13 { for x in 13..<15 { labels[x: x, y: y] = 5 } }
        labels[x: 16, y: 12] = 9
        return labels
    }()
}
