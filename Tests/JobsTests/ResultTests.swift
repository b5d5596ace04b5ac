import Foundation
import ImageFormats
import Imaging
import JobSamples
import Jobs
import Prompting
import Segmentation
import Synchronization
import Testing

@Suite("Results of images with several planes, and in several forms")
struct ResultTests {
    /// Writes a stack of t, z, c whose planes have a bright square each; the last one is empty.
    private func writeStack(_ place: Workplace, _ axes: ImageAxes, to name: String) throws -> String
    {
        try place.write(to: name)
        var writer = try TIFFWriter(
            creating: URL(filePath: place.path(name)),
            axes: axes,
            sampleType: .uint8,
            options: .init(physicalSize: PhysicalSize(x: 0.5, y: 0.5, z: 2, unit: "\u{B5}m"))
        )
        let count = axes.t * axes.z * axes.c
        for number in 0..<count {
            var plane = Raster<UInt8>(repeating: 10, size: Size(width: axes.x, height: axes.y))
            if number < count - 1 {
                for y in 2..<9 { for x in 3..<10 { plane[x: (x + number) % axes.x, y: y] = 200 } }
            }
            try writer.append(.uint8(plane))
        }
        try writer.finish()
        return place.path(name)
    }

    @Test("Every plane is segmented for itself; an empty one has no objects")
    func eachPlane() async throws {
        let place = try Workplace()
        let axes = ImageAxes(t: 2, z: 3, y: 17, x: 23)
        let input = try writeStack(place, axes, to: "stack.tif")
        let kinds: [ResultKind] = [.tiff, .omeZarr, .table]
        let item = BatchItem(
            input: input,
            results: kinds.map { ResultFile($0, place.path("out/stack" + $0.ending)) }
        )
        var settings = SegmentationBatch.Settings()
        settings.segmentation.segmentsEachPlane = true
        let result = await run([item], settings)
        #expect(result.report.errors == [])
        #expect(result.report.counts.objects == 5 && result.report.files[0].planes == 6)
        for file in item.results.prefix(2) {
            let source = try ImageSource(opening: URL(filePath: file.path))
            #expect(source.description.axes == axes)
            #expect(source.description.physicalSize.x == 0.5)
            for t in 0..<2 {
                for z in 0..<3 {
                    let labels = try source.readLabels(PlaneIndex(t: t, z: z))
                    let number = t * 3 + z
                    #expect(Int(labels.labels.max() ?? 0) == (number == 5 ? 0 : 1))
                    #expect(number == 5 || labels[x: 6 + number, y: 5] == 1)
                }
            }
        }
        let table = try String(contentsOfFile: item.results[2].path, encoding: .utf8)
        let lines = table.split(separator: "\n")
        #expect(lines.count == 6 && lines[0].hasPrefix("t,z,label,area"))
        #expect(lines[0].hasSuffix("mean_intensity_0,image,model,usam"))
        #expect(lines[4].hasPrefix("1,0,1,") && lines[4].contains(",200,stack.tif,,"))
        #expect(try place.files(in: "out").allSatisfy { !$0.contains("usam-part") })
    }

