import Evaluation
import Foundation
import TestFixtures
import Testing

/// What others computed of the movies of the fixtures.
private struct ReferenceScores: Decodable {
    struct Case: Decodable {
        let truth: String
        let ctcmetrics: [String: Double?]?
        let error: String?
        let other: Other?

        enum CodingKeys: String, CodingKey {
            case truth, ctcmetrics
            case error = "ctcmetrics_error"
            case other = "traccuracy_ctc_matcher"
        }
    }

    /// Values of traccuracy.
    struct Other: Decodable {
        let graph: [String: Double?]
        let association: [String: Double?]

        enum CodingKeys: String, CodingKey {
            case graph = "CTCMetrics"
            case association = "CHOTAMetric"
        }
    }

    let cases: [String: Case]

    static func load() throws -> ReferenceScores {
        let file = Fixtures.folder.appendingPathComponent("ctc_metrics.json")
        return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    }
}

@Suite("Scores of tracks agree with py-ctcmetrics", .enabled(if: Fixtures.areAvailable))
struct TrackScoreParityTests {
    /// Where py-ctcmetrics counts being missed as being followed: in most of their frames, some cells are found nowhere.
    private static let otherwise: [String: [String: Double]] = [
        "first_frames_empty": ["MT": 20.0 / 23, "ML": 2.0 / 23],
        "perturbed": ["MT": 17.0 / 23, "ML": 1.0 / 23],
    ]

    @Test("Every value of every movie that py-ctcmetrics can score")
    func all() throws {
        let cases = try ReferenceScores.load().cases
        var compared = 0
        for (name, expected) in cases.sorted(by: { $0.key < $1.key }) {
            guard let values = expected.ctcmetrics, values["Valid"] == 1 else { continue }
            let truth = try ScoredMovie("truth_\(expected.truth)")
            let score = try ScoredMovie(name).score(against: truth)
            #expect(score.resultIssues.isEmpty, "\(name): \(score.resultIssues)")
            for (measure, value) in values {
                // Names without a value of their own, such as BC, are null there.
                guard let value = Self.otherwise[name]?[measure] ?? value else { continue }
                let found = try #require(score[measure], "\(name): \(measure)")
                #expect(abs(found - value) <= 1e-6, "\(name): \(measure)")
                compared += 1
            }
        }
        #expect(compared == 1323)
    }

    @Test(
        "Movies that py-ctcmetrics calls invalid or fails on have the values of the definitions",
        arguments: [
            ("empty", ["TRA": 0, "DET": 0, "CHOTA": 0]),
            ("single_frame", ["TRA": 1, "DET": 1, "CHOTA": 1]),
            ("single_frame_one_missing", ["TRA": 0.8, "DET": 0.8, "CHOTA": 0.8944271909999159]),
            ("truth_without_background.perfect", ["TRA": 1, "DET": 1, "LNK": 1, "CHOTA": 1]),
            // One object covers everything: 129 splits are missing, as in the movie with all objects merged.
            (
                "whole_image",
                ["TRA": 0.4849397590361446, "DET": 0.5551724137931034, "CHOTA": 0.3542841252149331]
            ),
        ]
    )
    func invalid(name: String, values: [String: Double]) throws {
        let expected = try #require(try ReferenceScores.load().cases[name])
        #expect(expected.error != nil || expected.ctcmetrics?["Valid"] == 0)
        let truth = try ScoredMovie("truth_\(expected.truth)")
        let score = try ScoredMovie(name).score(against: truth)
        for (measure, value) in values {
            let found = try #require(score[measure])
            #expect(abs(found - value) <= 1e-6, "\(measure)")
        }
        #expect(score.resultIssues == (name == "empty" ? [.empty] : []))
        guard name != "whole_image", let other = expected.other else { return }
        for (measure, value) in other.graph.merging(other.association, uniquingKeysWith: { $1 })
        where ["TRA", "DET", "LNK", "CHOTA"].contains(measure) {
            let found = score[measure]
            #expect((found == nil) == (value == nil), "\(measure)")
            if let found, let value { #expect(abs(found - value) <= 1e-6, "\(measure)") }
        }
    }

    @Test("Gaps of a track are reported; its parts are linked as with a parent")
    func gaps() throws {
        let truth = try ScoredMovie("truth_A")
        let score = try ScoredMovie("gaps_same_id").score(against: truth)
        #expect(!score.resultIssues.isEmpty)
        #expect(
            score.resultIssues.allSatisfy {
                if case .missing = $0 { true } else { false }
            }
        )
        let linked = try ScoredMovie("gaps_linked").score(against: truth)
        for name in ["DET", "SEG", "TRA", "LNK", "HOTA", "CHOTA", "IDF1", "MOTA"] {
            #expect(score[name] == linked[name], "\(name)")
        }
    }

    @Test("No measure depends on the numbers of the tracks")
    func numbers() throws {
        let truth = try ScoredMovie("truth_A")
        for name in ["perturbed", "merged_objects", "wrong_parents", "gaps_linked"] {
            let movie = try ScoredMovie(name)
            let score = try movie.score(against: truth)
            let other = try movie.renumbered { 900 - $0 }.score(
                against: truth.renumbered { 800 - $0 }
            )
            for value in score.values {
                let found = other[value.name]
                #expect((found == nil) == (value.value == nil))
                if let found, let expected = value.value {
                    #expect(abs(found - expected) < 1e-12, "\(name): \(value.name)")
                }
            }
        }
    }
}
