import Evaluation
import Imaging
import Testing
import Tracking

@Suite("Scores of tracks")
struct TrackScoreTests {
    private func record(
        _ id: UInt32,
        _ first: Int,
        _ last: Int,
        of parent: UInt32? = nil
    ) -> TrackRecord {
        TrackRecord(id: id, first: first, last: last, parent: parent)
    }

    /// A cell that divides after two frames, beside one that does not.
    private func division() throws -> ScoredMovie {
        try ScoredMovie(
            ["11...44", "11...44", "2.33.44", "2.33.44"],
            [record(1, 0, 1), record(2, 2, 3, of: 1), record(3, 2, 3, of: 1), record(4, 0, 3)]
        )
    }

    @Test("A perfect result has the best value of every measure")
    func perfect() throws {
        let movie = try division()
        let score = try movie.score(against: movie)
        #expect(score.resultIssues.isEmpty && score.truthIssues.isEmpty)
        // No cell begins and ends with a division.
        #expect(score["CCA"] == nil)
        for value in score.measures where value.name != "CCA" {
            #expect(value.value == 1, "\(value.name)")
        }
        #expect(score["AOGM_0"] == 10 * 10 + 1.5 * 8)
    }

    @Test("Each kind of error costs what the definition says")
    func costs() throws {
        // The second daughter is missed in the last frame, and there is an object that is none.
        let lost = try ScoredMovie(
            ["11...44", "11.5.44", "2.33.44", "2....44"],
            [
                record(1, 0, 1), record(2, 2, 3, of: 1), record(3, 2, 2, of: 1), record(4, 0, 3),
                record(5, 1, 1),
            ]
        )
        let score = try lost.score(against: division())
        #expect(score.resultIssues.isEmpty)
        #expect(score.corrections.missingObjects == 1)
        #expect(score.corrections.superfluousObjects == 1)
        #expect(score.corrections.missingLinks == 1)
        #expect(score["AOGM"] == 10 + 1 + 1.5)
        #expect(score["DET"] == 1 - 11.0 / 100)
        #expect(score["TRA"] == 1 - 12.5 / 112)
    }

    @Test("A mother that goes on as one daughter has a link of the wrong kind")
    func goesOn() throws {
        let movie = try ScoredMovie(
            ["11...44", "11...44", "1.33.44", "1.33.44"],
            [record(1, 0, 3), record(3, 2, 3), record(4, 0, 3)]
        )
        let score = try movie.score(against: division())
        #expect(score.corrections.wrongLinks == 1 && score.corrections.missingLinks == 1)
        #expect(score["LNK"] == 1 - 2.5 / 12)
        #expect(score.divisions[0].falseNegatives == 1)
        #expect(score["Division F1"] == 0 && score["Division precision"] == nil)
    }

    @Test("A division that comes a frame too late counts from a tolerance of one frame on")
    func late() throws {
        let movie = try ScoredMovie(
            ["11...44", "11...44", "1....44", "2.33.44"],
            [record(1, 0, 2), record(2, 3, 3, of: 1), record(3, 3, 3, of: 1), record(4, 0, 3)]
        )
        let score = try movie.score(against: division())
        #expect(score.divisions.map(\.f1) == [0, 1, 1, 1])
        #expect(score["BC(0)"] == 0 && score["BC(1)"] == 1)
    }

    @Test("Measures without a value are nil, and divisions that are none count")
    func withoutDivisions() throws {
        let truth = try ScoredMovie(["11..", "11.."], [record(1, 0, 1)])
        let same = try truth.score(against: truth)
        #expect(same["BC(0)"] == nil && same["Division F1"] == nil && same["TRA"] == 1)
        let split = try ScoredMovie(
            ["11..", "23.."],
            [record(1, 0, 0), record(2, 1, 1, of: 1), record(3, 1, 1, of: 1)]
        )
        let score = try split.score(against: truth)
        #expect(score["BC(0)"] == nil && score["Division F1"] == 0)
        #expect(score["Division precision"] == 0 && score["Division recall"] == nil)
    }

