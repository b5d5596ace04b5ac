import Foundation
import ImageFormats
import Imaging
import JobSamples
import Testing

@Suite("Objects from prompts in a volume, as a user meets them", .serialized)
struct VolumePromptTests {
    /// A stack with a bright disc in the slices 1 to 4 of 6; slice 5 is blank.
    private func writeStack(_ place: Workplace, _ name: String = "stack.tif", timePoints: Int = 1)
        throws
    {
        try place.write(to: name)
        let axes = ImageAxes(t: timePoints, z: 6, y: 70, x: 81)
        var writer = try TIFFWriter(
            creating: URL(filePath: place.path(name)),
            axes: axes,
            sampleType: .uint8,
            options: .init(physicalSize: PhysicalSize(x: 0.5, y: 0.5, z: 2, unit: "\u{B5}m"))
        )
        for index in 0..<timePoints * 6 {
            var plane = Raster<UInt8>(repeating: 10, size: Size(width: 81, height: 70))
            if index % 6 < 5 { plane[x: 80, y: 69] = 60 }
            if (1...4).contains(index % 6) {
                for y in 20..<45 {
                    for x in 30..<55 where (x - 42) * (x - 42) + (y - 32) * (y - 32) < 140 {
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

    private func labels(_ place: Workplace, _ name: String) throws -> [LabelImage] {
        let source = try ImageSource(opening: URL(filePath: place.path(name)))
        #expect(source.description.axes.z == 6)
        return try (0..<6).map { try source.readLabels(PlaneIndex(t: 0, z: $0)) }
    }

    @Test("One click gives a label stack, a table of the object, and predictions with their slices")
    func click() throws {
        let place = try Workplace()
        try writeStack(place)
        let end = try run(
            "prompt stack.tif --volume --point 2,32,42 --z-range 1,4 --overlap-threshold 0 -o l.tif "
                + "--format tif,csv,ome-zarr --overlay --predictions p.json",
            place
        )
        #expect(end.status == 0, "\(end.error)")
        #expect(end.output.contains("object") && end.output.contains("1-4"), "\(end.output)")
        for name in ["l.tif", "l.ome.zarr"] {
            let slices = try labels(place, name)
            #expect(
                slices.map { $0.objectLabels() } == [[], [1], [1], [1], [1], []],
                "\(name)"
            )
            #expect(slices[2][x: 42, y: 32] == 1)
        }
        let table = try String(contentsOfFile: place.path("l.csv"), encoding: .utf8)
        let lines = table.split(separator: "\n")
        #expect(lines.count == 2 && lines[0].hasPrefix("label,volume,centroid_x"))
        #expect(lines[0].contains("volume_um3"))
        let predictions = try String(contentsOfFile: place.path("p.json"), encoding: .utf8)
        #expect(predictions.contains("\"z\" : 4") || predictions.contains("\"z\": 4"))
        #expect(
            try place.files().filter { !$0.hasPrefix("l.ome.zarr") } == [
                "l.csv", "l.manifest.jsonl", "l.tif", "l_overlay.tif", "p.json", "stack.tif",
            ]
        )
        // The result is known as one, and nothing is replaced without being asked.
        let again = try run("prompt stack.tif --volume --point 2,32,42 -o l.tif", place)
        #expect(again.status == 1 && again.error.contains("--force"))
    }

    @Test("Objects of a file have prompts in several slices; they leave others alone")
    func file() throws {
        let place = try Workplace()
        try writeStack(place)
        try Data(
            "object,z,y,x,label,name\n5,1,32,42,1,disc\n5,3,32,42,1,\n5,4,32,42,0,\n".utf8
        ).write(to: URL(filePath: place.path("p.csv")))
        let end = try run("prompt stack.tif --volume --prompts p.csv -o l.tif", place)
        #expect(end.status == 0, "\(end.error)")
        let slices = try labels(place, "l.tif")
        #expect(slices.map { $0[x: 42, y: 32] } == [0, 5, 5, 5, 0, 0])
        try Data(
            #"""
            {"format": "microsam.prompts", "version": 1, "objects": [
              {"id": 2, "z": 2, "prompts": [{"type": "point", "y": 32, "x": 42}]},
              {"id": 2, "z": 3, "prompts": [{"type": "point", "y": 32, "x": 42}]}]}
            """#.utf8
        ).write(to: URL(filePath: place.path("p.json")))
        let beside = try run(
            "prompt stack.tif --volume --prompts p.json -o m.tif --besides l.tif",
            place
        )
        #expect(beside.status == 0, "\(beside.error)")
        for (first, second) in zip(slices, try labels(place, "m.tif")) {
            #expect(zip(first.labels, second.labels).allSatisfy { $0 == 0 || $1 == 0 })
        }
        // On a plane, an object still lies on one.
        let planar = try run("prompt stack.tif --prompts p.csv -o n.tif --z 1", place)
        #expect(planar.status == 1 && planar.error.contains("lies on several planes"))
    }

    @Test("A table of a volume is read as prompts again, in a volume and on a plane")
    func tableAgain() throws {
        let place = try Workplace()
        try writeStack(place)
        // Exactly the slices with the disc, wherever the way through them begins.
        let range = "--z-range 1,4 --overlap-threshold 0"
        let first = try run(
            "prompt stack.tif --volume --point 2,32,42 -o l.tif --format tif,csv \(range)",
            place
        )
        #expect(first.status == 0, "\(first.error)")
        let again = try run(
            "prompt stack.tif --volume --prompts l.csv -o again.tif \(range)",
            place
        )
        #expect(again.status == 0, "\(again.error)")
        let (slices, others) = (try labels(place, "l.tif"), try labels(place, "again.tif"))
        #expect(slices.map { $0[x: 42, y: 32] } == others.map { $0[x: 42, y: 32] })
        // The centre lies in slice 2 or 3, so the object is on that plane and on no other.
        let wrong = try run("prompt stack.tif --z 0 --prompts l.csv -o none.tif", place)
        #expect(wrong.status == 1 && wrong.error.contains("no prompt is on the slice 0"))
        let alone = try run("prompt stack.tif --prompts l.csv -o plane.tif", place)
        #expect(alone.status == 0 && alone.error.contains("all prompts are on slice"))
    }

    @Test("Embeddings are stored for all slices, used, completed, and give the same labels")
    func embeddings() throws {
        let place = try Workplace()
        try writeStack(place)
        let prompt = "prompt stack.tif --volume --z 2 --box 19,29,46,56 --projection mask"
        #expect(try run("\(prompt) -o a.tif --embeddings s.zarr", place).status == 0)
        // The first run has stored what it needed; the other slices are added.
        let embed = try run("embed stack.tif --volume -o s.zarr", place)
        #expect(embed.status == 0, "\(embed.error)")
        #expect(try run("\(prompt) -o b.tif --embedding s.zarr", place).status == 0)
        #expect(try run("\(prompt) -o c.tif", place).status == 0)
        let all = try ["a.tif", "b.tif", "c.tif"].map { try labels(place, $0) }
        #expect(all[0] == all[1] && all[0] == all[2])
        let segment = "segment stack.tif --volume"
        #expect(try run("\(segment) -o d.tif --embeddings s.zarr", place).status == 0)
        #expect(try run("\(segment) -o f.tif", place).status == 0)
        #expect(try labels(place, "d.tif") == labels(place, "f.tif"))
    }

    @Test(
        "What does not fit is refused before the model is loaded, and nothing is written",
        arguments: [
            ("stack.tif --volume --point 32,42", "has no slice"),
            ("stack.tif --volume --point 9,32,42", "slices go from 0 to 5"),
            ("stack.tif --volume --point 2,32,42 --z-range 3,4", "slices go from 3 to 4"),
            ("stack.tif --volume --point 2,32,42 --z-range 3,9", "0 to 5"),
            ("stack.tif --volume --point 2,32,420", "outside"),
            ("stack.tif --volume --point 2,32,42,negative", "All prompts are negative"),
            ("stack.tif --volume --point 2,32,42 --point 3,90,42,0", "outside"),
            ("stack.tif --point 2,32,42", "add --volume"),
            ("stack.tif --point 32,42 --projection mask", "add --volume"),
            ("stack.tif --volume --point 2,32,42 --projection all", "--projection"),
            ("stack.tif --volume --point 2,32,42 --masks all", "one mask in a slice"),
            ("stack.tif --volume --point 2,32,42 --overlap-threshold 2", "between 0 and 1"),
            ("movie.tif --volume --point 2,32,42", "2 time points"),
            ("stack.tif --volume --point 2,32,42 --besides small.tif", "small.tif"),
            ("stack.tif --volume --mask small.tif", "small.tif"),
        ]
    )
    func refused(line: String, words: String) throws {
        let place = try Workplace()
        try writeStack(place)
        try writeStack(place, "movie.tif", timePoints: 2)
        try place.writeImage("small.tif")
        let model = "--model none.safetensors"
        let end = try run("prompt \(line) -o l.tif \(model)", place)
        #expect(end.status != 0 && end.error.contains(words), "\(line): \(end.error)")
        #expect(try place.files() == ["movie.tif", "small.tif", "stack.tif"])
    }
}
