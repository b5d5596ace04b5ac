import Files
import Foundation
import JobSamples
import Jobs
import Testing

@Suite("Input list")
struct InputListTests {
    @Test(
        "A folder that describes itself as N5 is one image, whatever its name; others are folders"
    )
    func n5() throws {
        let place = try Workplace()
        try place.write(Array(#"{"dimensions": [5, 4]}"#.utf8), to: "raw/attributes.json")
        #expect(try InputList([place.path("raw")]).paths == [place.path("raw")])
        let image = try place.writeImage("plate/a.tif")
        try place.write(Array(#"{"plate": 3}"#.utf8), to: "plate/attributes.json")
        #expect(try InputList([place.path("plate")]).paths == [image])
    }

    @Test("Label images of frames are those of the tracks in a reference of the challenge")
    func challenge() throws {
        let place = try Workplace()
        let names = ["man_track.txt", "man_track000.tif", "man_track001.tif"]
        for name in names { try place.write(to: "01_GT/TRA/\(name)") }
        try place.write(to: "01_GT/SEG/man_seg000.tif")
        let frames = names.dropFirst().map { place.path("01_GT/TRA/\($0)") }
        for name in ["01_GT", "01_GT/TRA", "01_GT/TRA/man_track.txt"] {
            #expect(try InputList(frameLabels: place.path(name)).paths == frames)
        }
        let file = place.path("01_GT/SEG/man_seg000.tif")
        #expect(try InputList(frameLabels: file).paths == [file])
        // What holds neither tracks nor images stays an error.
        try place.write(to: "02_GT/SEG/man_seg000.tif")
        #expect(throws: InputError.self) { try InputList(frameLabels: place.path("02_GT")) }
    }

    @Test("A folder gives its images in natural order, and nothing hidden or below it")
    func folder() throws {
        let place = try Workplace()
        for name in ["b10.tif", "b2.PNG", "c.jpeg", "notes.txt", ".hidden.tif", "inner/d.tif"] {
            try place.write(to: "in/\(name)")
        }
        let list = try InputList([place.path("in")])
        #expect(list.paths == ["b2.PNG", "b10.tif", "c.jpeg"].map { place.path("in/\($0)") })
        #expect(!list.isSingleFile)
    }

    @Test(
        "Files that programs write beside images are no images; where labels are asked for, they are"
    )
    func companions() throws {
        let place = try Workplace()
        let names = [
            "a.tif", "a_masks.tif", "a_overlay.png", "b.tif", "b_cp_masks.png", "c_masks.tif",
        ]
        for name in names + ["a_seg.npy"] { try place.write(to: "in/\(name)") }
        let images = try InputList([place.path("in")])
        #expect(images.paths == ["a.tif", "b.tif", "c_masks.tif"].map { place.path("in/\($0)") })
        // The picture may be one of an earlier run.
        #expect(
            images.leftOut.map(\.reason) == [.companion, .result, .companion, .companion]
        )
        let labels = try InputList([place.path("in")], of: .labels)
        #expect(labels.paths == ["a_masks.tif", "b_cp_masks.png"].map { place.path("in/\($0)") })
        // A file that is named is meant.
        #expect(try InputList([place.path("in/a_masks.tif")]).paths.count == 1)
    }

    @Test(
        "A damaged manifest in a folder of images is reported, one of another program is not",
        arguments: [
            ("manifest.jsonl", ""), ("a.manifest.jsonl", ""),
            ("manifest.jsonl", "header\nno line\n"),
        ]
    )
    func damagedManifest(name: String, text: String) throws {
        let place = try Workplace()
        try place.write(to: "in/a.tif")
        let header = try JSONText.encodeLine(manifestHeader())
        let content = text.replacingOccurrences(of: "header", with: header)
        try place.write(Array(content.utf8), to: "in/\(name)")
        let images = try InputList([place.path("in")])
        #expect(images.paths == [place.path("in/a.tif")])
        #expect(images.leftOut.map(\.path) == [place.path("in/\(name)")])
        #expect(
            images.leftOut.summary.first?.text
                == "1 damaged manifest (\(name)), so label images of earlier runs may be taken for images"
        )
        try place.write(Array("{\"sample\": 1}\n{}\n".utf8), to: "in/\(name)")
        #expect(try InputList([place.path("in")]).leftOut.isEmpty)
    }

    @Test("What commands without a manifest have written is no image, and a lone one is known")
    func recordedResults() throws {
        let place = try Workplace()
        let image = try place.writeImage("in/a.tif")
        let labels = try place.writeImage("in/a-labels.tif")
        try ResultRecord.note([labels])
        try ResultRecord.note([labels, place.path("in/b.csv")])
        var options = InputList.Options()
        options.leavesOutLabels = true
        let list = try InputList([place.path("in")], of: .images, options)
        #expect(list.paths == [image] && list.namedResult == nil)
        #expect(list.leftOut.map(\.path) == [labels])
        let lone = try InputList([labels], of: .images, options)
        #expect(lone.paths == [labels] && lone.namedResult == labels)
        #expect(try InputList([image], of: .images, options).namedResult == nil)
        // Whoever asks for labels gets them.
        #expect(try InputList([labels], of: .labels).namedResult == nil)
    }

    @Test(
        "A folder of tracks holds results alone",
        arguments: ["tracks.tif", "ctc/01_RES/mask0.tif"]
    )
    func tracks(name: String) throws {
        let place = try Workplace()
        try place.write(Array("{}".utf8), to: "out/tracking.json")
        let labels = try place.writeImage("out/\(name)")
        var options = InputList.Options()
        options.leavesOutLabels = true
        let folder = URL(filePath: labels).deletingLastPathComponent().path
        let error = #expect(throws: InputError.self) {
            try InputList([folder], of: .images, options)
        }
        #expect(error?.description.contains("left out: 1 result") == true)
        #expect(try InputList([labels], of: .images, options).namedResult == labels)
        #expect(try InputList([folder]).paths == [labels])
    }

    @Test("Outlines are labels of a folder that has no label images, or of the images beside them")
    func outlines() throws {
        let place = try Workplace()
        for name in ["l/a.geojson", "l/b.json", "l/c.zip", "l/notes.txt", "m/a.tif", "m/a.geojson"]
        {
            try place.write(to: name)
        }
        let apart = try InputList([place.path("l")], of: .labels)
        #expect(apart.paths == ["a.geojson", "b.json", "c.zip"].map { place.path("l/\($0)") })
        #expect(throws: InputError.self) { try InputList([place.path("l")]) }
        let beside = try InputList([place.path("m")], of: .labels)
        #expect(beside.paths == [place.path("m/a.geojson")])
        #expect(try InputList([place.path("m")]).paths == [place.path("m/a.tif")])
    }

    @Test("The folder of a Zarr container is an image, not a folder of images")
    func containers() throws {
        let place = try Workplace()
        try place.write(to: "in/b.ome.zarr/0/.zarray")
        try place.write(to: "in/plain/zarr.json")
        try place.write(to: "in/a.tif")
        #expect(
            try InputList([place.path("in")]).paths
                == ["a.tif", "b.ome.zarr", "plain"].map { place.path("in/\($0)") }
        )
        let one = try InputList([place.path("in/plain/")])
        #expect(one.isSingleFile && one.paths == [place.path("in/plain/")])
    }

