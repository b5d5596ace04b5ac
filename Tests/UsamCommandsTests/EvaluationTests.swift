import ArgumentParser
import Evaluation
import ImageFormats
import Judging
import Prompting
import Testing
import UsamCommands

@Suite("Evaluating")
struct EvaluationCommandTests {
    @Test("Files that can not be paired are an error that names one without partner")
    func numbers() throws {
        let error = #expect(throws: CommandFailure.self) {
            try PairedFiles(["i/a.png", "i/b.png"], labels: ["l/a.png"])
        }
        #expect(error?.message.contains("2 images and 1 label image") == true)
        #expect(error?.message.contains("i/b.png") == true)
    }

    @Test("Pairs come in natural order; a limit takes some of all parts of the list")
    func limit() throws {
        let names = (0..<11).map { "i\($0).png" }
        let all = try PairedFiles(names.reversed(), labels: names.map { "l/" + $0 })
        #expect(all.pairs.map(\.image) == names)
        #expect(all.pairs.map(\.labels) == names.map { "l/" + $0 })
        #expect(all.limited(to: 2).map(\.name) == ["i2", "i8"])
    }

    @Test("Stored results of another model are told with the option that replaces them")
    func mixedResults() {
        let told = describe(JudgingError.otherConditions(folder: "out", .judgements))
        #expect(
            told
                == "out: the folder holds results of another model or of other settings "
                + "(settings.json); choose another folder, or give --force to replace them"
        )
        #expect(
            describe(JudgingError.otherConditions(folder: "out", .search))
                == "out: the folder holds a search with another model or other settings "
                + "(settings.json); choose another folder, or give --force"
        )
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

    @Test("Best parameters become options of segment")
    func best() throws {
        let best = BestParameters(
            mode: .instanceDecoder,
            meanAccuracy: 0.5,
            images: 2,
            parameters: ["min_size": .number(50), "distance_smoothing": .number(2.2)]
        )
        #expect(best.optionText == "--mode ais --distance-smoothing 2.2 --min-size 50")
        _ = try Usam.parseAsRoot(
            ["segment", "a.tif", "-o", "b.tif"]
                + best.optionText.split(separator: " ").map(String.init)
        )
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
