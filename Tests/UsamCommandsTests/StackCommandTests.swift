import Foundation
import ImageFormats
import Imaging
import JobSamples
import Testing

@Suite("Stacks, as a user meets them", .serialized)
struct StackCommandTests {
    /// Planes in which nothing can be seen, so that they need no model.
    private func writeStack(_ place: Workplace, _ name: String, _ axes: ImageAxes) throws {
        try place.write(to: name)
        var writer = try TIFFWriter(
            creating: URL(filePath: place.path(name)),
            axes: axes,
            sampleType: .uint8
        )
        let plane = Raster<UInt8>(repeating: 7, size: Size(width: axes.x, height: axes.y))
        for _ in 0..<axes.t * axes.z { try writer.append(.uint8(plane)) }
        try writer.finish()
    }

    private func run(_ line: String, _ place: Workplace) throws -> Program.Ending {
        try Program.run(line.split(separator: " ").map(String.init), in: place.folder)
    }

    @Test(
        "Labels and overlays of a stack are stacks, in the form that the name says",
        arguments: [
            ("l.tif", "tif,csv,geojson,roi", "l_overlay.tif"),
            ("l.ome.tif", "tif,csv,geojson,roi", "l_overlay.tif"),
            ("out", "ome-zarr,csv,geojson,roi", "out/stack_overlay.tif"),
        ]
    )
    func results(output: String, formats: String, overlay: String) throws {
        let place = try Workplace()
        let axes = ImageAxes(z: 3, y: 18, x: 24)
        try writeStack(place, "stack.tif", axes)
        let end = try run(
            "segment stack.tif -o \(output) --each-plane --overlay --format \(formats)",
            place
        )
        #expect(end.status == 0, "\(end.error)")
        #expect(end.output.contains("stack.tif: 0 objects in 3 planes -> "))
        let labels = output == "out" ? "out/stack.ome.zarr" : output
        for name in [labels, overlay] {
            let source = try ImageSource(opening: URL(filePath: place.path(name)))
            #expect(source.description.axes.z == 3, "\(name)")
        }
        if output.hasSuffix(".ome.tif") {
            let bytes = try Data(contentsOf: URL(filePath: place.path(output)))
            #expect(bytes.range(of: Data("<OME xmlns".utf8)) != nil)
        }
        let table = output == "out" ? "out/stack.csv" : "l.csv"
        let columns = try String(contentsOfFile: place.path(table), encoding: .utf8)
        #expect(columns.hasPrefix("t,z,label,"))
    }

    @Test("Volumes: what does not fit is refused, what is empty has no objects")
    func volume() throws {
        let place = try Workplace()
        try writeStack(place, "stack.tif", ImageAxes(z: 3, y: 18, x: 24))
        try writeStack(place, "movie.tif", ImageAxes(t: 2, z: 3, y: 18, x: 24))
        let end = try run("segment stack.tif -o l.tif --volume --format tif,csv,stl,obj", place)
        #expect(end.status == 0, "\(end.error)")
        #expect(end.output.contains("stack.tif: 0 objects in 3 planes -> "))
        let table = try String(contentsOfFile: place.path("l.csv"), encoding: .utf8)
        #expect(table.hasPrefix("label,volume,"))
        let movie = try run("segment movie.tif -o m.tif --volume", place)
        #expect(movie.status == 1 && movie.error.contains("--t 0...1"))
        for (line, words) in [
            ("segment stack.tif -o m.tif --close-gaps 1", "add --volume"),
            ("segment stack.tif -o m.tif --volume --each-plane", "leave out one of them"),
            ("segment stack.tif -o m.tif --volume --merging best", "multicut"),
            ("segment stack.tif -o m.tif --each-plane --format tif,stl", "add --volume"),
        ] {
            let end = try run(line, place)
            #expect(end.status != 0 && end.error.contains(words), "\(line): \(end.error)")
        }
        #expect(
            try place.files().sorted() == [
                "l.csv", "l.manifest.jsonl", "l.obj", "l.tif", "movie.tif", "stack.tif",
            ]
        )
    }

    @Test(
        "A stack without a choice is answered with all that can be chosen",
        arguments: ["segment stack.tif -o l.tif", "prompt stack.tif --point 3,4 -o l.tif"]
    )
    func undecided(line: String) throws {
        let place = try Workplace()
        try writeStack(place, "stack.tif", ImageAxes(z: 3, y: 18, x: 24))
        let end = try run(line, place)
        #expect(end.status == 1 && end.output.isEmpty)
        #expect(end.error.contains("--z 0...2") && end.error.contains("--each-plane"))
        #expect(end.error.contains("--volume"))
        #expect(try place.files() == ["stack.tif"])
    }
}