    @Test("A quoted pattern is expanded; a file named like a pattern is a file")
    func patterns() throws {
        let place = try Workplace()
        for name in ["a1.tif", "a10.tif", "a2.tif", "b.png", "odd[1].tif"] {
            try place.write(to: name)
        }
        #expect(
            try InputList([place.path("a*.tif")]).paths
                == ["a1.tif", "a2.tif", "a10.tif"].map(place.path)
        )
        let odd = try InputList([place.path("odd[1].tif")])
        #expect(odd.paths == [place.path("odd[1].tif")] && odd.isSingleFile)
    }

    @Test("The same file is taken once, whatever it is called")
    func repetitions() throws {
        let place = try Workplace()
        let path = try place.write(to: "a.tif")
        try FileManager.default.createSymbolicLink(
            atPath: place.path("link.tif"),
            withDestinationPath: path
        )
        let list = try InputList([
            path, place.path("./a.tif"), place.path("link.tif"), "no.tif", "no.tif",
        ])
        #expect(list.paths == [path, "no.tif"])
    }

    @Test("A folder without images and a pattern without matches are errors that name them")
    func nothing() throws {
        let place = try Workplace()
        try place.write(to: "empty/readme.md")
        let folderError = #expect(throws: InputError.self) {
            try InputList([place.path("empty")])
        }
        #expect(folderError?.description.contains("holds no image") == true)
        let patternError = #expect(throws: InputError.self) {
            try InputList([place.path("*.czi")])
        }
        #expect(patternError?.description.contains("*.czi: no file matches") == true)
    }
}
