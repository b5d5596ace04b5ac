import Evaluation
import Foundation
import ImageFormats
import Imaging
import JobSamples
import Jobs
import Judging
import Prompting
import Segmentation
import TestFixtures
import Testing
import UsamCommands

@Suite("The program", .serialized)
struct ProgramTests {
    @Test("Without a file, info tells versions, devices and folders")
    func info() throws {
        let place = try Workplace()
        let end = try Program.run(["info", "--json"], in: place.folder)
        #expect(end.status == 0 && end.error.isEmpty)
        let json = try object(end.output)
        #expect(json["kind"] as? String == "program")
        #expect((json["devices"] as? [String])?.contains("cpu") == true)
        #expect(json["cache"] as? String == place.path("cache"))
    }

    @Test("Images and checkpoints are described by their content")
    func describe() throws {
        let place = try Workplace()
        try place.writeImage("cells.tif")
        try FileManager.default.moveItem(
            atPath: place.path("cells.tif"),
            toPath: place.path("cells.dat")
        )
        let image = try object(
            Program.run(["info", "cells.dat", "--json"], in: place.folder).output
        )
        #expect(image["kind"] as? String == "image" && image["sample_type"] as? String == "uint8")
        let model = try Program.run(["models", "info", "usam-tiny", "--json"], in: place.folder)
        let checkpoint = try #require(try object(model.output)["checkpoint"] as? [String: Any])
        #expect(checkpoint["architecture"] as? String == "vit_t")
        try place.write(Array("just a text".utf8), to: "notes.txt")
        let end = try Program.run(["info", "notes.txt", "none.tif"], in: place.folder)
        #expect(end.status == 1 && end.output.isEmpty)
        let lines = end.error.split(separator: "\n")
        #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("usam: ") })
    }

    @Test("A model that is not there, an unknown one, and one without decoder are explained")
    func models() throws {
        let place = try Workplace()
        try place.writeImage("cells.tif")
        let unknown = try Program.run(
            ["segment", "cells.tif", "-o", "l.tif", "--model", "vit_b_ml"],
            in: place.folder
        )
        #expect(unknown.status == 1 && unknown.error.contains("vit_b_ml"))
        let list = try Program.run(["models"], in: place.folder)
        #expect(list.status == 0)
        #expect(list.output.contains("usam-tiny") && list.output.contains("vit_b_lm"))
        let device = try Program.run(
            ["segment", "cells.tif", "-o", "l.tif", "--device", "cuda:99"],
            in: place.folder
        )
        #expect(device.status == 1 && device.error.contains("cuda:99"))
        #expect(try place.files() == ["cells.tif"])
    }

