import ArgumentParser
import Files
import Foundation
import ImageFormats
import Imaging
import JobSamples
import Jobs
import Prompting
import Segmentation
import Testing
import UsamCommands

/// Tests that take minutes on a busy machine run with `make slowtest`.
private let runsSlowTests = ProcessInfo.processInfo.environment["MICROSAM_SLOW_TESTS"] != nil

@Suite("Embeddings from the command line", .serialized)
struct EmbedTests {
    @Test("One image goes to a store of any name, several to a folder")
    func names() throws {
        let place = try Workplace()
        let images = try ["in/a.tif", "in/b.ome.tif"].map { try place.writeImage($0) }
        let one = try EmbeddingPlan(InputList([images[0]]), output: "x.zarr/")
        #expect(one.items.map(\.output) == ["x.zarr"])
        let folder = try EmbeddingPlan(InputList([images[0]]), output: "stores")
        #expect(folder.items.map(\.output) == ["stores/a.zarr"])
        let several = try EmbeddingPlan(InputList([place.path("in")]), output: "stores/")
        #expect(several.items.map(\.output) == ["stores/a.zarr", "stores/b.zarr"])
        #expect(throws: EmbeddingPlanError.severalImages(store: "x.zarr")) {
            try EmbeddingPlan(InputList(images), output: "x.zarr")
        }
        let twin = try place.writeImage("other/a.tif")
        #expect(throws: EmbeddingPlanError.self) {
            try EmbeddingPlan(InputList([images[0], twin]), output: "stores")
        }
    }

    @Test("Stores among the images of a folder are no images")
    func storesInFolder() throws {
        let place = try Workplace()
        try place.writeImage("in/a.tif")
        let metadata = #"{"zarr_format":3,"node_type":"group","attributes":{"usam":{}}}"#
        try place.write(Array(metadata.utf8), to: "in/a.zarr/zarr.json")
        let plan = try EmbeddingPlan(InputList([place.path("in")]), output: place.path("in"))
        #expect(plan.items.map(\.input) == [place.path("in/a.tif")])
    }

    @Test("Slices or time points become planes, unless one is chosen")
    func stacks() throws {
        let place = try Workplace()
        let url = URL(filePath: place.path("stack.tif"))
        var writer = try TIFFWriter(
            creating: url,
            axes: ImageAxes(t: 2, z: 3, y: 5, x: 7),
            sampleType: .uint16
        )
        let size = Size(width: 7, height: 5)
        for number in 0..<6 {
            try writer.append(.uint16(Raster(repeating: UInt16(number), size: size)))
        }
        try writer.finish()
        func file(_ plane: PlaneSelection) throws -> PlaneFile {
            try PlaneFile(openingStack: url.path, plane)
        }
        #expect(throws: PlaneError.twoOpenAxes(file: url.path, slices: 3, timePoints: 2)) {
            try file(PlaneSelection())
        }
        let slices = try file(PlaneSelection(t: 1))
        #expect(slices.depth == 3 && slices.size == size)
        let corner = Region(x: 2, y: 1, width: 3, height: 2)
        #expect(
            try slices.planes[2].read(corner) == .uint16(Raster(repeating: 5, size: corner.size))
        )
        #expect(try file(PlaneSelection(z: 2)).depth == 2)
        let one = try file(PlaneSelection(z: 1, t: 1))
        #expect(one.depth == nil)
        #expect(try one.planes[0].read() == .uint16(Raster(repeating: 4, size: size)))
    }

    @Test(
        "Misuse is told",
        arguments: ["--zarr 4", "--tile-shape 8", "--tile-shape a", "--halo 3"]
    )
    func misuse(option: String) throws {
        #expect(throws: (any Error).self) {
            try Usam.parseAsRoot(
                ["embed", "a.tif", "-o", "a.zarr"] + option.split(separator: " ").map(String.init)
            )
        }
    }

    @Test("A second run into the same store is refused", arguments: [true, false])
    func sameTime(exists: Bool) throws {
        let place = try Workplace()
        try place.writeImage("cells.tif")
        let store = place.path("a.zarr")
        let command = ["embed", "cells.tif", "-o", "a.zarr", "--quiet"]
        if exists {
            #expect(try Program.run(command, in: place.folder, with: .brightness).status == 0)
        }
        try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: true)
        let lock = try FileLock(folder: store)
        let refused = try Program.run(command, in: place.folder, with: .brightness)
        #expect(refused.status == 1 && refused.error.contains("a.zarr: another program is using"))
        withExtendedLifetime(lock) {}
    }

    @Test("A killed run goes on and ends with the same bytes", .enabled(if: runsSlowTests))
    func killed() throws {
        let place = try Workplace()
        try place.writeImage("cells.tif")
        let command = [
            "embed", "cells.tif", "--tile-shape", "32", "--halo", "8", "--json", "--quiet",
        ]
        let whole = try Program.run(
            command + ["-o", "whole.zarr"],
            in: place.folder,
            with: .brightness
        )
        #expect(whole.status == 0)
        let first = place.path("killed.zarr/features/0/c/0/0/0/0")
        _ = try Program.run(command + ["-o", "killed.zarr"], in: place.folder, with: .brightness) {
            process in
            let deadline = Date.now + 120
            while !FileManager.default.fileExists(atPath: first), Date.now < deadline {
                Thread.sleep(forTimeInterval: 0.01)
            }
            kill(process.processIdentifier, SIGKILL)
        }
        let end = try Program.run(
            command + ["-o", "killed.zarr"],
            in: place.folder,
            with: .brightness
        )
        let reports = try JSONSerialization.jsonObject(with: Data(end.output.utf8))
        let report = try #require((reports as? [[String: Any]])?.first)
        let reused = try #require(report["reused"] as? Int)
        #expect(reused >= 1)
        #expect(report["computed"] as? Int == 4 - reused)
        let files = try place.files(in: "whole.zarr")
        #expect(try place.files(in: "killed.zarr") == files)
        for file in files {
            let names = ["whole.zarr/\(file)", "killed.zarr/\(file)"]
            let bytes = try names.map { try Data(contentsOf: URL(filePath: place.path($0))) }
            #expect(bytes[0] == bytes[1], "\(file)")
        }
    }
}
