import Foundation
import ImageFormats
import Imaging
import JobSamples
import Testing
import TrackFiles
import Tracking

@Suite("usam track, as a user meets it")
struct TrackCommandTests {
    private static let size = Size(width: 60, height: 40)

    /// A disc in a frame.
    private struct Disc {
        let x: Int
        let y: Int
        var radius = 5
        let label: UInt32
    }

    /// One object that moves to the right and divides in the fourth frame, and one that stays; labels mean nothing from
    /// frame to frame.
    private static let movie: [[Disc]] = [
        [Disc(x: 10, y: 10, radius: 7, label: 1), Disc(x: 45, y: 30, label: 2)],
        [Disc(x: 13, y: 10, radius: 7, label: 9), Disc(x: 45, y: 30, label: 4)],
        [Disc(x: 16, y: 10, radius: 7, label: 2), Disc(x: 45, y: 30, label: 1)],
        [Disc(x: 13, y: 10, label: 3), Disc(x: 25, y: 10, label: 1), Disc(x: 45, y: 30, label: 7)],
        [Disc(x: 13, y: 10, label: 1), Disc(x: 26, y: 10, label: 2), Disc(x: 45, y: 30, label: 3)],
    ]

    private static func labels(_ discs: [Disc]) -> LabelImage {
        var image = LabelImage(size: size)
        for disc in discs {
            for y in 0..<size.height {
                for x in 0..<size.width
                where (x - disc.x) * (x - disc.x) + (y - disc.y) * (y - disc.y)
                    <= disc.radius * disc.radius
                {
                    image.labels[y * size.width + x] = disc.label
                }
            }
        }
        return image
    }

    private func write(_ frames: [[Disc]], _ place: Workplace, _ axes: ImageAxes? = nil) throws {
        let axes = axes ?? ImageAxes(t: frames.count, y: Self.size.height, x: Self.size.width)
        for name in ["movie.tif", "labels.tif"] {
            try place.write(to: name)
            var writer = try TIFFWriter(
                creating: URL(filePath: place.path(name)),
                axes: axes,
                sampleType: .uint16
            )
            for discs in frames {
                let labels = Self.labels(discs).labels
                let values = labels.map {
                    name == "movie.tif" ? $0 == 0 ? 10 : UInt16(200) : UInt16($0)
                }
                try writer.append(.uint16(Raster(size: Self.size, samples: values)))
            }
            try writer.finish()
        }
    }

    private func run(_ line: String, _ place: Workplace) throws -> Program.Ending {
        try Program.run(line.split(separator: " ").map(String.init), in: place.folder)
    }