    @Test(
        "An empty result is the worst, and an empty truth has no scores; a movie without frames neither"
    )
    func empty() throws {
        let truth = try division()
        let nothing = ScoredMovie(
            frames: truth.frames.map { LabelImage(size: $0.size) },
            records: []
        )
        let score = try nothing.score(against: truth)
        #expect(score.resultIssues == [.empty])
        for name in ["DET", "TRA", "LNK", "SEG", "CT", "TF", "MOTA", "HOTA", "CHOTA", "IDF1"] {
            #expect(score[name] == 0, "\(name)")
        }
        // py-ctcmetrics counts a track that is never seen as mostly tracked.
        #expect(score["ML"] == 1 && score["MT"] == 0)
        #expect(score["Precision"] == nil && score["IDP"] == nil && score["Recall"] == 0)
        let other = try truth.score(against: nothing)
        #expect(other.truthIssues == [.empty])
        #expect(other["DET"] == nil && other["TRA"] == nil && other["MOTA"] == nil)
        #expect(other["CHOTA"] == 0 && other["Precision"] == 0)
        let none = TrackComparison(truth: [], result: []).score()
        #expect(none.measures.allSatisfy { $0.value == nil })
    }

    @Test("Masks of their own decide about the segmentation")
    func segmentation() throws {
        let movie = try division()
        var comparison = TrackComparison(truth: movie.records, result: movie.records)
        for frame in movie.frames { try comparison.add(truth: frame, result: frame) }
        let exact = try ScoredMovie(["111..44"], []).frames[0]
        comparison.addSegmentation(
            try LabelOverlap(truth: exact, prediction: movie.frames[0])
        )
        let score = comparison.score()
        let overlap = try #require(score["SEG"])
        #expect(abs(overlap - 5.0 / 6) < 1e-12)
        #expect(score["DET"] == 1)
    }

    @Test("Tracks that break the rules are reported, and scored as they are seen")
    func issues() throws {
        let truth = try division()
        let result = ScoredMovie(
            frames: truth.frames,
            records: [
                record(1, 0, 1), record(1, 0, 3), record(2, 2, 3, of: 9), record(3, 3, 2, of: 4),
                record(7, 0, 3), record(7, 1, 1),
            ]
        )
        let score = try result.score(against: truth)
        #expect(
            score.resultIssues == [
                .repeated(track: 1), .repeated(track: 7),
                .reversed(track: 3, first: 3, last: 2), .unlisted(track: 3, frames: 2, first: 2),
                .unlisted(track: 4, frames: 4, first: 0), .missing(track: 7, frames: 4, first: 0),
                .parentUnknown(track: 2, parent: 9),
                .parentNotBefore(track: 3, first: 2, parent: 4, last: 3),
            ]
        )
        #expect(score["Valid"] == 0 && score["DET"] == 1)
        // Only the two links from the mother are missing.
        #expect(score.corrections.missingLinks == 2 && score.corrections.superfluousLinks == 0)
        for issue in score.resultIssues { #expect(!issue.description.isEmpty) }
    }

    @Test("A track that is its own parent has none")
    func ownParent() throws {
        let movie = try ScoredMovie(["11", "11"], [record(1, 0, 1, of: 1)])
        let score = try movie.score(against: movie)
        #expect(
            score.resultIssues == [.parentNotBefore(track: 1, first: 0, parent: 1, last: 1)]
        )
        #expect(score["TRA"] == 1)
    }

    @Test("Gaps are reported by their frames")
    func gap() throws {
        let movie = try ScoredMovie(["1", "1", ".", ".", "1"], [record(1, 0, 4)])
        let score = try movie.score(against: movie)
        #expect(score.resultIssues == [.missing(track: 1, frames: 2, first: 2)])
        #expect(score["TRA"] == 1 && score.corrections.linkCount == 2)
        #expect(
            score.resultIssues[0].description
                == "track 1 is missing in 2 frames, from frame 2 on, where the table has it"
        )
    }
}
