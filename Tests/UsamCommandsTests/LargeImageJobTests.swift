import Checkpoints
import Foundation
import ImageFormats
import Imaging
import JobSamples
import Jobs
import ModelZoo
import Prompting
import SegmentAnything
import Segmentation
import Testing
import UsamCommands

@Suite("Large images from the command line", .serialized)
struct LargeImageJobTests {
    private struct Stopped: Error {}

    private static let model = EmbeddingSignature.Model(
        type: "vit_t",
        name: EmbeddedModel.name,
        hash: nil
    )

    private func segmenter() throws -> AutomaticSegmenter {
        let checkpoint = try SAMCheckpoint(contentsOf: EmbeddedModel.url())
        var options = AutomaticSegmentationOptions()
        // Tiles are narrow here, which makes the model cautious.
        options.watershed.foregroundThreshold = 0.2
        options.watershed.centerDistanceThreshold = 0.8
        options.watershed.boundaryDistanceThreshold = 0.8
        return try AutomaticSegmenter(
            ImagePredictor(SegmentAnythingModel(checkpoint)),
            options
        )
    }

    private func job(_ input: String, _ output: String) -> LargeImageJob {
        LargeImageJob(
            input: input,
            output: output,
            plane: PlaneSelection(),
            tiling: TilingOptions(
                tileShape: Size(width: 320, height: 512),
                halo: Size(width: 64, height: 48)
            )
        )
    }

