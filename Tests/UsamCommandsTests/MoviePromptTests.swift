import Foundation
import ImageFormats
import Imaging
import JobSamples
import Testing

@Suite("Objects from prompts in a movie, as a user meets them", .serialized)
struct MoviePromptTests {
    /// A movie of six frames: a bright disc, which becomes two smaller ones in frame 3.
    private func writeMovie(_ place: Workplace, slices: Int = 1) throws {
        try place.write(to: "movie.tif")
        var writer = try TIFFWriter(
            creating: URL(filePath: place.path("movie.tif")),
            axes: ImageAxes(t: 6, z: slices, y: 70, x: 81),
            sampleType: .uint8
        )
        for index in 0..<6 * slices {
            var plane = Raster<UInt8>(repeating: 10, size: Size(width: 81, height: 70))
            plane[x: 80, y: 69] = 60
            let discs = index / slices < 3 ? [(40, 14)] : [(24, 10), (56, 10)]
            for y in 0..<70 {
                for x in 0..<81 {
                    for (middle, radius) in discs
                    where (x - middle) * (x - middle) + (y - 34) * (y - 34) < radius * radius {
                        plane[x: x, y: y] = 200
                    }
                }
            }
            try writer.append(.uint8(plane))
        }
        try writer.finish()
    }

    private func run(_ line: String, _ place: Workplace) throws -> Program.Ending {
        try Program.run(
            line.split(separator: " ").map(String.init),
            in: place.folder,
            with: .narrow
        )
    }

    @Test(
        "A cell and its daughters give a label stack by track and a folder of tracks, which score as perfect"
    )
    func division() throws {
        let place = try Workplace()
        try writeMovie(place)
        try Data(
            "track,t,y,x,label,parent\n4,0,34,40,1,\n5,3,34,24,1,4\n6,3,34,56,1,4\n6,5,34,56,0,\n"
                .utf8
        ).write(to: URL(filePath: place.path("cells.csv")))
        let end = try run(
            "prompt movie.tif --movie --prompts cells.csv --overlap-threshold 0 -o l.tif --tracks r",
            place
        )
        #expect(end.status == 0, "\(end.error)")
        #expect(end.output.contains("frames") && end.output.contains("0-2"), "\(end.output)")
        let source = try ImageSource(opening: URL(filePath: place.path("l.tif")))
        #expect(source.description.axes.t == 6)
        let frames = try (0..<6).map { try source.readLabels(PlaneIndex(t: $0)) }
        #expect(
            frames.map { $0.objectLabels() } == [[4], [4], [4], [5, 6], [5, 6], [5]]
        )
        let table = try String(contentsOfFile: place.path("r/res_track.txt"), encoding: .utf8)
        #expect(table == "4 0 2 0\n5 3 5 4\n6 3 4 4\n")
        let scores = try run("evaluate tracks r --truth r --json", place)
        #expect(scores.status == 0, "\(scores.error)")
        #expect(scores.output.contains("\"TRA\" : 1") && scores.output.contains("\"BC(0)\" : 1"))
        let again = try run("prompt movie.tif --movie --point 0,34,40 --tracks r", place)
        #expect(again.status == 1 && again.error.contains("--force"), "\(again.error)")
    }

    @Test("A track with a gap has a label of its own in the stack, and two lines in the table")
    func gap() throws {
        let place = try Workplace()
        try writeMovie(place)
        let end = try run(
            "prompt movie.tif --movie --point 0,34,40 --point 1,34,40,0 --point 4,34,56 "
                + "--overlap-threshold 0 -o l.tif --tracks r --t 0",
            place
        )
        #expect(end.status == 0, "\(end.error)")
        let table = try String(contentsOfFile: place.path("r/res_track.txt"), encoding: .utf8)
        #expect(table == "1 0 0 0\n2 4 5 1\n")
        let source = try ImageSource(opening: URL(filePath: place.path("l.tif")))
        #expect(
            try (0..<6).map { try source.readLabels(PlaneIndex(t: $0)).objectLabels() }
                == [[1], [], [], [], [1], [1]]
        )
    }

    @Test(
        "What does not fit is refused before the model is loaded, and nothing is written",
        arguments: [
            ("--point 34,40", "has no frame"),
            ("--point 9,34,40", "frames go from 0 to 5"),
            ("--point 2,34,40 --z-range 3,9", "0 to 5"),
            ("--point 2,34,40 --motion-smoothing 2", "between 0 and 1"),
            ("--point 2,34,40 --volume", "cannot be combined"),
            ("--prompts late.csv", "give them to a daughter"),
            ("--prompts early.csv", "a daughter begins behind its mother"),
            ("--prompts odd.csv", "neither track nor division"),
        ]
    )
    func refused(line: String, words: String) throws {
        let place = try Workplace()
        try writeMovie(place)
        for (name, rows) in [
            ("late", "1,0,34,40,,\n1,1,34,40,,division\n1,4,34,24,,\n"),
            ("early", "1,2,34,40,,\n2,2,34,24,1,\n"),
            ("odd", "1,0,34,40,,mitosis\n"),
        ] {
            try Data("object,t,y,x,parent,state\n\(rows)".utf8)
                .write(to: URL(filePath: place.path("\(name).csv")))
        }
        let end = try run("prompt movie.tif --movie -o l.tif \(line)", place)
        #expect(end.status != 0 && end.error.contains(words), "\(end.error)")
        #expect(try !place.files().contains("l.tif"))
    }

    @Test("A movie of several slices needs one of them; options of movies need a movie")
    func slices() throws {
        let place = try Workplace()
        try writeMovie(place, slices: 2)
        let all = try run("prompt movie.tif --movie --point 0,34,40 -o l.tif", place)
        #expect(all.status == 1 && all.error.contains("--z"), "\(all.error)")
        let volume = try run("prompt movie.tif --volume --point 0,34,40 --tracks r", place)
        #expect(volume.error.contains("--tracks is for movies"), "\(volume.error)")
    }
}
