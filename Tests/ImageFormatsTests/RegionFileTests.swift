import Files
import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Prompting
import Testing

@Suite("Files of outlined objects")
struct RegionFileTests {
    private func read(_ text: String, image: String? = nil) throws -> RegionFile {
        try RegionFile(Array(text.utf8), file: "objects.json", image: image)
    }

    private func labels(_ file: RegionFile, _ size: Size) throws -> LabelImage {
        try file.labels(ImageAxes(y: size.height, x: size.width))
    }

    // MARK: - Labels

    @Test("What is written is read again as the same labels", arguments: 0..<6)
    func roundTrip(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let size = Size(width: 31 + seed, height: 22)
        var image = LabelImage(size: size)
        for label in 1...9 as ClosedRange<UInt32> {
            let (x, y) = (Int(random.next() % 25), Int(random.next() % 16))
            for row in y..<y + 6 {
                for column in x..<x + 6 where random.next() % 4 > 0 {
                    image[x: column, y: row] = label * 3
                }
            }
        }
        let folder = try TemporaryFolder()
        try image.writeGeoJSON(to: folder.file("a.geojson"))
        try image.writeCOCO(to: folder.file("a.json"), imageName: "a.tif")
        try image.writeImageJROIs(to: folder.file("a.zip"))
        try image.writeTIFF(to: folder.file("a.tif"))
        for name in ["a.geojson", "a.json", "a.zip"] {
            let axes = ImageAxes(y: size.height, x: size.width)
            let file = try LabelFile(opening: folder.file(name).path, for: axes)
            #expect(file.isOutlines && file.axes == axes)
            #expect(try file.read() == image, "\(name)")
            let part = Region(x: 3, y: 5, width: 20, height: 11)
            #expect(try file.read(region: part) == image.cropped(to: part))
        }
        // COCO tells the size itself.
        let own = try LabelFile(opening: folder.file("a.json").path)
        #expect(own.axes == ImageAxes(y: size.height, x: size.width))
        #expect(try !LabelFile(opening: folder.file("a.tif").path).isOutlines)
    }

    @Test("Outlines are labels of an annotated image, wherever labels are asked for")
    func annotatedImage() throws {
        let folder = try TemporaryFolder()
        let size = Size(width: 12, height: 9)
        let pixels = try Raster(size: size, samples: (0..<size.count).map { UInt8($0) })
        try AnyRaster.uint8(pixels).writePNG(to: folder.file("a.png"))
        try Data(
            """
            [{"type": "Feature", "geometry": {"type": "Polygon", "coordinates":
             [[[2, 1], [5, 1], [5, 4], [2, 4], [2, 1]]]}, "properties": {}}]
            """.utf8
        ).write(to: folder.file("a.geojson"))
        let pair = AnnotatedImage(
            image: folder.file("a.png").path,
            labels: folder.file("a.geojson").path
        )
        let planes = try AnnotatedPlanes(opening: pair)
        let found = try planes.labels(plane: 0)
        #expect(found.labels.count { $0 == 1 } == 9 && found[x: 2, y: 1] == 1)
        #expect(found[x: 5, y: 1] == 0 && found[x: 4, y: 3] == 1)
    }

