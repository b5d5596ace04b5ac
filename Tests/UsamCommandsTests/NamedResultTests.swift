import Files
import Foundation
import ImageFormats
import Imaging
import JobSamples
import Prompting
import Testing

@Suite("Results and their names", .serialized)
struct NamedResultTests {
    private func run(_ line: String, _ place: Workplace) throws -> Program.Ending {
        try Program.run(
            line.split(separator: " ").map(String.init),
            in: place.folder,
            with: .brightness
        )
    }

    /// An image in which nothing can be seen, so that it needs no model.
    private func writeField(_ place: Workplace, _ name: String, width: Int = 40) throws {
        try place.write(to: name)
        let field = Raster<UInt8>(repeating: 7, size: Size(width: width, height: 30))
        let url = URL(filePath: place.path(name))
        if name.hasSuffix(".png") {
            try AnyRaster.uint8(field).writePNG(to: url)
        } else {
            try AnyRaster.uint8(field).writeTIFF(to: url)
        }
    }

    @Test(
        "A path through a new folder does not lead to the image",
        arguments: ["new/../in/a.tif", "new/../in"]
    )
    func disguised(output: String) throws {
        let place = try Workplace()
        try writeField(place, "in/a.tif")
        let before = try Data(contentsOf: URL(filePath: place.path("in/a.tif")))
        let end = try run("segment in/a.tif -o \(output) --force", place)
        #expect(end.status == 1 && end.error.contains("would replace the image"), "\(end.error)")
        #expect(try Data(contentsOf: URL(filePath: place.path("in/a.tif"))) == before)
    }

    @Test("A failed run leaves nothing that blocks the right one", arguments: ["out", "out.tif"])
    func failedRun(output: String) throws {
        let place = try Workplace()
        let failed = try run("segment in/a.tif -o \(output) --z 7", place)
        #expect(failed.status == 1 && failed.error.contains("in/a.tif"))
        try writeField(place, "in/a.tif")
        let right = try run("segment in/a.tif -o \(output)", place)
        #expect(right.status == 0, "\(right.error)")
    }

    @Test(
        "A single file is refused, done again and skipped as one in a folder is",
        arguments: ["a.tif", "in"]
    )
    func singleFile(input: String) throws {
        let place = try Workplace()
        try writeField(place, "a.tif")
        try writeField(place, "in/a.tif")
        let command = "segment \(input) -o " + (input == "in" ? "out" : "out/a.tif")
        #expect(try run(command, place).status == 0)
        let again = try run(command, place)
        #expect(again.status == 0 && again.output.contains(": skipped, "))
        let other = try run(command + " --min-size 9", place)
        #expect(other.status == 1 && other.error.contains("minimum_size: 0, now 9"))
        let more = try run(command + " --format tif,csv,geojson", place)
        #expect(more.status == 0 && more.output.contains("1 segmented"), "\(more.error)")
        #expect(!more.output.contains("encode"), "\(more.output)")
        let table = try String(contentsOfFile: place.path("out/a.csv"), encoding: .utf8)
        #expect(table.split(separator: "\n")[0].hasSuffix(",image,model,usam"))
        try writeField(place, input == "in" ? "in/a.tif" : "a.tif", width: 70)
        let before = try Data(contentsOf: URL(filePath: place.path("out/a.csv")))
        let manifest = place.path(input == "in" ? "out/manifest.jsonl" : "out/a.manifest.jsonl")
        let lines = try String(contentsOfFile: manifest, encoding: .utf8).split(separator: "\n")
        let changed = try run(command, place)
        #expect(changed.status == 0 && changed.output.contains("1 segmented"))
        // The other results of the image are made again, too, so that none is stale.
        let last = try String(contentsOfFile: manifest, encoding: .utf8).split(separator: "\n").last
        #expect(last != lines.last && last?.contains("a.geojson") == true)
        #expect(try Data(contentsOf: URL(filePath: place.path("out/a.csv"))) == before)
    }