    @Test(
        "A job that is stopped goes on with the tiles that are missing, and ends with the same bytes"
    )
    func resumption() throws {
        let place = try Workplace()
        let input = try writeScene(place, Size(width: 560, height: 500))
        let segmenter = try segmenter()
        let whole = job(input, place.path("whole.tif"))
        let outcome = try whole.run(segmenter, model: Self.model) { _ in }
        #expect(outcome.tiles == 2 && outcome.reusedTiles == 0 && outcome.objects > 3)
        let stopped = job(input, place.path("stopped.tif"))
        #expect(throws: Stopped.self) {
            try stopped.run(segmenter, model: Self.model) { state in
                if state.done == 1 { throw Stopped() }
            }
        }
        #expect(FileStatus(of: stopped.output) == nil)
        #expect(FileStatus(of: stopped.workingFolder.path) != nil)
        let end = try stopped.run(segmenter, model: Self.model) { _ in }
        #expect(end.reusedTiles == 1 && end.objects == outcome.objects)
        #expect(FileStatus(of: stopped.workingFolder.path) == nil)
        let files = try [whole, stopped].map { try Data(contentsOf: URL(filePath: $0.output)) }
        #expect(files[0] == files[1])
        let labels = try ImageSource(opening: URL(filePath: whole.output)).read()
        #expect(labels.size == outcome.size)
        #expect(Set(labels.floats().samples).count == outcome.objects + 1)
    }

    @Test("A closed gate forbids the output but keeps the tiles; OME-Zarr holds the same labels")
    func gate() throws {
        let place = try Workplace()
        let input = try writeScene(place, Size(width: 300, height: 280))
        let segmenter = try segmenter()
        let first = job(input, place.path("labels.tif"))
        let gate = OutputGate()
        gate.close()
        #expect(throws: CancellationError.self) {
            try first.run(segmenter, model: Self.model, gate: gate) { _ in }
        }
        #expect(FileStatus(of: first.output) == nil)
        let end = try first.run(segmenter, model: Self.model) { _ in }
        #expect(end.reusedTiles == end.tiles)
        let second = job(input, place.path("labels.ome.zarr"))
        _ = try second.run(segmenter, model: Self.model) { _ in }
        let labels = try [first, second].map {
            try ImageSource(opening: URL(filePath: $0.output)).read().floats().samples
        }
        #expect(labels[0] == labels[1])
    }

    @Test(
        "A killed run of the program says how it divides, redoes one tile at most, and ends the same"
    )
    func killed() throws {
        let place = try Workplace()
        // All tiles but one are without contrast, which costs no pass of the model.
        try writeScene(place, Size(width: 480, height: 480), in: Size(width: 1800, height: 592))
        let command = ["segment", "scene.tif", "--by-region", "--json", "-o"]
        let tiles = place.path("killed.tif.usam-tiles")
        var finished = 0
        let killed = try Program.run(command + ["killed.tif"], in: place.folder) { process in
            let deadline = Date.now + 120
            while self.finishedTiles(tiles) < 1, process.isRunning, Date.now < deadline {
                Thread.sleep(forTimeInterval: 0.005)
            }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            finished = self.finishedTiles(tiles)
        }
        #expect(killed.status != 0 && finished >= 1)
        #expect(
            killed.error.contains(
                "scene.tif: segmented by region, in tiles 608 x 592, halo 128 x 128; "
                    + "--tile-shape and --halo change this"
            )
        )
        #expect(FileStatus(of: place.path("killed.tif")) == nil)
        let end = try Program.run(command + ["killed.tif"], in: place.folder)
        #expect(end.status == 0)
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(end.output.utf8)) as? [String: Any]
        )
        #expect(report["tiles"] as? Int == 3 && report["reused_tiles"] as? Int == finished)
        #expect((report["objects"] as? Int ?? 0) > 0)
        let whole = try Program.run(command + ["whole.tif"], in: place.folder)
        #expect(whole.status == 0)
        let files = try ["killed.tif", "whole.tif"].map {
            try Data(contentsOf: URL(filePath: place.path($0)))
        }
        #expect(files[0] == files[1])
        #expect(try place.files() == ["killed.tif", "scene.tif", "whole.tif"])
    }

    @Test("Images are segmented by region from 8192 x 8192 pixels on, or where it is asked for")
    func choice() throws {
        let place = try Workplace()
        let input = try writeScene(place, Size(width: 1650, height: 40))
        func job(_ tiling: TilingChoice, smallest: Int) -> LargeImageJob? {
            LargeImageJob(
                input: input,
                output: place.path("l.tif"),
                plane: PlaneSelection(),
                keepsOpacity: false,
                tiling: tiling,
                smallest: smallest
            )
        }
        #expect(LargeImageJob.smallestPixelCount == 8192 * 8192)
        #expect(job(.automatic, smallest: LargeImageJob.smallestPixelCount) == nil)
        #expect(job(.automatic, smallest: 1650 * 40)?.tiling.tileShape.width == 832)
        #expect(job(.never, smallest: 0) == nil)
        let end = try Program.run(
            ["segment", "scene.tif", "-o", "l.tif", "--by-region", "--overlay"],
            in: place.folder
        )
        #expect(end.status == 64 && end.error.contains("--by-region takes one image"))
    }

    /// How many tiles have labels in a working folder.
    private func finishedTiles(_ folder: String) -> Int {
        guard FileStatus(of: folder) != nil,
            let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
        else { return 0 }
        return names.count { FileStatus(of: "\(folder)/\($0)/c/0/0") != nil }
    }

    /// Writes simulated nuclei in the upper left part of an image that is dark elsewhere.
    @discardableResult
    private func writeScene(
        _ place: Workplace,
        _ size: Size,
        in whole: Size? = nil
    ) throws -> String {
        let url = URL(filePath: place.path("scene.tif"))
        var simulator = NucleiSimulator(size: size, seed: 4)
        simulator.meanRadius = 24
        simulator.clustering = 0
        simulator.defocus = 0
        let scene = try simulator.simulate().image
        var image = Raster<UInt16>(repeating: 0, size: whole ?? size)
        for y in 0..<size.height {
            for x in 0..<size.width { image[x: x, y: y] = scene[x: x, y: y] }
        }
        try AnyRaster.uint16(image).writeTIFF(to: url)
        return url.path
    }
}
