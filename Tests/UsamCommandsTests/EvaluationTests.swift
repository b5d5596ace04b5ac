import ArgumentParser
import Evaluation
import Files
import Foundation
import Prompting
import Segmentation
import Testing
import UsamCommands

@Suite("Evaluating")
struct EvaluationCommandTests {
    private func pairs(_ files: [String], _ labels: [String]) throws -> [[String]] {
        try ImagePairs("image", files, labels: labels).pairs.map { [$0.file, $0.labels, $0.name] }
    }

    @Test("Files of equal names are paired, whatever their order and endings")
    func names() throws {
        #expect(
            try pairs(["i/b.png", "i/a.ome.tif"], ["l/a.tif", "l/b.tif", "l/c.tif"])
                == [["i/a.ome.tif", "l/a.tif", "a"], ["i/b.png", "l/b.tif", "b"]]
        )
    }

    @Test("Files of other names are paired in natural order")
    func order() throws {
        #expect(
            try pairs(["t10.tif", "t9.tif"], ["man9.tif", "man10.tif"])
                == [["t9.tif", "man9.tif", "t9"], ["t10.tif", "man10.tif", "t10"]]
        )
        #expect(
            try pairs(["x/a.tif", "y/a.tif"], ["l/1.tif", "l/2.tif"]).map { $0[2] } == ["a", "a_2"]
        )
    }

    @Test("Numbers that disagree are an error that names a file without partner")
    func numbers() throws {
        let error = #expect(throws: CommandFailure.self) {
            try pairs(["i/a.png", "i/b.png"], ["l/a.png"])
        }
        #expect(error?.message.contains("2 images and 1 label image") == true)
        #expect(error?.message.contains("i/b.png") == true)
    }

    @Test("A limit takes pairs from all parts of the list")
    func limit() throws {
        let names = (0..<10).map { "i\($0).png" }
        let all = try ImagePairs("image", names, labels: names.map { "l/" + $0 })
        #expect(all.limited(to: 2).map(\.name) == ["i2", "i7"])
        #expect(all.limited(to: 10) == all.pairs && all.limited(to: nil).count == 10)
    }

    @Test("Values to try are lists or ranges")
    func ranges() throws {
        let list = try ParameterRange(argument: "min_size=0,50")
        #expect(list.values == [.number(0), .number(50)])
        let range = try ParameterRange(argument: "distance_smoothing=1:2:0.5")
        #expect(range.values == [.number(1), .number(1.5), .number(2)])
        let flags = try ParameterRange(argument: "intersection_over_min=true,false")
        #expect(flags.values == [.flag(true), .flag(false)])
        for text in ["a", "a=", "a=x", "a=1,,2", "a=1:2", "a=2:1:1", "a=1:2:0", "a=1:2:nan"] {
            #expect(throws: ValidationError.self) { try ParameterRange(argument: text) }
        }
    }

    @Test("Best parameters are read back, and become options of segment")
    func best() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let best = BestParameters(
            mode: .instanceDecoder,
            meanAccuracy: 0.5,
            images: 2,
            parameters: ["min_size": .number(50), "distance_smoothing": .number(2.2)]
        )
        let file = folder.appending(path: "best.json")
        try best.text().write(to: file)
        let found = try BestParameters(reading: file.path)
        #expect(found.parameters == best.parameters && found.mode == best.mode)
        #expect(found.optionText == "--mode ais --distance-smoothing 2.2 --min-size 50")
        _ = try Usam.parseAsRoot(
            ["segment", "a.tif", "-o", "b.tif"]
                + found.optionText.split(separator: " ").map(String.init)
        )
        try Data("{}".utf8).write(to: file)
        #expect(throws: CommandFailure.self) { try BestParameters(reading: file.path) }
    }

    @Test("Switches become options without a value, and those that are off none at all")
    func switches() throws {
        let best = BestParameters(
            mode: .generatedPrompts,
            meanAccuracy: 0.5,
            images: 1,
            parameters: [
                "multimasking": .number(1), "intersection_over_min": .flag(true),
                "refine_with_box_prompts": .flag(false), "nms_threshold": .number(0.8),
            ]
        )
        let text = "--mode apg --intersection-over-min --multimasking --nms-threshold 0.8"
        #expect(best.optionText == text)
    }
}