    @Test("The folder of the images may be that of the results, twice")
    func sameFolder() throws {
        let place = try Workplace()
        for name in ["a", "b"] { try writeField(place, "same/\(name).png") }
        #expect(try run("segment same -o same --overlay", place).status == 0)
        let again = try run("segment same -o same --overlay", place)
        #expect(again.status == 0 && again.output.contains("2 images: 2 skipped"), "\(again.error)")
        #expect(again.error.contains("4 results (a.tif, a_overlay.png, b.tif"))
        let pattern = try run("segment same/* -o same --overlay", place)
        #expect(pattern.status == 0 && pattern.output.contains("2 images: 2 skipped"))
        let names = try place.files(in: "same").map { "same/" + $0 }
        let expanded = try run("segment \(names.joined(separator: " ")) -o same --overlay", place)
        #expect(expanded.status == 0 && expanded.output.contains("2 images: 2 skipped"))
        let scores = try run("evaluate --labels same/*.tif --predictions same/*.tif", place)
        #expect(scores.status == 0, "\(scores.error)")
    }

    @Test("TIFF images and their labels need two folders, and nothing is replaced")
    func sameFolderOfTIFF() throws {
        let place = try Workplace()
        try writeField(place, "same/a.tif")
        let before = try Data(contentsOf: URL(filePath: place.path("same/a.tif")))
        for force in ["", " --force"] {
            let end = try run("segment same -o same\(force)", place)
            #expect(end.status == 1 && end.error.contains("would replace the image 'same/a.tif'"))
        }
        #expect(try Data(contentsOf: URL(filePath: place.path("same/a.tif"))) == before)
    }

    @Test(
        "A folder of folders alone names the option that searches them",
        arguments: ["segment", "embed"]
    )
    func onlyFolders(command: String) throws {
        let place = try Workplace()
        try writeField(place, "in/deep/a.tif")
        let end = try run("\(command) in -o out", place)
        #expect(end.status == 1 && end.error.contains("left out: 1 folder (deep); --recursive"))
        guard command == "segment" else { return }
        #expect(try run("segment in -o out --recursive", place).status == 0)
    }

    @Test("What is not read is named, and folders inside are searched when asked for")
    func leftOut() throws {
        let place = try Workplace()
        try place.writeImage("in/a.tif")
        try place.writeImage("in/deep/a.tif", width: 50)
        for name in ["x.czi", "y.nd2", "notes.txt"] { try place.write(to: "in/\(name)") }
        let flat = try run("segment in -o out --format csv,tif", place)
        #expect(flat.status == 0)
        #expect(flat.error.contains("2 files (x.czi, y.nd2) in formats that are not read here"))
        #expect(flat.error.contains("1 folder (deep) (--recursive searches them)"))
        let deep = try run("segment in -o out --format csv,tif --recursive", place)
        #expect(deep.status == 0, "\(deep.error)")
        #expect(deep.output.contains("2 images: 1 segmented, 1 skipped"))
        #expect(FileStatus(of: place.path("out/deep/a.tif")) != nil)
        let all = try String(contentsOfFile: place.path("out/all_objects.csv"), encoding: .utf8)
        let parts = try ["a", "deep/a"].map {
            try String(contentsOfFile: place.path("out/\($0).csv"), encoding: .utf8)
        }
        let rows = parts.map { $0.split(separator: "\n").count - 1 }
        #expect(all.split(separator: "\n").count == rows[0] + rows[1] + 1)
        let model = try URL(filePath: QuickModel.brightness.name).lastPathComponent
        #expect(rows[1] == 0 || all.contains(",deep/a.tif,\(model),"))
        let repeated = try run("rerun out/manifest.jsonl", place)
        #expect(repeated.output.contains("2 images: 2 with identical results"), "\(repeated.error)")
        let nothing = try run("segment in/deep/../../empty -o o", place)
        #expect(nothing.status == 1)
    }

    @Test("A failure is named when it is met, an empty field has no objects")
    func failures() throws {
        let place = try Workplace()
        try place.write([1, 2, 3], to: "in/a.tif")
        try writeField(place, "in/b.tif")
        try writeField(place, "in/c.tif")
        let end = try run("segment in -o out --overlay --format tif,csv", place)
        #expect(end.status == 1)
        let lines = end.error.split(separator: "\n")
        let failure = try #require(lines.firstIndex { $0.hasPrefix("usam: in/a.tif: ") })
        let next = try #require(lines.firstIndex { $0.hasPrefix("[2/3]") })
        #expect(failure < next && lines.last == "usam: failed: in/a.tif")
        #expect(end.output.contains("in/b.tif: 0 objects"))
        #expect(end.error.contains("in/b.tif: all pixels have the same value"))
    }

