import Files
import Foundation
import Testing
import Training

@Suite("Folders of trainings")
struct TrainingFolderTests {
    private let place: DataFolder

    init() throws { place = try DataFolder() }

    private func write(_ names: [String]) throws {
        try FileManager.default.createDirectory(
            atPath: place.path("run"),
            withIntermediateDirectories: true
        )
        for name in names { try FileReplacement.write([1], to: place.path("run/\(name)")) }
    }

    private var names: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: place.path("run")).sorted()
        }
    }

    @Test("A folder with other files is left alone")
    func foreign() throws {
        try write(["notes.txt"])
        let folder = try TrainingFolder(place.path("run/"))
        #expect(folder.path == place.path("run"))
        #expect(
            throws: TrainingRunError.otherFiles(folder: place.path("run"), example: "notes.txt")
        ) {
            try folder.record()
        }
        try folder.clear()
        #expect(try names == ["notes.txt"])
    }

    @Test("Only what a run writes is removed")
    func clears() throws {
        try write(["run.json", "best.safetensors", "epoch-3.safetensors", "mine.txt"])
        try TrainingFolder(place.path("run")).clear()
        #expect(try names == ["mine.txt"])
    }

    @Test("A damaged record and a file in place of the folder are told")
    func damaged() throws {
        try write(["run.json"])
        let record = place.path("run/run.json")
        #expect(throws: TrainingRunError.unreadableRecord(file: record)) {
            try TrainingFolder(place.path("run")).record()
        }
        let error = #expect(throws: TrainingRunError.notAFolder(record)) {
            try TrainingFolder(record)
        }
        #expect(error?.path == record && error?.remedies == [.chooseFolder])
    }

    @Test("Two programs do not train in one folder, and an empty one does not stay")
    func locks() throws {
        do {
            let first = try TrainingFolder(place.path("run"))
            #expect(throws: TrainingRunError.inUse(folder: place.path("run"))) {
                try TrainingFolder(place.path("run"))
            }
            withExtendedLifetime(first) {}
        }
        #expect(FileStatus(of: place.path("run")) == nil)
    }

    @Test("The clock counts earlier runs")
    func clock() {
        let start = ContinuousClock.now
        let clock = TrainingClock(earlier: 30, minutes: 1) { start }
        #expect(clock.secondsLeft == 30 && !clock.isUp)
        #expect(clock.deadline == start.advanced(by: .seconds(30)))
        #expect(TrainingClock(earlier: 60, minutes: 1) { start }.isUp)
        #expect(TrainingClock().deadline == nil && !TrainingClock().isUp)
    }
}
