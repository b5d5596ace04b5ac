import Evaluation
import Foundation
import ImageFormats
import Judging
import Prompting
import Testing

@Suite("Measurements that are kept")
struct StoreTests {
    private func conditions(_ model: String = "a") -> JudgementStore.Conditions {
        .init(model: model, settings: JudgeSettings(), reading: .init())
    }

    private func saved(in place: Workplace) throws -> JudgementStore {
        let store = try JudgementStore(place.path("out"), conditions())
        let data = Data(#"{"name": "x", "prompted": [], "seconds": 1.5}"#.utf8)
        try store.save(JSONDecoder().decode(ImageJudgement.self, from: data))
        return store
    }

    @Test("A run is continued under equal conditions only")
    func conditionsDiffer() throws {
        let place = try Workplace()
        _ = try saved(in: place)
        let again = try JudgementStore(place.path("out"), conditions())
        #expect(again.judgement(of: "x")?.seconds == 1.5)
        #expect(throws: JudgingError.otherConditions(folder: place.path("out"), .judgements)) {
            try JudgementStore(place.path("out"), conditions("b"))
        }
        let replaced = try JudgementStore(place.path("out"), conditions("b"), replaces: true)
        #expect(replaced.judgement(of: "x") == nil)
    }

    @Test("Measurements of an unknown model are never continued")
    func conditionsUnreadable() throws {
        let place = try Workplace()
        _ = try saved(in: place)
        let settings = place.url.appending(path: "out/settings.json")
        try FileManager.default.removeItem(at: settings)
        let error = JudgingError.conditionsUnreadable(folder: place.path("out"), .judgements)
        #expect(throws: error) { try JudgementStore(place.path("out"), conditions()) }
        // A folder in the place of the file cannot be read, whoever runs the tests.
        try FileManager.default.createDirectory(at: settings, withIntermediateDirectories: true)
        #expect(throws: error) { try JudgementStore(place.path("out"), conditions()) }
    }

    @Test("A search is continued under equal conditions only")
    func search() throws {
        let place = try Workplace()
        let grid = ParameterGrid([ParameterRange(name: "min_size", values: [.number(5)])])
        func search(_ model: String, replaces: Bool = false) throws -> GridSearch {
            try GridSearch(
                .init(model: model, mode: .instanceDecoder, grid: grid),
                output: place.path("search"),
                replaces: replaces
            )
        }
        _ = try search("a")
        _ = try search("a")
        #expect(throws: JudgingError.otherConditions(folder: place.path("search"), .search)) {
            try search("b")
        }
        _ = try search("b", replaces: true)
        let settings = place.url.appending(path: "search/settings.json")
        try FileManager.default.removeItem(at: settings)
        try FileManager.default.createDirectory(at: settings, withIntermediateDirectories: true)
        #expect(throws: JudgingError.conditionsUnreadable(folder: place.path("search"), .search)) {
            try search("b")
        }
    }

    @Test("From which size on images are joined is a condition of a search")
    func searchLimits() throws {
        let place = try Workplace()
        let grid = ParameterGrid([ParameterRange(name: "min_size", values: [.number(5)])])
        func search(_ limits: PlanningLimits) throws -> String {
            _ = try GridSearch(
                .init(model: "a", mode: .instanceDecoder, grid: grid, limits: limits),
                output: place.path("search")
            )
            return try String(contentsOfFile: place.path("search/settings.json"), encoding: .utf8)
        }
        // What was written before there was a choice is continued.
        #expect(try !search(.standard).contains("joinedPixels"))
        #expect(try search(.standard).contains("min_size"))
        let other = PlanningLimits(joinedPixels: 5)
        try FileManager.default.createDirectory(
            atPath: place.path("search/grid_search/x"),
            withIntermediateDirectories: true
        )
        #expect(throws: JudgingError.otherConditions(folder: place.path("search"), .search)) {
            try search(other)
        }
    }

    @Test("Best parameters are read back")
    func best() throws {
        let place = try Workplace()
        let best = BestParameters(
            mode: .instanceDecoder,
            meanAccuracy: 0.5,
            images: 2,
            parameters: ["min_size": .number(50), "distance_smoothing": .number(2.2)]
        )
        try place.write(String(decoding: try best.text(), as: UTF8.self), to: "best.json")
        #expect(try BestParameters(reading: place.path("best.json")) == best)
        try place.write("{}", to: "best.json")
        #expect(throws: JudgingError.noParameters(file: place.path("best.json"))) {
            try BestParameters(reading: place.path("best.json"))
        }
        #expect(throws: JudgingError.parametersUnreadable(file: place.path("no.json"))) {
            try BestParameters(reading: place.path("no.json"))
        }
    }

    @Test("Only parameters of derived points are switches")
    func switches() {
        let names = AutomaticMode.allCases.flatMap { ParameterTable.names(of: $0) }
        #expect(
            Set(names.filter(ParameterTable.isSwitch))
                == ["intersection_over_min", "multimasking", "refine_with_box_prompts"]
        )
    }

    @Test("Lists of data sets are checked")
    func sets() throws {
        let place = try Workplace()
        let file = place.path("sets.json")
        let text = #"[{"name": "n", "images": ["i"], "labels": ["l"], "label_key": "x"}]"#
        try place.write(text, to: "sets.json")
        let sets = try EvaluationSet.list(in: file)
        #expect(sets.map(\.name) == ["n"] && sets[0].reading.labelKey == "x")
        #expect(EvaluationSet.paths(["a", "/b"], in: "/d") == ["/d/a", "/b"])
        try place.write("[" + text.dropFirst().dropLast() + "," + text.dropFirst(), to: "sets.json")
        #expect(throws: JudgingError.namesEqual(file: file)) { try EvaluationSet.list(in: file) }
        try place.write(text.replacing("\"n\"", with: "\"a/b\""), to: "sets.json")
        #expect(throws: JudgingError.nameUnusable(file: file, name: "a/b")) {
            try EvaluationSet.list(in: file)
        }
        try place.write("{}", to: "sets.json")
        #expect(throws: JudgingError.noList(file: file)) { try EvaluationSet.list(in: file) }
    }
}