    @Test("Outlines, masks, regions and pictures of a stack have a place for each plane")
    func stackForms() async throws {
        let place = try Workplace()
        for axes in [ImageAxes(t: 2, z: 3, y: 17, x: 23), ImageAxes(z: 4, y: 17, x: 23)] {
            let name = "stack\(axes.t)"
            let input = try writeStack(place, axes, to: "\(name).tif")
            var request = OutputPlan.Request(
                output: place.path("out"),
                formats: [.geoJSON, .coco, .imageJRegions],
                drawsOverlay: true
            )
            request.segmentsEachPlane = true
            let item = try OutputPlan(InputList([input]), request).items[0]
            var settings = SegmentationBatch.Settings()
            settings.segmentation.segmentsEachPlane = true
            let result = await run([item], settings)
            #expect(result.report.errors == [])
            let objects = axes.t * axes.z - 1
            func json(_ file: String) throws -> [String: Any] {
                let data = try Data(contentsOf: URL(filePath: place.path("out/\(name)\(file)")))
                return try #require(
                    try JSONSerialization.jsonObject(with: data) as? [String: Any]
                )
            }
            let features = try #require(try json(".geojson")["features"] as? [[String: Any]])
            let planes = features.compactMap {
                ($0["geometry"] as? [String: Any])?["plane"] as? [String: Int]
            }
            #expect(planes.count == objects)
            #expect(planes[0] == ["c": -1, "z": 0, "t": 0] && planes[2]["z"] == 2)
            #expect(planes.last?["t"] == axes.t - 1)
            let coco = try json(".coco.json")
            let images = try #require(coco["images"] as? [[String: Any]])
            #expect(images.count == axes.t * axes.z && images[2]["z"] as? Int == 2)
            let annotations = try #require(coco["annotations"] as? [[String: Any]])
            #expect(Set(annotations.compactMap { $0["id"] as? Int }).count == objects)
            #expect(annotations.last?["image_id"] as? Int == objects)
            let regions = try ImageJRegion.read(
                from: URL(filePath: place.path("out/\(name)_rois.zip"))
            )
            #expect(regions.map(\.slice) == Array(1...objects))
            #expect(regions[0].name == "0001-1")
            let last = try #require(regions.last).position
            let expected = axes.t > 1 ? [1, 2, 2] : [0, 0, 0]
            let found: [Int] = [last.c, last.z, last.t]
            #expect(found == expected)
            let pictures = try ImageSource(
                opening: URL(filePath: place.path("out/\(name)_overlay.tif"))
            )
            #expect(pictures.description.axes == axes)
            #expect(try pictures.read(PlaneIndex(z: 1)).channels == 3)
        }
    }

    @Test("A name that ends in .ome.tif is an OME-TIFF, of one plane and of a stack")
    func omeTIFF() async throws {
        let place = try Workplace()
        let stack = try writeStack(place, ImageAxes(t: 2, z: 3, y: 17, x: 23), to: "stack.tif")
        let plane = try place.writeImage("plane.tif")
        for (input, output) in [(stack, "labels.ome.tif"), (plane, "one.OME.TIFF")] {
            let request = OutputPlan.Request(output: place.path(output), formats: [.tiff, .table])
            let item = try OutputPlan(InputList([input]), request).items[0]
            #expect(item.results[1].path.hasSuffix(output.prefix { $0 != "." } + ".csv"))
            var settings = SegmentationBatch.Settings()
            settings.segmentation.segmentsEachPlane = true
            #expect(await run([item], settings).report.errors == [])
            let bytes = try Data(contentsOf: URL(filePath: item.output))
            #expect(bytes.range(of: Data("<OME xmlns".utf8)) != nil)
            #expect(bytes.range(of: Data("ImageJ=".utf8)) == nil)
            let source = try ImageSource(opening: URL(filePath: item.output))
            #expect(source.description.axes.t == (input == stack ? 2 : 1))
            if input == stack {
                #expect(source.description.axes.z == 3)
                #expect(source.description.physicalSize.x == 0.5)
                #expect(source.description.physicalSize.unit == "\u{B5}m")
                let labels = try source.readLabels(PlaneIndex(t: 1, z: 0))
                #expect(labels[x: 9, y: 5] == 1)
            }
        }
    }

    @Test("A stack without a choice is refused, with a way out")
    func undecided() async throws {
        let place = try Workplace()
        let input = try writeStack(place, ImageAxes(c: 2, z: 3, y: 9, x: 11), to: "stack.tif")
        let item = BatchItem(input: input, output: place.path("l.tif"))
        let undecided = await run([item])
        let error = try #require(undecided.report.errors.first)
        #expect(error.hasSuffix("has 2 channels and 3 slices; choose a channel and a slice"))
        var settings = SegmentationBatch.Settings()
        settings.segmentation.segmentsEachPlane = true
        let undecidedChannel = await run([item], settings)
        let each = try #require(undecidedChannel.report.errors.first)
        #expect(each.hasSuffix("choose a channel"))
    }

    @Test("Channels are chosen by name, and several become the colours that the model sees")
    func channels() throws {
        let axes = ImageAxes(c: 3, z: 2, y: 5, x: 7)
        let names = ["DAPI", "GFP", "gfp"]
        var selection = PlaneSelection(z: 1)
        selection.channels = [.name("dapi")]
        let grid = try selection.grid(of: axes, channelNames: names, file: "a.tif")
        #expect(grid.indices == [PlaneIndex(c: 0, z: 1)])
        selection.channels = [.name("GFP")]
        #expect(throws: PlaneError.self) {
            try selection.grid(of: axes, channelNames: names, file: "a.tif")
        }
        selection.channels = [.name("Cy5")]
        let error = #expect(throws: PlaneError.self) {
            try selection.grid(of: axes, channelNames: names, file: "a.tif")
        }
        #expect(error?.description.contains("its channels are DAPI, GFP, gfp") == true)
        let place = try Workplace()
        let file = try writeStack(place, ImageAxes(c: 3, y: 17, x: 23), to: "c.tif")
        var two = PlaneSelection()
        two.channels = [.number(1), .number(0)]
        let image = try PlaneSource(opening: file, two).read()
        guard case .uint8(let raster) = image else {
            Issue.record("read as \(image.sampleType)")
            return
        }
        #expect(raster.channels == 2)
        #expect(raster[x: 10, y: 2, channel: 0] == 200 && raster[x: 10, y: 2, channel: 1] == 10)
        let prepared = try image.normalizedRGB()
        #expect(prepared.channels == 3 && prepared[x: 4, y: 3, channel: 0] == 255)
    }

    @Test("One colour of an RGB image can be chosen")
    func colours() throws {
        let place = try Workplace()
        let samples = (0..<(5 * 3 * 3)).map { UInt8($0) }
        let image = try Raster(size: Size(width: 5, height: 3), channels: 3, samples: samples)
        try AnyRaster.uint8(image).writePNG(to: URL(filePath: place.path("rgb.png")))
        var green = PlaneSelection()
        green.channels = [.name("green")]
        let source = try PlaneSource(opening: place.path("rgb.png"), green).read()
        guard case .uint8(let raster) = source else {
            Issue.record("read as \(source.sampleType)")
            return
        }
        #expect(raster.samples == stride(from: 1, to: 45, by: 3).map { UInt8($0) })
        green.channels = [.number(3)]
        #expect(throws: PlaneError.self) {
            try PlaneSource(opening: place.path("rgb.png"), green)
        }
    }

    @Test("All forms are written with the names of the image, and the file's own name decides")
    func names() throws {
        let inputs = try InputList(["x/cell.png"])
        var all = OutputPlan.Request(output: "out", formats: ResultKind.formats, drawsOverlay: true)
        all.isVolume = true
        let paths = try OutputPlan(inputs, all).items[0].results.map(\.path)
        #expect(
            paths == [
                "out/cell.tif", "out/cell.ome.zarr", "out/cell.coco.json", "out/cell.geojson",
                "out/cell_rois.zip", "out/cell.csv", "out/cell_stl", "out/cell.obj",
                "out/cell_overlay.png",
            ]
        )
        for (output, kind) in [
            ("a.geojson", ResultKind.geoJSON), ("b/a.csv", .table), ("a.zip", .imageJRegions),
            ("a.json", .coco), ("a.zarr", .omeZarr), ("a.ome.zarr", .omeZarr), ("a.TIF", .tiff),
        ] {
            let plan = try OutputPlan(inputs, OutputPlan.Request(output: output))
            #expect(plan.items[0].results == [ResultFile(kind, output)] && plan.folder == nil)
        }
        let both = OutputPlan.Request(output: "a.tiff", formats: [.table, .tiff])
        #expect(
            try OutputPlan(inputs, both).items[0].results
                == [ResultFile(.table, "a.csv"), ResultFile(.tiff, "a.tiff")]
        )
    }

    @Test("An existing label image as OME-Zarr is replaced as a whole")
    func replaceFolder() async throws {
        let place = try Workplace()
        let input = try place.writeImage("a.tif")
        try place.write([1], to: "a.ome.zarr/old/chunk")
        try place.write(Array(#"{"zarr_format": 2}"#.utf8), to: "a.ome.zarr/.zgroup")
        try place.write(Array(#"{"image-label": {}}"#.utf8), to: "a.ome.zarr/.zattrs")
        let item = BatchItem(
            input: input,
            results: [ResultFile(.omeZarr, place.path("a.ome.zarr"))]
        )
        var settings = SegmentationBatch.Settings()
        settings.replacesResults = true
        let result = await run([item], settings)
        #expect(result.report.counts.segmented == 1)
        #expect(try place.files().allSatisfy { !$0.contains("old") && !$0.contains("part") })
        let labels = try ImageSource(opening: URL(filePath: item.output)).readLabels()
        #expect(labels.size == Size(width: 61, height: 40) && labels.labels.max() == 2)
    }

    @Test("A stack goes on with 32 bits where a plane has more than 65535 objects")
    func wideStack() async throws {
        let place = try Workplace()
        let axes = ImageAxes(z: 3, y: 270, x: 260)
        let input = try writeStack(place, axes, to: "stack.tif")
        let kinds: [ResultKind] = [.tiff, .omeZarr]
        let item = BatchItem(
            input: input,
            results: kinds.map { ResultFile($0, place.path("out/stack" + $0.ending)) }
        )
        var settings = SegmentationBatch.Settings()
        settings.segmentation.segmentsEachPlane = true
        let result = await run([item], settings) { PixelSegmenter() }
        #expect(result.report.errors == [])
        for file in item.results {
            let source = try ImageSource(opening: URL(filePath: file.path))
            #expect(source.description.sampleType == .uint32)
            // Planes of few objects come before the one with many, and an empty one after it.
            let largest = try (0..<3).map { try source.readLabels(PlaneIndex(z: $0)).labels.max() }
            #expect(largest == [7, 270 * 260, 0])
        }
        #expect(try place.files(in: "out").allSatisfy { !$0.contains("usam-part") })
    }
}

/// Seven objects in the first plane that it sees, and one for each pixel in the next.
private final class PixelSegmenter: BatchSegmenter {
    private let count = Mutex(0)

    func predict(_ plane: BatchPlane, _ clock: inout StageClock) throws -> RemainingWork {
        let number = count.withLock { count in
            count += 1
            return count
        }
        let size = plane.size
        let labels = (1...UInt32(size.count)).map { number == 1 ? min($0, 7) : $0 }
        return { .whole(try LabelImage(size: size, labels: labels)) }
    }
}
