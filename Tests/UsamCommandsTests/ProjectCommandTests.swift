import Annotations
import Files
import Foundation
import ImageFormats
import Imaging
import JobSamples
import Testing
import TrackFiles
import Tracking
import UsamCommands

@Suite("usam project")
struct ProjectCommandTests {
    /// A project with two images, one with an object.
    private func project(in place: Workplace) throws -> String {
        let file = "\(place.folder)/cells.usam"
        let project = try Project.create(at: URL(filePath: file))
        try place.writeImage("a.tif", width: 61)
        try place.writeImage("b.tif", width: 62)
        var entries: [ImageEntry] = []
        for name in ["a.tif", "b.tif"] {
            let axes = try ImageSource(opening: URL(filePath: "\(place.folder)/\(name)"))
                .description.axes
            let shape = ImageShape(y: axes.y, x: axes.x)
            entries.append(ImageEntry(name: name, path: name, shape: shape))
        }
        let ids = try project.addImages(entries)
        let mask = try BoxMask(filling: Region(x: 3, y: 4, width: 5, height: 6))
        let gesture = Gesture(.commit(NewObject(mask: mask)), client: UUID())
        _ = try project.apply(gesture, to: ids[0])
        try project.close()
        return file
    }

    @Test("Info, history, check and replay tell what is there")
    func told() throws {
        let place = try Workplace()
        let file = try project(in: place)
        func run(_ words: [String]) throws -> Program.Ending {
            try Program.run(["project"] + words, in: place.folder)
        }
        let info = try run(["info", file])
        #expect(info.status == 0 && info.output.contains("2 images, 1 object, 0 done"))
        let history = try run(["history", file, "--image", "a.tif"])
        #expect(history.output.contains("Commit object 1"))
        let check = try run(["check", file])
        #expect(check.status == 0 && check.output == "no problems found\n")
        let replay = try run(["replay", file])
        #expect(replay.status == 0 && replay.output.contains("1 edit repeated, the same labels"))
        let several = try run(["history", file])
        #expect(several.status == 1 && several.error.contains("choose one with --image"))
        let none = try run(["info", "none.usam"])
        #expect(none.status == 1 && none.error.contains("there is no such file"))
    }

    @Test(
        "A project that is open elsewhere is waited for, which is said",
        arguments: ["info", "check"]
    )
    func openElsewhere(command: String) throws {
        let place = try Workplace()
        let file = try project(in: place)
        let open = try Project.open(at: URL(filePath: file))
        defer { try? open.close() }
        let end = try Program.run(["project", command, "cells.usam"], in: place.folder)
        #expect(end.status == 1 && end.output.isEmpty)
        let lines = end.error.split(separator: "\n")
        #expect(lines.first == "usam: cells.usam is in use by another program; waiting")
        #expect(lines.count == 2 && lines.last?.contains("cells.usam") == true, "\(end.error)")
    }