    @Test("What only the files can tell to be misuse has status 64, too")
    func misuse() throws {
        let place = try Workplace()
        try place.writeImage("cells.tif")
        let end = try Program.run(["segment", "cells.tif", "-o", "labels.png"], in: place.folder)
        #expect(
            end.status == 64
                && end.error.hasPrefix("usam: Label images are written as TIFF or OME-Zarr")
        )
    }

    @Test("The simulated sample is an image with its true objects")
    func sample() throws {
        let place = try Workplace()
        let end = try Program.run(
            ["sample", "-o", "data", "--width", "96", "--height", "71"],
            in: place.folder
        )
        #expect(end.status == 0 && end.error.isEmpty)
        #expect(try place.files(in: "data") == ["simulated.tif", "simulated_truth.tif"])
        let list = try Program.run(["sample", "--list"], in: place.folder)
        #expect(list.output.contains("simulated") && list.output.contains("livecell"))
        #expect(try Program.run(["sample", "nothing"], in: place.folder).status == 1)
    }

    @Test("Ctrl-C ends with status 130, without a partial result, and tells what was done")
    func interruption() throws {
        let place = try Workplace()
        let inputs = try (0..<30).map { try place.writeImage("in/\($0).tif") }
        let end = try Program.run(
            ["segment", "in", "-o", "out"],
            in: place.folder,
            with: .brightness
        ) { process in
            let deadline = Date.now + 60
            // The manifest is there from the start.
            while try place.files().count <= inputs.count + 1, Date.now < deadline {
                Thread.sleep(forTimeInterval: 0.02)
            }
            process.interrupt()
        }
        #expect(end.status == 130)
        let results = try place.files(in: "out").filter { $0 != "manifest.jsonl" }
        #expect((1..<30).contains(results.count) && results.allSatisfy { $0.hasSuffix(".tif") })
        #expect(end.error.contains("usam: stopped; 30 images: \(results.count) segmented"))
        for name in results {
            _ = try ImageSource(opening: URL(filePath: place.path("out/\(name)"))).read()
        }
    }

    @Test(
        "Nuclei of a real image are found, and a second run skips them",
        .enabled(if: Fixtures.areAvailable, "the reference outputs are not beside the checkout")
    )
    func wholePath() throws {
        let place = try Workplace()
        let image = Fixtures.folder.appending(path: "image_a.png").path
        let arguments = ["segment", image, "-o", "labels.tif", "--overlay", "--json"]
        let end = try Program.run(arguments, in: place.folder)
        #expect(end.status == 0)
        // The nuclei, which are small for the model, are shown to it enlarged; what that costs is said.
        let line = try #require(end.error.split(separator: "\n").first)
        #expect(line.contains("the model sees the image enlarged, in 4 tiles: 5 passes, about "))
        let counts = try #require(try object(end.output)["counts"] as? [String: Int])
        #expect(counts["segmented"] == 1 && (counts["objects"] ?? 0) > 10)
        let raster = try ImageSource(opening: URL(filePath: place.path("labels.tif"))).read()
        guard case .uint16(let labels) = raster else {
            Issue.record("labels of type \(raster.sampleType)")
            return
        }
        #expect(labels.samples.max().map(Int.init) == counts["objects"])
        #expect(try place.files() == ["labels.manifest.jsonl", "labels.tif", "labels_overlay.png"])
        let again = try object(Program.run(arguments, in: place.folder).output)
        #expect((again["counts"] as? [String: Int])?["skipped"] == 1)
    }

    @Test("Parameters of a grid search are taken; options beside them win; other modes are refused")
    func parameters() throws {
        let place = try Workplace()
        try place.writeImage("cells.tif")
        let best = BestParameters(
            mode: .instanceDecoder,
            meanAccuracy: 0.5,
            images: 2,
            parameters: ["min_size": .number(50), "distance_smoothing": .number(2.25)]
        )
        try place.write(Array(best.text()), to: "best.json")
        let command = ["segment", "cells.tif", "--parameters", "best.json", "--json"]
        let given = ["--min-size", "7", "--foreground-threshold", "0.75"]
        let end = try Program.run(
            command + ["-o", "a.tif"] + given,
            in: place.folder,
            with: .brightness
        )
        #expect(end.status == 0)
        let settings = try #require(try object(end.output)["settings"] as? [String: Any])
        let automatic = try #require(settings["automatic"] as? [String: Any])
        #expect(automatic["mode"] as? String == "ais")
        let watershed = try #require(automatic["watershed"] as? [String: Any])
        #expect(watershed["distance_smoothing"] as? Double == 2.25)
        #expect(watershed["minimum_size"] as? Int == 7)
        #expect(watershed["foreground_threshold"] as? Double == 0.75)
        let other = try Program.run(
            command + ["-o", "b.tif", "--mode", "amg"],
            in: place.folder,
            with: .brightness
        )
        #expect(other.status == 1 && other.error.contains("parameters of the mode ais, not amg"))
        try place.write(Array("{}".utf8), to: "best.json")
        let bad = try Program.run(command + ["-o", "b.tif"], in: place.folder, with: .brightness)
        #expect(bad.status == 1 && bad.error.contains("best.json"))
        #expect(try place.files() == ["a.manifest.jsonl", "a.tif", "best.json", "cells.tif"])
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        )
    }
}
