import Foundation
import JobSamples
import TestFixtures
import Testing

@Suite("Scoring tracks", .enabled(if: Fixtures.areAvailable))
struct TrackScoreCommandTests {
    private let folder = Fixtures.folder.appending(path: "ctc_metrics").path

    private func run(_ arguments: [String], _ place: Workplace) throws -> Program.Ending {
        try Program.run(["evaluate", "tracks"] + arguments, in: place.folder)
    }

    @Test(
        "Folders of the challenge and label stacks have the same scores, in a table, as JSON and in files"
    )
    func scores() throws {
        let place = try Workplace()
        let end = try run(
            ["\(folder)/perturbed_RES", "--truth", "\(folder)/A_GT", "-o", "scores"],
            place
        )
        #expect(end.status == 0, "\(end.error)")
        let lines = end.output.split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        }
        #expect(lines.contains { $0.prefix(2) == ["TRA", "0.9057"] }, "\(end.output)")
        #expect(end.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
        #expect(try place.files() == ["scores/summary.json", "scores/tracks.csv"])
        let table = try String(contentsOfFile: place.path("scores/tracks.csv"), encoding: .utf8)
        #expect(table.contains("\nTRA,0.905722891566265") && table.contains("\nAOGM_EC,1\n"))
        let stack = try run(
            ["\(folder)/perturbed.tif", "--truth", "\(folder)/truth_A.tif", "--json"],
            place
        )
        #expect(stack.status == 0, "\(stack.error)")
        let file = try String(contentsOfFile: place.path("scores/summary.json"), encoding: .utf8)
        func scores(_ text: String) throws -> [String: Double] {
            let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            return (object?["scores"] as? [String: Any] ?? [:]).compactMapValues { $0 as? Double }
        }
        #expect(try scores(stack.output) == scores(file))
        #expect(try scores(file)["CHOTA"].map { abs($0 - 0.8275354760530018) < 1e-9 } == true)
    }

    @Test("Chosen measures come in their order; others are refused with the list")
    func chosen() throws {
        let place = try Workplace()
        let end = try run(
            [
                "\(folder)/swapped.tif", "--truth", "\(folder)/truth_A.tif", "--measure", "chota",
                "BC(5)", "--tolerance", "5",
            ],
            place
        )
        #expect(end.status == 0, "\(end.error)")
        let names = end.output.split(separator: "\n").map { $0.prefix { $0 != " " } }
        #expect(names == ["measure", "CHOTA", "BC(5)"])
        let odd = try run(["a.tif", "--truth", "b.tif", "--measure", "TAR"], place)
        #expect(odd.status == 64 && odd.error.contains("DET, SEG, TRA"), "\(odd.error)")
    }

    @Test("Rules that a result breaks are told, and it is scored all the same")
    func issues() throws {
        let place = try Workplace()
        let gaps = try run(
            ["\(folder)/gaps_same_id.tif", "--truth", "\(folder)/truth_A.tif"],
            place
        )
        #expect(gaps.status == 0 && gaps.output.contains("0.8925"), "\(gaps.output)")
        #expect(gaps.error.contains("track 1 is missing in frame 10 where the table has it"))
        let empty = try run(["\(folder)/empty.tif", "--truth", "\(folder)/truth_A.tif"], place)
        #expect(empty.status == 0 && empty.error.contains("there are no objects"))
    }

    @Test("Movies that do not belong together, and tables that are missing, are named")
    func mistakes() throws {
        let place = try Workplace()
        let frames = try run(
            ["\(folder)/single_frame.tif", "--truth", "\(folder)/truth_A.tif"],
            place
        )
        #expect(frames.status == 1 && frames.error.contains("1 frames, and not 16"))
        try place.writeImage("alone.png")
        let table = try run(["alone.png", "--truth", "\(folder)/truth_B.tif"], place)
        #expect(table.status == 1 && table.error.contains("alone.txt"), "\(table.error)")
    }
}