    private func text(_ place: Workplace, _ name: String) throws -> String {
        try String(contentsOfFile: place.path(name), encoding: .utf8)
    }

    @Test("The table of all images is made anew by runs that ask for no tables, too")
    func joinedTable() throws {
        let place = try Workplace()
        for name in ["a", "b"] { try place.writeImage("in/\(name).tif") }
        #expect(try run("segment in -o out --format tif,csv", place).status == 0)
        let first = try text(place, "out/all_objects.csv")
        // An image has changed: its table is made again, and so is that of all images.
        try place.writeImage("in/b.tif", width: 150, height: 120)
        let changed = try run("segment in -o out", place)
        #expect(changed.status == 0, "\(changed.error)")
        let second = try text(place, "out/all_objects.csv")
        #expect(second != first || first.split(separator: "\n").count == 1)
        let own = try text(place, "out/b.csv").split(separator: "\n").dropFirst()
        #expect(second.split(separator: "\n").suffix(own.count) == own)
        // Other settings replace all results that are there, also those that are not asked for.
        let replaced = try run("segment in -o out --force --min-size 100000", place)
        #expect(replaced.status == 0, "\(replaced.error)")
        #expect(try text(place, "out/b.csv").split(separator: "\n").count == 1)
        #expect(try text(place, "out/all_objects.csv").split(separator: "\n").count == 1)
        // An image without a table of its own is named as missing.
        try writeField(place, "in/c.tif")
        let more = try run("segment in -o out --min-size 100000", place)
        #expect(more.error.contains("out/all_objects.csv is without 1 image that has no table"))
        let all = try run("segment in -o out --min-size 100000 --format tif,csv", place)
        #expect(all.status == 0 && !all.error.contains("is without"), "\(all.error)")
    }

    @Test("The table of all images holds those of other runs", arguments: ["in/a.tif", "in/b.tif"])
    func joinedTableOfParts(part: String) throws {
        let place = try Workplace()
        for name in ["a", "b"] { try place.writeImage("in/\(name).tif") }
        #expect(try run("segment \(part) -o part --format tif,csv", place).status == 0)
        #expect(try run("segment in -o part --format tif,csv", place).status == 0)
        #expect(try run("segment in -o whole --format tif,csv", place).status == 0)
        #expect(try run("segment \(part) -o whole --format tif,csv", place).status == 0)
        let whole = try text(place, "whole/all_objects.csv")
        #expect(try text(place, "part/all_objects.csv") == whole)
        #expect(whole.split(separator: "\n")[0].hasSuffix(",image,model,usam"))
    }

    @Test("Another version in tables is no other result", arguments: ["0.0.9", "12.3.4-beta"])
    func otherVersion(version: String) throws {
        let place = try Workplace()
        try place.writeImage("in/a.tif")
        #expect(try run("segment in -o out --format tif,csv", place).status == 0)
        // As that version would have written them.
        let now = ProgramVersion.text
        let table = try text(place, "out/a.csv")
        let past = table.replacingOccurrences(of: ",\(now)\n", with: ",\(version)\n")
        var manifest = try text(place, "out/manifest.jsonl")
        let hashes = try [table, past].map { content -> String in
            try Data(content.utf8).write(to: URL(filePath: place.path("hashed.csv")))
            return try ContentDigest.digest(of: place.path("hashed.csv"))
        }
        #expect(manifest.contains(hashes[0]))
        manifest = manifest.replacingOccurrences(of: hashes[0], with: hashes[1])
            .replacingOccurrences(of: "\"program\":\"\(now)\"", with: "\"program\":\"\(version)\"")
        try Data(manifest.utf8).write(to: URL(filePath: place.path("out/manifest.jsonl")))
        let same = try run("rerun out/manifest.jsonl", place)
        #expect(same.status == 0, "\(same.error)")
        #expect(same.error.contains("usam is \(now), was \(version)"))
        #expect(same.output.contains("1 image: 1 with identical results"), "\(same.output)")
        // Another result stays one.
        let foreign = "xxh128:" + String(repeating: "0", count: 32)
        let other = manifest.replacingOccurrences(of: hashes[1], with: foreign)
        try Data(other.utf8).write(to: URL(filePath: place.path("out/manifest.jsonl")))
        #expect(try run("rerun out/manifest.jsonl -o again", place).status == 1)
    }
}
