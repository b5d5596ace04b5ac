import Foundation
import Prompting
import Testing
import Training

/// Files as the first version of the program with one way wrote them (revision 343c81e).
@Suite("Files of earlier versions: trainings")
struct EarlierFilesTests {
    private func folder() throws -> URL {
        try #require(
            Bundle.module.url(
                forResource: "earlier",
                withExtension: nil,
                subdirectory: "Fixtures"
            )
        )
    }

    @Test("The record of a run is read, and stays the same when it is written again")
    func record() throws {
        let record = try TrainingRecord(in: folder().path)
        #expect(record.format == 1 && record.model == "usam-tiny" && record.warnings.isEmpty)
        #expect(record.training.subIterations == 1 && record.training.frameSide == 64)
        #expect(record.files.training.map(\.pairs.count) == [3])
        #expect(record.files.validation.map(\.pairs.count) == [1])
        #expect(record.reasons.count == 3)
        #expect(record.reasons[0].description.hasPrefix("Preset laptop"))
        // An older program compares what a run is asked for with it.
        let file = try folder().appending(path: TrainingRecord.fileName)
        func object(_ data: Data) throws -> NSDictionary {
            try #require(try JSONSerialization.jsonObject(with: data) as? NSDictionary)
        }
        let (before, now) = (
            try object(Data(contentsOf: file)), try object(JSONEncoder().encode(record))
        )
        for key in ["files", "training", "model", "format"] {
            let same = (before[key] as? NSObject)?.isEqual(now[key])
            #expect(same == true, "\(key): \(now[key] ?? "none")")
        }
    }

    @Test("The log of a run is read line by line")
    func log() throws {
        let text = try String(
            contentsOf: folder().appending(path: TrainingLog.fileName),
            encoding: .utf8
        )
        let entries = try text.split(separator: "\n").map {
            try JSONDecoder().decode(TrainingLog.Entry.self, from: Data($0.utf8))
        }
        #expect(entries.count == 6)
        guard case .validation(let report) = entries[2] else {
            Issue.record("no validation: \(entries[2])")
            return
        }
        #expect(report.isBest && report.iteration == 1)
    }
}
