import Foundation
import ImageFormats
import Imaging
import Prompting
import Testing

/// Lists of prompts that would keep a program busy or exhaust it, in small.
@Suite("Prompts that mean harm")
struct HostilePromptTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// What reading the text says.
    private func refusal(_ text: String, _ name: String) throws -> PromptError? {
        let url = folder.file(name)
        try Data(text.utf8).write(to: url)
        let error = #expect(throws: (any Error).self) { try PromptFile(reading: url.path) }
        if let error = error as? ImageFormatError {
            return PromptError(
                error.kind == .tooLarge ? .tooLarge : .malformed,
                file: name,
                error.problem,
                advice: error.advice
            )
        }
        return error as? PromptError
    }

    private func json(_ objects: [String], more: String = "") -> String {
        "{\"format\": \"microsam.prompts\", \"version\": 1\(more), \"objects\": ["
            + objects.joined(separator: ",") + "]}"
    }

    private func object(_ number: Int, _ prompts: [String]) -> String {
        "{\"id\": \(number), \"prompts\": [\(prompts.joined(separator: ","))]}"
    }

    /// Corners that go from one end of the largest image to the other, so often that a polygon of a few
    /// costs as much as a million.
    private let zigzag = (0..<40).map { $0 % 2 == 0 ? 0 : 1 << 24 }

    @Test("More objects than are read")
    func objects() throws {
        let objects = (1...100_001).map { #"{"id":\#($0),"prompts":[]}"# }
        #expect(try refusal(json(objects), "a.json")?.problem == "100001 objects")
        let rows = "y,x\n" + String(repeating: "1,2\n", count: 100_001)
        #expect(try refusal(rows, "a.csv")?.problem == "100001 objects")
        let points = (0..<100_001).map { _ in #"{"type":"Point","coordinates":[1,2]}"# }
            .joined(separator: "},{\"geometry\":")
        let features = "{\"features\":[{\"geometry\":\(points)}]}"
        #expect(try refusal(features, "a.geojson")?.problem == "100001 objects")
    }

    @Test("More prompts of one object than are used")
    func prompts() throws {
        let points = Array(repeating: #"{"type":"point","y":1,"x":2}"#, count: 10_001)
        let error = try refusal(json([object(1, points)]), "a.json")
        #expect(error?.kind == .tooLarge && error?.place == "objects[0]")
        #expect(error?.problem == "10001 prompts" && error?.advice.contains("10000") == true)
        let rows = "object,y,x\n" + String(repeating: "1,1,2\n", count: 10_001)
        #expect(try refusal(rows, "a.csv")?.place == "line 10002")
        let list = Array(repeating: "[1,2]", count: 10_001).joined(separator: ",")
        let several = "{\"type\":\"MultiPoint\",\"coordinates\":[\(list)]}"
        #expect(try refusal(several, "a.geojson")?.problem == "10001 prompts")
    }

    @Test("Outlines that cross more rows than any image has")
    func rows() throws {
        let corners = zigzag.map { "[\($0),\($0 % 3)]" }.joined(separator: ",")
        let polygon = "{\"type\":\"polygon\",\"points\":[\(corners)]}"
        let own = try refusal(json([object(1, [polygon])]), "a.json")
        #expect(own?.kind == .tooLarge && own?.problem.contains("rows of pixels") == true)
        let table =
            "index,shape-type,vertex-index,axis-0,axis-1\n"
            + zigzag.enumerated().map { "0,polygon,\($0),\($1),\($1 % 3)\n" }.joined()
        #expect(try refusal(table, "a.csv")?.problem.contains("rows of pixels") == true)
        let ring = zigzag.map { "[\($0 % 3),\($0)]" }.joined(separator: ",")
        let feature = "{\"type\":\"Polygon\",\"coordinates\":[[\(ring),[0,0]]]}"
        #expect(try refusal(feature, "a.geojson")?.problem.contains("rows of pixels") == true)
        let numbers = zigzag.flatMap { [$0 % 3, $0] }.map(String.init).joined(separator: ",")
        let coco = "{\"annotations\":[{\"id\":1,\"segmentation\":[[\(numbers)]]}]}"
        #expect(try refusal(coco, "a.json")?.problem.contains("rows of pixels") == true)
    }

    @Test("Outlines of a few corners over the whole image are none of these")
    func large() throws {
        let polygon = #"{"type":"polygon","points":[[-1e9,-1e9],[1e9,-1e9],[1e9,1e9]]}"#
        let url = folder.file("a.json")
        try Data(json([object(1, [polygon])]).utf8).write(to: url)
        #expect(try PromptFile(reading: url.path).document.objects.count == 1)
    }

    @Test("Members that nobody knows are passed over, and long ones that are known are refused")
    func members() throws {
        let junk = "[" + Array(repeating: "[1]", count: 50_000).joined(separator: ",") + "]"
        let point = object(1, [#"{"type":"point","y":1,"x":2}"#])
        let url = folder.file("a.json")
        try Data(json([point], more: ", \"junk\": \(junk)").utf8).write(to: url)
        #expect(try PromptFile(reading: url.path).document.objects.count == 1)
        let name = String(repeating: "a", count: 1 << 20)
        let error = try refusal(
            json([point], more: ", \"image\": {\"name\": \"\(name)\"}"),
            "b.json"
        )
        #expect(error?.kind == .tooLarge)
    }

    @Test("Lists of nothing, and positions that are none")
    func shapes() throws {
        for coordinates in ["[[],[[]]]", "[[1,2],[[1,2]]]", "[[1,2],3]", "[1]", "[[1,2,3,4,5]]"] {
            let text = "{\"type\":\"Polygon\",\"coordinates\":\(coordinates)}"
            _ = try refusal(text, "a.geojson")
        }
        let empty = "{\"features\":[{\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[]}}]}"
        try Data(empty.utf8).write(to: folder.file("b.geojson"))
        let file = try RegionFile(opening: folder.file("b.geojson").path)
        #expect(file.objects.isEmpty && file.leftOut == [.empty(count: 1)])
    }

    @Test("Objects that lie on each other a hundred times and more are no labels")
    func covered() throws {
        func file(_ count: Int) throws -> RegionFile {
            let box = #"{"bbox":[-5,-5,1e6,1e6]}"#
            let text = Array(repeating: box, count: count).joined(separator: ",")
            return try RegionFile(Array("{\"annotations\":[\(text)]}".utf8), file: "a.json")
        }
        let axes = ImageAxes(y: 6, x: 7)
        #expect(try file(100).labels(axes).labels.allSatisfy { $0 == 100 })
        let error = #expect(throws: ImageFormatError.self) { try file(101).labels(axes) }
        #expect(error?.kind == .tooLarge && error?.problem.contains("100 times") == true)
    }

    @Test("Masks of another size are handed on without being unpacked")
    func masks() throws {
        let text = """
            {"annotations": [{"id": 1, "segmentation": {"size": [16777216, 16777216], "counts": "1"}}]}
            """
        let file = try RegionFile(Array(text.utf8), file: "a.json")
        var options = PromptReadingOptions()
        options.outlines = .centre
        options.imageSize = Size(width: 4, height: 3)
        let document = try file.prompts(options)
        guard case .mask = document.objects[0].prompts[0] else {
            Issue.record("the mask was unpacked")
            return
        }
    }
}
