import Files
import Foundation
import ImageFormats
import Imaging
import JobSamples
import Jobs
import Prompting
import Synchronization
import Testing

@Suite("Segmentation batch")
struct SegmentationBatchTests {
    @Test("Labels and overlay are written, with the times of all steps")
    func wholePath() async throws {
        let place = try Workplace()
        let item = BatchItem(
            input: try place.writeImage("cells.png"),
            output: place.path("out/cells.tif"),
            overlay: place.path("pictures/cells_overlay.png")
        )
        let result = await run([item])
        #expect(result.report.counts.segmented == 1 && result.report.counts.objects == 2)
        let times = try #require(result.report.files.first).seconds
        #expect(Set(times.seconds.keys) == Set(WorkStage.allCases))
        #expect(result.report.files[0].outputs == [item.output, item.overlay])
        let labels = try ImageSource(opening: URL(filePath: item.output)).read()
        guard case .uint16(let raster) = labels else {
            Issue.record("labels of type \(labels.sampleType)")
            return
        }
        #expect(raster.size == Size(width: 61, height: 40))
        #expect(raster[x: 12, y: 9] == 1 && raster[x: 40, y: 25] == 2 && raster[x: 0, y: 0] == 0)
        #expect(try place.files(in: "pictures") == ["cells_overlay.png"])
    }

    @Test("One bad file does not stop the others, and leaves nothing behind")
    func oneBadFile() async throws {
        let place = try Workplace()
        let bad = try place.write([0x49, 0x49, 42, 0, 8, 0, 0, 0], to: "b.tif")
        let inputs = [
            try place.writeImage("a.tif"), bad, place.path("missing.tif"),
            try place.writeImage("c.png"),
        ]
        let items = inputs.map {
            BatchItem(input: $0, output: place.path("out/\(FileName.stem($0)).tif"))
        }
        let result = await run(items)
        #expect(result.report.files.map(\.status) == [.segmented, .failed, .failed, .segmented])
        #expect(result.report.errors.count == 2)
        #expect(result.report.errors[0].hasPrefix(bad))
        #expect(result.report.errors[1].contains("missing.tif"))
        #expect(try place.files(in: "out") == ["a.tif", "c.tif"])
    }

    @Test("Finished results are skipped without loading the model; force makes them again")
    func skipping() async throws {
        let place = try Workplace()
        let item = BatchItem(
            input: try place.writeImage("a.tif"),
            output: try place.write([1, 2, 3], to: "out/a.tif")
        )
        let skipped = await run([item]) { throw JobFailure("not needed") }
        #expect(skipped.report.counts.skipped == 1 && skipped.modelError == nil)
        #expect(FileStatus(of: item.output)?.byteCount == 3)
        var settings = SegmentationBatch.Settings()
        settings.replacesResults = true
        let forced = await run([item], settings)
        #expect(forced.report.counts.segmented == 1)
        #expect(try #require(FileStatus(of: item.output)).byteCount > 3)
    }

    @Test("A result without its overlay is not finished")
    func missingOverlay() async throws {
        let place = try Workplace()
        let item = BatchItem(
            input: try place.writeImage("a.tif"),
            output: try place.write([1], to: "a_labels.tif"),
            overlay: place.path("a_overlay.png")
        )
        #expect(!item.isFinished)
        #expect(await run([item]).report.counts.segmented == 1)
        #expect(item.isFinished)
    }

    @Test("A model that cannot be loaded ends the batch with one message")
    func badModel() async throws {
        let place = try Workplace()
        let items = try ["a", "b"].map {
            BatchItem(input: try place.writeImage("\($0).tif"), output: place.path("\($0)_l.tif"))
        }
        let result = await run(items) { throw JobFailure("no such weights") }
        #expect(result.modelError == "no such weights")
        #expect(result.report.counts.remaining == 2)
        #expect(try place.files() == ["a.tif", "b.tif"])
    }

    @Test("The model is loaded before the pixels are known; its error counts if they need it")
    func loadingBesideReading() async throws {
        let place = try Workplace()
        let constant = Raster<UInt16>(repeating: 7, size: Size(width: 9, height: 5))
        try AnyRaster.uint16(constant).writeTIFF(to: URL(filePath: place.path("a.tif")))
        let item = BatchItem(input: place.path("a.tif"), output: place.path("a_l.tif"))
        let loads = Mutex(0)
        let result = await run([item]) {
            loads.withLock { $0 += 1 }
            throw JobFailure("no such weights")
        }
        #expect(loads.withLock { $0 } == 1)
        #expect(result.modelError == nil && result.report.counts.segmented == 1)
    }