    @Test("GeoJSON in the forms that programs write")
    func geoJSON() throws {
        let square = "[[1, 1], [4, 1], [4, 3], [1, 3], [1, 1]]"
        let polygon = #"{"type": "Polygon", "coordinates": [\#(square)]}"#
        let feature = #"{"type": "Feature", "geometry": \#(polygon), "properties": {"name": "a"}}"#
        let forms = [
            polygon, feature, "[\(feature)]",
            #"{"type": "FeatureCollection", "features": [\#(feature)], "crs": {"x": [1, {}]}}"#,
            #"{"features": [\#(feature)], "type": "FeatureCollection"}"#,
            #"{"type": "GeometryCollection", "geometries": [\#(polygon)]}"#,
            #"{"type": "MultiPolygon", "coordinates": [[\#(square)]]}"#,
        ]
        for form in forms {
            let file = try read(form)
            #expect(
                file.objects.map(\.shape) == [.rectangle(Box(minX: 1, minY: 1, maxX: 4, maxY: 3))]
            )
            #expect(try labels(file, Size(width: 6, height: 5)).labels.count { $0 == 1 } == 6)
        }
        let qupath = try read(
            """
            {"type": "FeatureCollection", "features": [
             {"type": "Feature", "id": "x", "geometry": {"type": "Polygon", "coordinates":
               [[[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]], [[2, 2], [2, 5], [5, 5], [5, 2], [2, 2]]],
               "plane": {"c": -1, "z": 3, "t": 1}},
              "nucleusGeometry": {"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2], [1, 1]]]},
              "properties": {"objectType": "cell", "classification": {"name": "Tumor", "color": [1, 2, 3]},
               "measurements": [{"name": "label", "value": 12}]}},
             {"type": "Feature", "geometry": null, "properties": {}}]}
            """
        )
        #expect(qupath.objects.count == 1 && qupath.leftOut == [.empty(count: 1)])
        #expect(qupath.objects[0].place == ObjectPlace(z: 3, t: 1))
        #expect(qupath.objects[0].category == "Tumor" && qupath.objects[0].number == 12)
        let stack = ImageAxes(t: 2, z: 5, y: 10, x: 11)
        #expect(try qupath.labels(stack, t: 1, z: 3).labels.count { $0 == 12 } == 72)
        #expect(try qupath.labels(stack, t: 1, z: 2).labels.allSatisfy { $0 == 0 })
        // On an image of one plane, a single plane is all there can be.
        #expect(try labels(qupath, Size(width: 10, height: 10)).labels.count { $0 == 12 } == 72)
    }

    @Test("COCO: outlines, masks, boxes, crowds, several images")
    func coco() throws {
        let text = """
            {"annotations": [
              {"id": 5, "image_id": 2, "category_id": 7, "segmentation": [[1, 1, 4, 1, 4, 4, 1, 4]]},
              {"id": 6, "image_id": 2, "segmentation": {"size": [6, 8], "counts": [36, 3, 9]}},
              {"id": 7, "image_id": 2, "bbox": [0, 5, 2, 1], "segmentation": []},
              {"id": 8, "image_id": 2, "iscrowd": 1, "segmentation": {"size": [6, 8], "counts": [48]}},
              {"id": 9, "image_id": 1, "bbox": [0, 0, 3, 3]}],
             "images": [{"id": 1, "file_name": "x/first.png", "width": 9, "height": 9},
                        {"id": 2, "file_name": "x/second.png", "width": 8, "height": 6}],
             "categories": [{"id": 7, "name": "nucleus"}]}
            """
        let file = try read(text, image: "other/second.tif")
        #expect(file.objects.map(\.number) == [5, 6, 7] && file.objects[0].category == "nucleus")
        #expect(file.imageSize == Size(width: 8, height: 6))
        #expect(file.leftOut == [.otherImages(count: 1), .crowds(count: 1)])
        let found = try labels(file, Size(width: 8, height: 6))
        #expect(found.labels.count { $0 == 5 } == 9)
        #expect((0..<3).allSatisfy { found[x: 6, y: $0] == 6 } && found[x: 6, y: 3] == 0)
        #expect(found[x: 0, y: 5] == 7 && found[x: 1, y: 5] == 7 && found[x: 2, y: 5] == 0)
        let error = #expect(throws: ImageFormatError.self) { try read(text, image: "third.tif") }
        #expect(error?.description.contains("'x/first.png', 'x/second.png'") == true)
    }

    @Test("One COCO file is the labels of many images")
    func cocoOfManyImages() throws {
        let folder = try TemporaryFolder()
        let text = """
            {"images": [{"id": 1, "file_name": "a.png", "width": 4, "height": 3},
                        {"id": 2, "file_name": "b.png", "width": 5, "height": 3}],
             "annotations": [{"image_id": 2, "bbox": [0, 0, 2, 2]}, {"image_id": 1, "bbox": [1, 1, 2, 1]}]}
            """
        try Data(text.utf8).write(to: folder.file("all.json"))
        let labels = folder.file("all.json").path
        let found = try ImagePairing(images: ["x/b.tif", "x/a.tif"], labels: [labels])
        #expect(found.matching == .name && found.pairs.map(\.labels) == [labels, labels])
        #expect(throws: DataSetError.self) {
            try ImagePairing(images: ["x/b.tif", "x/c.tif"], labels: [labels])
        }
        let second = try LabelFile(opening: labels, image: "x/b.tif")
        #expect(try second.axes.x == 5 && second.read().labels.count { $0 > 0 } == 4)
        #expect(try LabelFile(opening: labels + "#a.png").read().labels.count { $0 > 0 } == 2)
    }

    @Test("Smaller objects lie on larger ones, whatever their order", arguments: [false, true])
    func overlap(isReversed: Bool) throws {
        let boxes = [(0.0, 8.0), (2, 6), (3, 5)]
        let features = (isReversed ? boxes.reversed() : boxes).map { low, high in
            #"{"type": "Polygon", "coordinates": [[[\#(low), \#(low)], [\#(high), \#(low)], "#
                + #"[\#(high), \#(high)], [\#(low), \#(high)]]]}"#
        }.map { #"{"type": "Feature", "geometry": \#($0)}"# }
        let file = try read("[" + features.joined(separator: ",") + "]")
        let sizes = try labels(file, Size(width: 9, height: 9)).labels.reduce(into: [:]) {
            $0[$1, default: 0] += 1
        }
        #expect(sizes == (isReversed ? [0: 17, 1: 4, 2: 12, 3: 48] : [0: 17, 1: 48, 2: 12, 3: 4]))
    }

    @Test(
        "What can be no labels of the image is refused and explained",
        arguments: [
            (#"{"type": "Point", "coordinates": [1, 2]}"#, "no object in it has an area"),
            (#"{"type": "Polygon", "coordinates": [[[50, 1], [60, 1], [60, 9]]]}"#, "outside"),
            (#"{"type": "Polygon", "coordinates": [[1, 2]]}"#, "coordinates"),
            (#"{"type": "Polygon", "coordinates": [[["a", 2]]]}"#, "two numbers"),
            (#"{"type": "Curve", "coordinates": [[1, 2]]}"#, "'Curve'"),
            (#"{"annotations": [{"segmentation": {"size": [2, 3], "counts": "zz"}}]}"#, "6 x 5"),
            (#"{"annotations": [{"segmentation": {"size": [5, 6], "counts": "zz"}}]}"#, "damaged"),
            (#"{"annotations": [{"segmentation": [[1, 2, 3]]}]}"#, "odd"),
            (#"{"annotations": [{"segmentation": {"size": [5, 6], "counts": [-3]}}]}"#, "runs"),
            (#"{"cells": 3}"#, "neither GeoJSON nor COCO"), ("[{", "invalid JSON"),
            (
                #"[{"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4]]], "plane": {"z": 1}}},"#
                    + #"{"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4]]], "plane": {"z": 2}}}]"#,
                "several planes"
            ),
        ]
    )
    func refused(text: String, mention: String) throws {
        let error = #expect(throws: ImageFormatError.self) {
            _ = try labels(read(text), Size(width: 6, height: 5))
        }
        #expect(error?.description.contains(mention) == true, "\(error?.description ?? "")")
    }

    // MARK: - Regions of ImageJ

    private static func left(of object: OutlinedObject) -> Double? {
        guard case .polygons(let polygons) = object.shape else { return nil }
        return polygons.joined().joined().map(\.x).min()
    }

    private func archive(_ entries: [(String, [UInt8])]) throws -> RegionFile {
        let folder = try TemporaryFolder()
        var writer = try ZipWriter(replacing: folder.file("a.zip").path)
        for (name, bytes) in entries { try writer.append(name, bytes) }
        try writer.commit()
        return try RegionFile(opening: folder.file("a.zip").path)
    }

    @Test("Regions beyond 32 767 pixels, and those that begin beside the image")
    func far() throws {
        for (left, expected) in [(40000, 40000.0), (65000, 65000), (65530, -6), (20, 20)] {
            let box = (top: 40, left: left, bottom: 60, right: (left + 30) & 0xFFFF)
            let rectangle = RegionSample.bytes(type: 1, box: box)
            let file = try RegionFile(rectangle, file: "a.roi")
            #expect(
                file.objects[0].shape
                    == .rectangle(Box(minX: expected, minY: 40, maxX: expected + 30, maxY: 60))
            )
            let corners = [(left, 40), (left + 30, 40), (left, 60)].map { (x: $0.0, y: $0.1) }
            let polygon = try RegionFile(
                RegionSample.bytes(type: 0, box: box, points: corners),
                file: "a.roi"
            )
            #expect(Self.left(of: polygon.objects[0]) == expected)
        }
    }

    @Test("Text, images and arrows are no objects; ellipses are, with or without their outline")
    func subtypes() throws {
        let box = (top: 2, left: 3, bottom: 12, right: 23)
        let file = try archive([
            ("t.roi", RegionSample.bytes(type: 1, subtype: 1, box: box)),
            ("i.roi", RegionSample.bytes(type: 1, subtype: 4, box: box)),
            ("a.roi", RegionSample.bytes(type: 3, subtype: 2, box: box, line: [1, 2, 3, 4])),
            (
                "e.roi",
                RegionSample.bytes(type: 7, subtype: 3, box: box, line: [3, 7, 23, 7], ratio: 0.5)
            ),
        ])
        #expect(file.objects.map(\.name) == ["e"] && file.leftOut == [.decorations(count: 3)])
        let area = try labels(file, Size(width: 30, height: 20)).labels.count { $0 > 0 }
        #expect(abs(Double(area) - 50 * .pi) < 8)
    }

    @Test("Hidden files of other systems in an archive are passed over")
    func hiddenFiles() throws {
        let region = RegionSample.bytes(type: 1, box: (top: 2, left: 3, bottom: 12, right: 23))
        let file = try archive([
            ("cells/1.roi", region), ("__MACOSX/cells/._1.roi", [0, 5, 22, 7]),
            ("cells/.DS_Store", [1]), ("cells/._2.ROI", [1, 2]), ("Thumbs.db", [3]),
            ("cells/2.ROI", region),
        ])
        #expect(file.objects.map(\.name) == ["1", "2"])
    }

    @Test("The slice and the place in a hyperstack are those of the object")
    func places() throws {
        let box = (top: 2, left: 3, bottom: 5, right: 8)
        let file = try archive([
            ("1.roi", RegionSample.bytes(type: 1, box: box)),
            ("2.roi", RegionSample.bytes(type: 1, box: box, slice: 6)),
            ("3.roi", RegionSample.bytes(type: 1, box: box, slice: 9, position: (2, 3, 0))),
        ])
        #expect(
            file.objects.map(\.place) == [
                ObjectPlace(), ObjectPlace(stack: 5), ObjectPlace(z: 2, channel: 1),
            ]
        )
        // Of two channels, the sixth plane is the second of the third slice.
        let axes = ImageAxes(c: 2, z: 4, y: 9, x: 10)
        let counts = try (0..<4).map { z in
            Set(try file.labels(axes, z: z).labels).subtracting([0]).sorted()
        }
        #expect(counts.map(\.count) == [1, 1, 1, 1] && counts[0] == [1])
        #expect(counts[2] == [3] || counts[2] == [2])
    }
}