    @Test("Labels of a movie are linked; a division gives two tracks with a mother")
    func links() throws {
        let place = try Workplace()
        try write(Self.movie, place)
        let end = try run("track movie.tif --labels labels.tif -o out", place)
        #expect(end.status == 0, "\(end.error)")
        #expect(
            end.output.contains("movie.tif: 12 objects in 5 frames, 4 tracks, 1 division"),
            "\(end.output)"
        )
        let folder = try CTCFolder(reading: URL(filePath: place.path("out/ctc")))
        #expect(folder.records.map(\.id) == [1, 2, 3, 4])
        #expect(folder.records.map(\.first) == [0, 0, 3, 3])
        #expect(folder.records.map(\.last) == [2, 4, 4, 4])
        #expect(folder.records.map(\.parent) == [nil, nil, 1, 1])
        let stack = try ImageSource(opening: URL(filePath: place.path("out/tracks.tif")))
        #expect(stack.description.axes.t == 5)
        for frame in 0..<5 {
            let tracks = try stack.readLabels(PlaneIndex(t: frame, z: 0))
            #expect(try folder.labels(frame: frame) == tracks)
            // The same pixels, and the object that stays has one number.
            #expect(
                tracks.labels.map { $0 != 0 }
                    == Self.labels(Self.movie[frame]).labels.map { $0 != 0 }
            )
            #expect(tracks.labels[30 * Self.size.width + 45] == 2)
        }
        let page = try String(contentsOfFile: place.path("out/report.html"), encoding: .utf8)
        #expect(page.contains("data:image/png;base64,") && !page.contains("=\"http://127"))
    }

    @Test("A link for which another one was as good is in the table of suspicious places")
    func closeSecond() throws {
        let place = try Workplace()
        let rest = [Disc(x: 45, y: 30, label: 7), Disc(x: 15, y: 30, label: 8)]
        let frames = [
            [Disc(x: 10, y: 10, label: 1), Disc(x: 34, y: 10, label: 2)],
            [Disc(x: 22, y: 10, label: 1)], [Disc(x: 22, y: 10, label: 1)],
        ]
        try write(frames.map { $0 + rest }, place)
        let end = try run("track movie.tif --labels labels.tif -o out --format csv", place)
        #expect(end.status == 0, "\(end)")
        let table = try String(contentsOfFile: place.path("out/suspicious.csv"), encoding: .utf8)
        #expect(table.contains(",closeSecond,22.0,10.0"), "\(table)")
    }

    @Test("Frames of a folder, slices without time points, one frame and no objects work")
    func kinds() throws {
        let place = try Workplace()
        try write([Self.movie[0], []], place, ImageAxes(z: 2, y: 40, x: 60))
        let slices = try run(
            "track movie.tif --labels labels.tif -o slices --format tif,ctc",
            place
        )
        #expect(slices.status == 0 && slices.error.contains("slices are taken as frames"))
        #expect(slices.output.contains("2 objects in 2 frames, 2 tracks, 0 divisions"))
        for (frame, name) in ["a2.tif", "a10.tif"].enumerated() {
            try place.write(to: "frames/\(name)")
            try place.write(to: "found/\(name)")
            let labels = Self.labels(Self.movie[frame])
            try labels.writeTIFF(to: URL(filePath: place.path("frames/\(name)")))
            try labels.writeTIFF(to: URL(filePath: place.path("found/\(name)")))
        }
        let files = try run("track frames --labels found -o files --format ctc", place)
        #expect(
            files.status == 0 && files.output.contains("4 objects in 2 frames, 2 tracks"),
            "\(files)"
        )
        let single = try run("track frames/a2.tif --labels found/a2.tif -o one", place)
        #expect(
            single.status == 0 && single.output.contains("2 objects in 1 frame, 2 tracks"),
            "\(single)"
        )
        try write([[], []], place)
        let empty = try run("track movie.tif --labels labels.tif -o empty", place)
        #expect(empty.status == 0 && empty.output.contains("0 objects in 2 frames"), "\(empty)")
        #expect(try CTCFolder(reading: URL(filePath: place.path("empty/ctc"))).records.isEmpty)
    }

    @Test(
        "Tracks that are given keep their links, and are written in every format",
        arguments: ["ctc", "tracks.geff", "tracks.xml"]
    )
    func given(name: String) throws {
        let place = try Workplace()
        try write(Self.movie, place)
        // Links that the command would not find by itself.
        let first = "track movie.tif --labels labels.tif --no-divisions --max-distance 0.1 -o first"
        #expect(try run(first, place).status == 0)
        let records = try CTCFolder(reading: URL(filePath: place.path("first/ctc"))).records
        #expect(!records.isEmpty && records.allSatisfy { $0.parent == nil })
        let end = try run("track movie.tif --tracks first/\(name) -o out", place)
        #expect(end.status == 0 && end.output.contains("0 divisions"), "\(end)")
        let folder = try CTCFolder(reading: URL(filePath: place.path("out/ctc")))
        #expect(folder.records == records)
        let before = try CTCFolder(reading: URL(filePath: place.path("first/ctc")))
        for frame in 0..<5 {
            #expect(try folder.labels(frame: frame) == before.labels(frame: frame))
        }
        let table = try String(contentsOfFile: place.path("out/objects.csv"), encoding: .utf8)
        #expect(
            table == (try String(contentsOfFile: place.path("first/objects.csv"), encoding: .utf8))
        )
        let page = try String(contentsOfFile: place.path("out/report.html"), encoding: .utf8)
        #expect(page.contains("those of first/\(name)"))
        for name in ["tracks.tif", "tracks.geff", "tracks.xml", "lineages.svg"] {
            #expect(FileManager.default.fileExists(atPath: place.path("out/\(name)")))
        }
    }

    @Test(
        "A GEFF is given with its label images where it does not name them, or they are not there"
    )
    func labelsOfGraph() throws {
        let place = try Workplace()
        try write(Self.movie, place)
        let first = "track movie.tif --labels labels.tif -o first --format geff,ctc,tif"
        #expect(try run(first, place).status == 0)
        try FileManager.default.copyItem(
            atPath: place.path("first/tracks.geff"),
            toPath: place.path("alone.geff")
        )
        let alone = try run("track movie.tif --tracks alone.geff -o out", place)
        #expect(
            alone.status == 1
                && alone.error.contains("give the label images of the movie with --labels"),
            "\(alone)"
        )
        let both = try run(
            "track movie.tif --tracks alone.geff --labels first/tracks.tif -o out --format ctc",
            place
        )
        #expect(both.status == 0 && both.output.contains("4 tracks, 1 division"), "\(both)")
        // Labels of other numbers are not those of the graph.
        let other = try run("track movie.tif --tracks alone.geff --labels labels.tif -o no", place)
        #expect(other.status == 1 && other.error.contains("alone.geff: node "), "\(other)")
        #expect(!FileManager.default.fileExists(atPath: place.path("no")))
    }

    @Test("Tracks that cannot be used are refused in words")
    func wrongTracks() throws {
        let place = try Workplace()
        try write(Self.movie, place)
        #expect(try run("track movie.tif --labels labels.tif -o first", place).status == 0)
        let spot = #"<Spot ID="7" FRAME="0" POSITION_X="10" POSITION_Y="10" RADIUS="3"/>"#
        let text = "<TrackMate version=\"7.1\"><Model>\(spot)</Model></TrackMate>"
        try place.write(Array(text.utf8), to: "spots.xml")
        for (option, words) in [
            ("--labels first/tracks.geff", "give them with --tracks first/tracks.geff"),
            ("--labels first/tracks.xml", "give them with --tracks first/tracks.xml"),
            ("--tracks movie.tif", "no tracks in a format that is read"),
            ("--tracks none.geff", "there is no such file"),
            ("--tracks first/ctc --labels labels.tif", "leave out --labels"),
            ("--tracks spots.xml", "of 1 spot, 1 have no outline"),
        ] {
            let end = try run("track movie.tif -o out \(option)", place)
            #expect(end.status == 1 && end.error.contains(words), "\(option): \(end.error)")
        }
        let placed = try run("track movie.tif --tracks spots.xml --labels labels.tif -o out", place)
        #expect(placed.status == 0 && placed.output.contains("1 object in 5 frames"), "\(placed)")
        #expect(placed.error.contains("11 objects of the label images in no track"), "\(placed)")
        let linked = try run("track movie.tif --tracks first/ctc --close-gaps 3 -o out", place)
        #expect(linked.status == 64 && linked.error.contains("brings its links"), "\(linked)")
        try write(Array(Self.movie.prefix(3)), place)
        for name in ["ctc", "tracks.xml"] {
            let end = try run("track movie.tif --tracks first/\(name) -o no", place)
            #expect(
                end.status == 1 && end.error.contains("of 5 frames, but the movie has 3"),
                "\(end)"
            )
        }
    }

    @Test("Results are replaced only on demand, and nothing else ever is")
    func replacing() throws {
        let place = try Workplace()
        try write(Self.movie, place)
        let line = "track movie.tif --labels labels.tif -o out --format ctc"
        #expect(try run(line, place).status == 0)
        let again = try run(line, place)
        #expect(again.status == 1 && again.error.contains("--force replaces it"), "\(again)")
        let forced = try run(line + " --force --no-divisions", place)
        #expect(forced.status == 0 && forced.output.contains("0 divisions"), "\(forced)")
        try place.write(to: "mine/notes.txt")
        let other = try run("track movie.tif --labels labels.tif -o mine --force", place)
        #expect(other.status == 1 && other.error.contains("choose another name"), "\(other)")
        #expect(FileManager.default.fileExists(atPath: place.path("mine/notes.txt")))
        let files = try FileManager.default.contentsOfDirectory(atPath: place.folder)
        #expect(files.sorted() == ["labels.tif", "mine", "movie.tif", "out"])
    }

    @Test("What does not fit together is said before any work")
    func misfits() throws {
        let place = try Workplace()
        try write([Self.movie[0], Self.movie[1]], place)
        try Self.labels(Self.movie[0]).writeTIFF(to: URL(filePath: place.path("one.tif")))
        let count = try run("track movie.tif --labels one.tif -o out", place)
        #expect(
            count.status == 1 && count.error.contains("labels of 1 frame, but the movie has 2"),
            "\(count)"
        )
        for (option, words) in [
            ("--max-distance 0", "above 0"), ("--close-gaps -1", "0 to 100"),
            ("--min-length 0", "at least 1"), ("--format ctc,png", "geff"),
        ] {
            let end = try run("track movie.tif --labels labels.tif -o out \(option)", place)
            #expect(end.status == 64 && end.error.contains(words), "\(option): \(end.error)")
        }
        #expect(try place.files().sorted() == ["labels.tif", "movie.tif", "one.tif"])
    }

    @Test(
        "A name of a file is refused as the folder of results",
        arguments: ["x.tif", "new/x.csv"]
    )
    func namedAsFile(output: String) throws {
        let place = try Workplace()
        try write(Self.movie, place)
        let end = try Program.run(
            ["track", "movie.tif", "--labels", "labels.tif", "-o", output],
            in: place.folder
        )
        #expect(end.status == 1 && end.error.contains("the results of a movie are a folder"))
        #expect(try place.files().sorted() == ["labels.tif", "movie.tif"])
        try place.write(to: "other/notes.txt")
        let other = try Program.run(
            ["track", "movie.tif", "--labels", "labels.tif", "-o", "other"],
            in: place.folder
        )
        #expect(other.status == 1 && other.error.contains("a folder of other files than tracks"))
    }
}
