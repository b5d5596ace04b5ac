import Checkpoints
import Files
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
    /// The options with which images are joined from six tiles.
    private let division = ["--tile-shape", "512,96", "--halo", "48,64", "--join-from", "1"]

    @Test("Ctrl-C keeps the tiles that are finished, and the same command goes on with the others")
    func resumption() throws {
        let place = try Workplace()
        try writeScene(place, Size(width: 560, height: 500))
        let command = ["segment", "scene.tif", "--json"] + division + ["-o"]
        let whole = try Program.run(command + ["whole.tif"], in: place.folder, with: .brightness)
        #expect(whole.status == 0)
        let outcome = try outcome(whole.output)
        #expect(outcome["tiles"] as? Int == 6 && outcome["reused_tiles"] as? Int == 0)
        let tiles = place.path("stopped.tif.usam-tiles")
        let stopped = try Program.run(
            command + ["stopped.tif"],
            in: place.folder,
            with: .brightness
        ) { process in
            let deadline = Date.now + 120
            while self.finishedTiles(tiles) < 1, process.isRunning, Date.now < deadline {
                Thread.sleep(forTimeInterval: 0.005)
            }
            kill(process.processIdentifier, SIGINT)
        }
        #expect(stopped.status == 130)
        #expect(FileStatus(of: place.path("stopped.tif")) == nil)
        #expect(FileStatus(of: tiles) != nil)
        let end = try Program.run(command + ["stopped.tif"], in: place.folder, with: .brightness)
        #expect(try self.outcome(end.output)["reused_tiles"] as? Int ?? 0 >= 1)
        #expect(FileStatus(of: tiles) == nil)
        let zarr = try Program.run(
            command + ["labels.ome.zarr"],
            in: place.folder,
            with: .brightness
        )
        #expect(zarr.status == 0)
        let labels = try ["whole.tif", "stopped.tif", "labels.ome.zarr"].map {
            try ImageSource(opening: URL(filePath: place.path($0))).read().floats().samples
        }
        #expect(labels[0] == labels[1] && labels[0] == labels[2])
        #expect(Set(labels[0]).count == (outcome["objects"] as? Int ?? 0) + 1)
        let files = try ["whole.tif", "stopped.tif"].map {
            try Data(contentsOf: URL(filePath: place.path($0)))
        }
        #expect(files[0] == files[1])
    }

    /// What the summary says of the only image.
    private func outcome(_ output: String) throws -> [String: Any] {
        let json = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
        return try #require((json?["files"] as? [[String: Any]])?.first)
    }

    @Test(
        "A killed run of the program says how it divides, redoes one tile at most, and ends the same"
    )
    func killed() throws {
        let place = try Workplace()
        // All tiles but one are without contrast, which costs no pass of the model.
        // The middle tile is looked at first, and its objects are large enough not to be enlarged.
        let whole = Size(width: 1800, height: 592)
        try writeScene(place, Size(width: 480, height: 480), in: whole, radius: 40)
        let command = ["segment", "scene.tif", "--join-from", "1", "--json", "-o"]
        let tiles = place.path("killed.tif.usam-tiles")
        var finished = 0
        let killed = try Program.run(command + ["killed.tif"], in: place.folder, with: .brightness)
        { process in
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
                "scene.tif: 1800 x 592 pixels are divided into 3 tiles of 608 x 592 pixels with a "
                    + "halo of 128 pixels; their objects are joined tile by tile: "
                    + "3 passes"
            )
        )
        #expect(FileStatus(of: place.path("killed.tif")) == nil)
        let end = try Program.run(command + ["killed.tif"], in: place.folder, with: .brightness)
        #expect(end.status == 0)
        let report = try outcome(end.output)
        #expect(report["tiles"] as? Int == 3 && report["reused_tiles"] as? Int == finished)
        #expect((report["objects"] as? Int ?? 0) > 0)
        let undisturbed = try Program.run(
            command + ["whole.tif"],
            in: place.folder,
            with: .brightness
        )
        #expect(undisturbed.status == 0)
        let files = try ["killed.tif", "whole.tif"].map {
            try Data(contentsOf: URL(filePath: place.path($0)))
        }
        #expect(files[0] == files[1])
        #expect(
            try place.files() == [
                "killed.manifest.jsonl", "killed.tif", "scene.tif", "whole.manifest.jsonl",
                "whole.tif",
            ]
        )
    }

    @Test("Images are joined from tiles from 8192 x 8192 pixels on, or where memory asks for it")
    func choice() {
        let large = Size(width: 8192, height: 8192)
        let small = Size(width: 8192, height: 8191)
        var settings = SegmentationSettings()
        #expect(settings.joinsTiles(of: large) && !settings.joinsTiles(of: small))
        settings.limits = PlanningLimits(memory: 4 << 30)
        #expect(settings.joinsTiles(of: small))
        settings.tiling = .never
        #expect(!settings.joinsTiles(of: large))
        #expect(PlanningLimits(memory: 64 << 30) == .standard)
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
        in whole: Size? = nil,
        radius: Double = 24
    ) throws -> String {
        let url = URL(filePath: place.path("scene.tif"))
        var simulator = NucleiSimulator(size: size, seed: 4)
        simulator.meanRadius = radius
        simulator.clustering = 0
        simulator.defocus = 0
        let scene = try simulator.simulate().image
        let whole = whole ?? size
        // Around the scene it is as dark as between its objects, so that the scene itself is no object.
        let background = scene.samples.sorted()[scene.samples.count / 4]
        var image = Raster<UInt16>(repeating: background, size: whole)
        let (left, top) = ((whole.width - size.width) / 2, (whole.height - size.height) / 2)
        for y in 0..<size.height {
            for x in 0..<size.width { image[x: left + x, y: top + y] = scene[x: x, y: y] }
        }
        try AnyRaster.uint16(image).writeTIFF(to: url)
        return url.path
    }
}
