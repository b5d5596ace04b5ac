import Files
import Foundation
import Imaging
import Testing
import TrackFiles
import Tracking
import Zarr

@Suite("Places of the nodes of a GEFF")
struct PlaceCheckTests {
    private let folder: TemporaryFolder
    private let movie: MovieSample

    init() throws {
        folder = try TemporaryFolder()
        movie = try MovieSample(seed: 3)
        try GEFFWriter(labelImages: "../tracks.tif").write(movie.graph, to: folder.file("a.geff"))
    }

    /// The file with other axes for its properties.
    private func file(axes: [JSONObject]) throws -> GEFFFile {
        let group = try ZarrGroup(opening: folder.file("a.geff"))
        var attributes = try group.attributes()
        var geff = try #require(attributes["geff"]?.object)
        geff["axes"] = .array(axes.map { .object($0) })
        attributes["geff"] = .object(geff)
        try group.setAttributes(attributes)
        return try GEFFFile(reading: folder.file("a.geff"))
    }

    private func space(_ name: String, _ more: JSONObject = [:]) -> JSONObject {
        var axis = more
        axis["name"] = .string(name)
        axis["type"] = "space"
        return axis
    }

    private func matched(_ file: GEFFFile, _ frames: [LabelImage]) throws -> LineageGraph {
        var matching = ObjectMatching(of: file)
        for labels in frames { try matching.add(labels) }
        return try matching.finish()
    }

    /// The same labels, each elsewhere.
    private func turned(_ labels: LabelImage) throws -> LabelImage {
        try LabelImage(size: labels.size, labels: Array(labels.labels.reversed()))
    }

    @Test("Label images with the same numbers for other objects are refused, with both places")
    func otherLabels() throws {
        let file = try GEFFFile(reading: folder.file("a.geff"))
        let error = try #require(throws: TrackFileError.self) {
            try matched(file, movie.frames.map { try turned($0) })
        }
        #expect(error.kind == .mismatch && error.path == folder.file("a.geff").path)
        let count = " of \(movie.graph.count) nodes"
        for words in ["node ", "of frame ", "has the label ", "lies at x ", count] {
            #expect(error.problem.contains(words), "\(error)")
        }
        #expect(error.advice.contains("label images"))
    }

    @Test("A few objects that lie elsewhere, and places a little beside, are no other labels")
    func few() throws {
        let file = try GEFFFile(reading: folder.file("a.geff"))
        var frames = movie.frames
        frames[2] = try turned(frames[2])
        #expect(try matched(file, frames).count == movie.graph.count)
        var check = PlaceCheck(of: file)
        var node = try #require(file.graph.nodes.first)
        node.centroid = Point(x: 7, y: 23)
        check.add(node, in: Region(x: 10, y: 10, width: 5, height: 11))
        try check.finish()
        node.centroid.x = 6.9
        check.add(node, in: Region(x: 10, y: 10, width: 5, height: 11))
        #expect(throws: TrackFileError.self) { try check.finish() }
    }

    @Test("Places in units become pixels by the scale of the axes")
    func scale() throws {
        func expect(_ factor: Double, _ axis: JSONObject) throws {
            let file = try file(axes: [space("y", axis), space("x", axis)])
            #expect(file.notes.isEmpty)
            for node in movie.graph.nodes {
                let found = try #require(file.graph[node.id]?.centroid)
                #expect(abs(found.x - factor * node.centroid.x) < 1e-9)
                #expect(abs(found.y - factor * node.centroid.y) < 1e-9)
            }
        }
        let length: JSONObject = ["unit": "micrometer"]
        var size = length
        size["scale"] = .number(0.5)
        try expect(2, size)
        size["scaled_unit"] = "pixel"
        try expect(0.5, size)
        // What this library writes: pixels, and the scale that leads away from them.
        let pixels: JSONObject = [
            "unit": "pixel", "scale": .number(0.5), "scaled_unit": "micrometer",
        ]
        try expect(1, pixels)
        try expect(1, [:])
    }

    @Test("A unit without a scale is said, and places are not held against labels then")
    func unknownUnit() throws {
        let axis: JSONObject = ["unit": "micrometer"]
        let file = try file(axes: [space("y", axis), space("x", axis)])
        #expect(file.notes.count == 1 && file.notes[0].contains("'micrometer'"))
        #expect(file.graph.nodes.map(\.centroid) == movie.graph.nodes.map(\.centroid))
        let frames = try movie.frames.map { try turned($0) }
        #expect(try matched(file, frames).count == movie.graph.count)
    }

    @Test("Of three axes in space the first is left out, and that is said")
    func threeAxes() throws {
        let file = try file(axes: [space("z"), space("y"), space("x")])
        #expect(file.notes.count == 1 && file.notes[0].contains("'z'"))
        #expect(file.graph.count == movie.graph.count)
    }
}