    @Test("Not finite and elongated images are refused with a reason; empty ones have no objects")
    func uselessImages() async throws {
        let place = try Workplace()
        let constant = Raster<UInt16>(repeating: 7, size: Size(width: 9, height: 5))
        try AnyRaster.uint16(constant).writeTIFF(to: URL(filePath: place.path("constant.tif")))
        var broken = Raster<Float>(repeating: 1, size: Size(width: 9, height: 5))
        broken.samples[7] = .nan
        try AnyRaster.float32(broken).writeTIFF(to: URL(filePath: place.path("nan.tif")))
        let dot = Raster<UInt8>(repeating: 1, size: Size(width: 1, height: 1))
        try AnyRaster.uint8(dot).writeTIFF(to: URL(filePath: place.path("dot.tif")))
        var long = Raster<UInt8>(repeating: 1, size: Size(width: 3000, height: 20))
        long.samples[0] = 0
        try AnyRaster.uint8(long).writeTIFF(to: URL(filePath: place.path("long.tif")))
        let names = ["constant", "nan", "dot", "long"]
        let result = await run(
            names.map {
                BatchItem(input: place.path("\($0).tif"), output: place.path("out/\($0).tif"))
            }
        )
        let errors = result.report.errors
        try #require(errors.count == 2)
        #expect(errors[0].contains("NaN"))
        #expect(errors[1].contains("3000 x 20") && errors[1].contains("elongated"))
        #expect(result.report.files.map(\.objects) == [0, nil, 0, nil])
        for file in [result.report.files[0], result.report.files[2]] {
            #expect(file.warnings.contains { $0.contains("same value") })
        }
        #expect(try place.files(in: "out") == ["constant.tif", "dot.tif"])
    }

    @Test("A result that cannot be written is reported, and half of it is taken back")
    func unwritable() async throws {
        let place = try Workplace()
        let image = try place.writeImage("a.tif")
        try place.write(to: "pictures")
        let item = BatchItem(
            input: image,
            output: place.path("a_labels.tif"),
            overlay: place.path("pictures/a_overlay.png")
        )
        let result = await run([item])
        #expect(result.report.counts.failed == 1)
        #expect(try place.files() == ["a.tif", "pictures"])
    }

    @Test("Work that is cancelled writes nothing")
    func cancelled() async throws {
        let place = try Workplace()
        let item = BatchItem(input: try place.writeImage("a.tif"), output: place.path("l.tif"))
        let work = Work()
        work.cancel()
        let (stream, events) = AsyncStream.makeStream(of: BatchEvent.self)
        SegmentationBatch(items: [item]) { BrightnessSegmenter() }.start(work, telling: events)
        var count = 0
        for await _ in stream { count += 1 }
        #expect(count == 0)
        #expect(try place.files() == ["a.tif"])
    }

    @Test("The summary says how large pixels are, and where that comes from")
    func pixelSizes() async throws {
        let place = try Workplace()
        let (plain, sized) = (try place.writeImage("a.tif"), try place.writeImage("b.tif"))
        let unknown = await run([BatchItem(input: plain, output: place.path("a_l.tif"))])
        #expect(unknown.report.files[0].pixelSize == nil)
        var settings = SegmentationBatch.Settings()
        settings.segmentation.plane.pixelSize = PixelSize("0.5")
        let result = await run(
            [BatchItem(input: sized, output: place.path("b_l.tif"))],
            settings
        )
        let text = try JSONText.encode(result.report)
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        )
        let files = try #require(json["files"] as? [[String: Any]])
        let size = try #require(files[0]["pixel_size"] as? [String: Any])
        #expect(size["x"] as? Double == 0.5 && size["y"] as? Double == 0.5)
        #expect(size["source"] as? String == "given")
    }

    @Test("The summary as JSON has counts, times and files in snake case")
    func json() async throws {
        let place = try Workplace()
        let items = [
            BatchItem(input: try place.writeImage("a.tif"), output: place.path("a_l.tif")),
            BatchItem(input: place.path("none.tif"), output: place.path("none_l.tif")),
        ]
        let result = await run(items)
        let text = try JSONText.encode(result.report)
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        )
        let counts = try #require(json["counts"] as? [String: Int])
        #expect(
            counts == [
                "images": 2, "segmented": 1, "skipped": 0, "failed": 1, "remaining": 0,
                "objects": 2,
            ]
        )
        let seconds = try #require(json["seconds"] as? [String: Double])
        #expect(seconds["model_load"] != nil && seconds["encode"] != nil)
        let files = try #require(json["files"] as? [[String: Any]])
        #expect(files[0]["status"] as? String == "segmented" && files[0]["error"] == nil)
        #expect(files[1]["status"] as? String == "failed" && files[1]["error"] != nil)
        let settings = try #require(json["settings"] as? [String: Any])
        let automatic = try #require(settings["automatic"] as? [String: Any])
        let watershed = try #require(automatic["watershed"] as? [String: Any])
        #expect(watershed["distance_smoothing"] as? Double == 1.6)
        #expect(json["interrupted"] as? Bool == false && json["total_seconds"] != nil)
    }
}
