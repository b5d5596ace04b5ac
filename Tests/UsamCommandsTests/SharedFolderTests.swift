import Foundation
import ImageFormats
import Imaging
import JobSamples
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("Folders that are shared or damaged", .serialized)
struct SharedFolderTests {
    private func run(_ line: String, _ place: Workplace) throws -> Program.Ending {
        try Program.run(
            line.split(separator: " ").map(String.init),
            in: place.folder,
            with: .brightness
        )
    }

    /// An image in which nothing can be seen, so that it needs no model.
    private func writeField(_ place: Workplace, _ name: String) throws {
        try place.write(to: name)
        let field = Raster<UInt8>(repeating: 7, size: Size(width: 40, height: 30))
        try AnyRaster.uint8(field).writeTIFF(to: URL(filePath: place.path(name)))
    }

    @Test(
        "A second run into the same new place is refused before it computes anything",
        arguments: [("out", "out/manifest.jsonl"), ("new/deep/a.tif", "new/deep/a.manifest.jsonl")]
    )
    func sameTime(output: String, manifest: String) throws {
        let command = ["segment", "in/a.tif", "-o", output == "out" ? "out/" : output]
        // On a busy machine the first run may have ended before this test notices that it began.
        for _ in 0..<20 {
            let place = try Workplace()
            try place.writeImage("in/a.tif")
            var second: Program.Ending?
            let first = try Program.run(command, in: place.folder, with: .brightness) { process in
                second = try whileStopped(process, whenThereIs: place.path(manifest)) {
                    try Program.run(command, in: place.folder, with: .brightness)
                }
            }
            #expect(first.status == 0, "\(first.error)")
            // A run that has finished its image can be stopped before it ends; the second one then skips the image.
            guard let second, !second.output.contains("skipped") else { continue }
            #expect(second.status == 1 && second.output.isEmpty)
            let lines = second.error.split(separator: "\n")
            #expect(lines.first?.contains("another run is writing to \(manifest); waiting") == true)
            #expect(lines.last?.contains("another run is writing to this manifest") == true)
            #expect(lines.count == 2, "\(second.error)")
            let again = try Program.run(command, in: place.folder, with: .brightness)
            #expect(again.status == 0 && again.output.contains("skipped"), "\(again.error)")
            return
        }
        Issue.record("the first run ended each time before it could be stopped")
    }

    /// Stops a program when a file appears, and lets it go on after `body`.
    ///
    /// - Returns: What `body` returns; `nil` if the program had ended before it could be stopped.
    private func whileStopped<Value>(
        _ process: Process,
        whenThereIs file: String,
        _ body: () throws -> Value
    ) rethrows -> Value? {
        while !FileManager.default.fileExists(atPath: file), process.isRunning {
            Thread.sleep(forTimeInterval: 0.002)
        }
        kill(process.processIdentifier, SIGSTOP)
        defer { kill(process.processIdentifier, SIGCONT) }
        // Long enough for the end of a program that was ending to be noticed.
        Thread.sleep(forTimeInterval: 0.1)
        return process.isRunning ? try body() : nil
    }

    @Test("An empty manifest is called damaged, and results are kept", arguments: ["out", "l.tif"])
    func emptyManifest(output: String) throws {
        let place = try Workplace()
        try writeField(place, "a.tif")
        let command = "segment a.tif -o \(output == "out" ? "out/" : output)"
        #expect(try run(command, place).status == 0)
        let manifest = output == "out" ? "out/manifest.jsonl" : "l.manifest.jsonl"
        let labels = URL(filePath: place.path(output == "out" ? "out/a.tif" : output))
        let before = try Data(contentsOf: labels)
        try place.write(to: manifest)
        let end = try run(command, place)
        #expect(
            end.status == 1 && end.error.contains("the manifest is damaged, because it is empty")
        )
        #expect(end.error.contains("--force"), "\(end.error)")
        #expect(try Data(contentsOf: labels) == before)
        let rerun = try run("rerun \(manifest)", place)
        #expect(rerun.status == 1 && rerun.error.contains("the manifest is damaged"))
        #expect(try run(command + " --force", place).status == 0)
        #expect(try run(command, place).output.contains("skipped"))
    }

    @Test("What a run leaves that never finished an image hinders nobody")
    func unfinished() throws {
        let place = try Workplace()
        try writeField(place, "in/a.tif")
        try place.write(to: "out/manifest.jsonl")
        #expect(try run("segment in -o out", place).status == 0)
        let failed = try run("segment in -o deep/new/folder --z 7", place)
        #expect(failed.status == 1)
        #expect(!FileManager.default.fileExists(atPath: place.path("deep")))
    }

    @Test(
        "In place of a manifest, the folder or a result of the run gets the right hint",
        arguments: [
            ("out", "this is not a manifest; its manifest is out/manifest.jsonl"),
            ("out/a.tif", "this is not a manifest; its manifest is out/manifest.jsonl"),
            ("l.tif", "this is not a manifest; its manifest is l.manifest.jsonl"),
            ("in", "this folder has no manifest"), ("none.jsonl", "is the path right?"),
        ]
    )
    func manifestHint(argument: String, hint: String) throws {
        let place = try Workplace()
        try writeField(place, "in/a.tif")
        #expect(try run("segment in -o out", place).status == 0)
        #expect(try run("segment in/a.tif -o l.tif", place).status == 0)
        let end = try run("rerun \(argument)", place)
        #expect(end.status == 1 && end.error.contains(hint), "\(end.error)")
    }

    @Test("A run in which all is skipped says so in one line; others name each image once")
    func skipped() throws {
        let place = try Workplace()
        for name in ["a", "b"] { try writeField(place, "in/\(name).tif") }
        #expect(try run("segment in -o out", place).status == 0)
        let all = try run("segment in -o out", place)
        #expect(
            all.output
                == "2 images: 2 skipped, because the results exist and belong to these images "
                + "(--force replaces them)\n"
        )
        #expect(all.error == "usam: continuing the run of out/manifest.jsonl\n")
        let one = try run("segment in/a.tif -o out", place)
        #expect(one.output == "in/a.tif: skipped, out/a.tif exists (--force replaces it)\n")
        try writeField(place, "in/c.tif")
        let some = try run("segment in -o out", place)
        #expect(some.output.contains("in/a.tif: skipped, out/a.tif exists"))
        #expect(some.output.contains("3 images: 1 segmented, 2 skipped (already done); 0 objects"))
        #expect(!some.error.contains("in/a.tif") && some.error.contains("[3/3] in/c.tif"))
    }
}
