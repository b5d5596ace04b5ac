import Files
import Foundation
import ImageFormats
import Imaging
import JobSamples
import Jobs
import Prompting
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("Plates and names of all kinds as input")
struct PlateInputTests {
    /// A plate without pixels: its description is all that is asked for.
    private func writePlate(_ place: Workplace, _ name: String, _ wells: [String: Int]) throws
        -> String
    {
        let list = wells.keys.sorted().map { #"{"path": "\#($0)"}"# }.joined(separator: ", ")
        try place.write(Array(#"{"zarr_format": 2}"#.utf8), to: "\(name)/.zgroup")
        try place.write(Array(#"{"plate": {"wells": [\#(list)]}}"#.utf8), to: "\(name)/.zattrs")
        for (well, count) in wells {
            let images = (0..<count).map { #"{"path": "\#($0)"}"# }.joined(separator: ", ")
            try place.write(Array(#"{"zarr_format": 2}"#.utf8), to: "\(name)/\(well)/.zgroup")
            try place.write(
                Array(#"{"well": {"images": [\#(images)]}}"#.utf8),
                to: "\(name)/\(well)/.zattrs"
            )
        }
        return place.path(name)
    }

    @Test("A plate stands for all its fields, and results are named by well and field")
    func fields() throws {
        let place = try Workplace()
        let plate = try writePlate(place, "screen.zarr", ["A/1": 2, "B/12": 1])
        let names = ["A/1/0", "A/1/1", "B/12/0"]
        for argument in [plate, plate + "/"] {
            let list = try InputList([argument])
            #expect(!list.isSingleFile)
            #expect(list.paths.map { String($0.drop { $0 != "#" }.dropFirst()) } == names)
            let plan = try OutputPlan(list, .init(output: place.path("out")))
            #expect(
                plan.items.map(\.output)
                    == ["A_1_0", "A_1_1", "B_12_0"].map { place.path("out/screen_\($0).tif") }
            )
            let stores = try EmbeddingPlan(list, output: place.path("out"))
            #expect(stores.items.map(\.output).first == place.path("out/screen_A_1_0.zarr"))
        }
        #expect(try InputList([place.folder]).paths.count == 3)
        #expect(try InputList(["\(plate)#A/1"]).paths == names.prefix(2).map { "\(plate)#\($0)" })
        #expect(throws: OutputPlanError.self) {
            try OutputPlan(InputList([plate]), .init(output: place.path("one.tif")))
        }
    }

    @Test("A plate with one field, and a single field of a plate, are single images")
    func singleField() throws {
        let place = try Workplace()
        let plate = try writePlate(place, "one.zarr", ["A/1": 1])
        let list = try InputList([plate])
        #expect(list.isSingleFile && list.paths == [plate])
        let other = try writePlate(place, "two.zarr", ["A/1": 2])
        let field = try InputList(["\(other)#A/1/1"])
        #expect(field.isSingleFile && field.paths == ["\(other)#A/1/1"])
        let plan = try OutputPlan(field, .init(output: place.path("out")))
        #expect(plan.items[0].output == place.path("out/two.tif"))
    }

    @Test("Names that are no UTF-8 and links to nowhere are kept, and told when they are opened")
    func unreachable() throws {
        let place = try Workplace()
        try place.write(to: "in/a.tif")
        let bytes = Array("\(place.folder)/in/b".utf8) + [0xE9] + Array(".tif".utf8) + [0]
        let code = bytes.withUnsafeBufferPointer { name in
            name.withMemoryRebound(to: CChar.self) { $0.baseAddress.map { creat($0, 0o600) } ?? -1 }
        }
        #expect(code >= 0)
        close(code)
        try FileManager.default.createSymbolicLink(
            atPath: place.path("in/c.tif"),
            withDestinationPath: "/nowhere/x.tif"
        )
        try FileManager.default.createSymbolicLink(
            atPath: place.path("in/notes.txt"),
            withDestinationPath: "/nowhere/x.txt"
        )
        let expected = ["a.tif", "b\u{FFFD}.tif", "c.tif"].map { place.path("in/\($0)") }
        #expect(try InputList([place.path("in")]).paths == expected)
        #expect(try InputList([place.path("in/*.tif")]).paths == expected)
        for (path, problem) in [
            (expected[1], "not UTF-8"), (expected[2], "a link to '/nowhere/x.tif'"),
        ] {
            let error = #expect(throws: ImageFormatError.self) {
                try ImageSource(opening: URL(filePath: path))
            }
            #expect(error?.problem.contains(problem) == true)
        }
    }

    @Test(
        "Labels take the place of labels, and of nothing else",
        arguments: ["image", "files", "labels"]
    )
    func replacedContainers(kind: String) throws {
        let place = try Workplace()
        let image = try place.writeImage("a.tif")
        let result = place.path("out.ome.zarr")
        switch kind {
        case "image":
            try place.write(Array(#"{"zarr_format": 2}"#.utf8), to: "out.ome.zarr/.zgroup")
            try place.write(Array(#"{"multiscales": [{}]}"#.utf8), to: "out.ome.zarr/.zattrs")
        case "files": try place.write(to: "out.ome.zarr/thesis.txt")
        default:
            let writer = try OMEZarrLabelWriter(
                creating: URL(filePath: result),
                axes: ImageAxes(y: 3, x: 4)
            )
            try writer.finish()
        }
        if kind == "labels" {
            #expect(throws: Never.self) {
                try OutputPlan(InputList([image]), .init(output: result))
            }
        } else {
            #expect(throws: (any Error).self) {
                try OutputPlan(InputList([image]), .init(output: result))
            }
        }
        // In a folder, too.
        try FileManager.default.createDirectory(
            atPath: place.path("folder"),
            withIntermediateDirectories: true
        )
        try FileManager.default.moveItem(atPath: result, toPath: place.path("folder/a.ome.zarr"))
        let request = OutputPlan.Request(output: place.path("folder"), formats: [.omeZarr])
        if kind == "labels" {
            #expect(try OutputPlan(InputList([image]), request).items[0].isFinished)
        } else {
            let error = #expect(throws: OutputPlanError.self) {
                try OutputPlan(InputList([image]), request)
            }
            #expect(error == .replacedContainer(result: place.path("folder/a.ome.zarr")))
        }
    }
}