    @Test(
        "Label files that are not there are named",
        arguments: [
            "project import cells.usam no.tif", "evaluate --labels no.tif --predictions *.tif",
        ]
    )
    func missingLabels(line: String) throws {
        let place = try Workplace()
        _ = try project(in: place)
        let end = try Program.run(line.split(separator: " ").map(String.init), in: place.folder)
        #expect(
            end.status == 1 && end.error == "usam: no.tif: there is no such file\n",
            "\(end.error)"
        )
    }

    @Test(
        "What is missing on the command line is said",
        arguments: [("no.tif", "cells.usam no.tif'"), ("cells.usam", "There are no label files")]
    )
    func missingArgument(argument: String, mention: String) throws {
        let place = try Workplace()
        let end = try Program.run(["project", "import", argument], in: place.folder)
        #expect(end.status == 64 && end.error.contains(mention), "\(end.error)")
    }

    @Test("An export never replaces an image of the project")
    func replacedImage() throws {
        let place = try Workplace()
        let file = try project(in: place)
        let before = try Data(contentsOf: URL(filePath: place.path("a.tif")))
        for folder in [".", "new/.."] {
            let end = try Program.run(
                ["project", "export", file, "-o", folder, "--force"],
                in: place.folder
            )
            #expect(end.status == 1 && end.error.contains("this is an image of the project"))
            #expect(try Data(contentsOf: URL(filePath: place.path("a.tif"))) == before)
        }
    }

    @Test("Tracks of a movie are exported as usam track writes them, and come in again")
    func tracks() throws {
        let place = try Workplace()
        let file = try project(in: place)
        let none = try Program.run(
            ["project", "export", file, "-o", "out", "--tracks", "ctc"],
            in: place.folder
        )
        #expect(
            none.status == 1
                && none.error.contains("there are no tracks: none of the 2 images is a movie"),
            "\(none.error)"
        )
        #expect(!FileManager.default.fileExists(atPath: place.path("out")))
        let movie = try addMovie(to: file, in: place)
        let export = ["project", "export", file, "-o", "out", "--tracks"]
        let kinds = TrackResultKind.allCases
        let end = try Program.run(
            export + [kinds.map(\.rawValue).joined(separator: ",")],
            in: place.folder
        )
        #expect(end.status == 0 && end.error.contains("1 image without tracks left out"), "\(end)")
        let names = try FileManager.default.contentsOfDirectory(atPath: place.path("out"))
        #expect(names == ["movie-tracks"])
        let written = try FileManager.default.contentsOfDirectory(
            atPath: place.path("out/movie-tracks")
        )
        // A hidden record says that these are results.
        #expect(Set(written.filter { !$0.hasPrefix(".") }) == Set(kinds.flatMap(\.names)))
        #expect(end.output.contains("out/movie-tracks/lineages.svg\n"))
        let challenge = try CTCFolder(reading: URL(filePath: place.path("out/movie-tracks/ctc")))
        #expect(challenge.records == [TrackRecord(id: 1, first: 0, last: 3)])
        let again = try Program.run(export + ["csv"], in: place.folder)
        #expect(again.status == 1 && again.error.contains("--force"), "\(again)")
        let both = try Program.run(
            export + ["csv", "--force", "--format", "tif", "--image", "movie.tif"],
            in: place.folder
        )
        #expect(both.status == 0 && both.output.contains("out/movie.tif\n"), "\(both)")
        // Each file brings the track again, after the objects are gone.
        for name in ["ctc", "tracks.xml"] {
            let project = try Project.open(at: URL(filePath: file))
            let image = try #require(project.images().first { $0.id == movie })
            if image.objectCount > 0 { try project.goto(0, image: movie, client: UUID()) }
            try project.close()
            let back = try Program.run(
                ["project", "import", file, "out/movie-tracks/\(name)", "--image", "movie.tif"],
                in: place.folder
            )
            #expect(back.status == 0 && back.output.contains("1 object into movie.tif"), "\(back)")
        }
    }

    /// Adds a movie of four frames with a square that moves; its number.
    private func addMovie(to file: String, in place: Workplace) throws -> Int64 {
        let size = Size(width: 50, height: 30)
        var writer = try TIFFWriter(
            creating: URL(filePath: place.path("movie.tif")),
            axes: ImageAxes(t: 4, y: size.height, x: size.width),
            sampleType: .uint8
        )
        var objects: [NewObject] = []
        for t in 0..<4 {
            try writer.append(.uint8(Raster(repeating: UInt8(10 * t), size: size)))
            let mask = try BoxMask(filling: Region(x: 5 + 2 * t, y: 4, width: 8, height: 6))
            var object = NewObject(mask: mask, label: 1)
            object.t = t
            objects.append(object)
        }
        try writer.finish()
        let project = try Project.open(at: URL(filePath: file))
        let shape = ImageShape(t: 4, y: size.height, x: size.width)
        let entry = ImageEntry(name: "movie.tif", path: "movie.tif", shape: shape)
        let id = try #require(try project.addImages([entry]).first)
        _ = try project.apply(Gesture(.importLabels(objects), client: UUID()), to: id)
        try project.close()
        return id
    }

    @Test("What is exported can be imported, and nothing is replaced unasked")
    func exchange() throws {
        let place = try Workplace()
        let file = try project(in: place)
        let export = [
            "project", "export", file, "-o", "labels", "--format", "tif,csv", "--overlay",
        ]
        let first = try Program.run(export, in: place.folder)
        #expect(first.status == 0 && first.error.contains("1 image without objects left out"))
        let labels = try LabelFile(opening: "\(place.folder)/labels/a.tif").read()
        #expect(labels.labels.count { $0 == 1 } == 30)
        let again = try Program.run(export, in: place.folder)
        #expect(again.status == 1 && again.error.contains("--force"))
        #expect(try Program.run(export + ["--force"], in: place.folder).status == 0)
        let taken = try Program.run(
            ["project", "import", file, "labels/a.tif", "--image", "1", "--rule", "overwrite"],
            in: place.folder
        )
        #expect(taken.status == 0 && taken.output.contains("1 object into a.tif"))
        let wrong = try Program.run(
            ["project", "import", file, "labels/a.tif", "--image", "2"],
            in: place.folder
        )
        #expect(wrong.status == 1 && wrong.error.contains("give labels of this image"))
    }
}
