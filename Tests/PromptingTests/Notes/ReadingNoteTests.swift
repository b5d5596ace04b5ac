import Foundation
import Prompting
import Synchronization
import Testing

@Suite("What readers notice")
struct ReadingNoteTests {
    @Test("The whole work is told, whichever part of it reads the file")
    func receiver() {
        let events = Log()
        let work = Work { events.add($0) }
        let note = FileNote("a.tif", .planesMissing(promised: 4, found: 1))
        work.part(telling: { _ in }).silent.part(from: 1, of: 2).note(note)
        #expect(events.all == [.noted(note)])
    }

    @Test("Sentences name the numbers, and are what a file keeps")
    func sentences() throws {
        var left = ReadingNote.LeftOut()
        #expect(left.isEmpty)
        (left.series, left.channels, left.timePoints) = (1, 2, 0)
        #expect("\(ReadingNote.leftOut(left))" == "not used: 1 other image, 2 other channels")
        let missing = ReadingNote.filesMissing(["a", "b", "c", "d", "e"], planes: 1)
        let text = "1 plane cannot be read, because a, b, c and 2 others are not beside this file"
        #expect("\(missing)" == text)
        let data = try JSONEncoder().encode([missing])
        let read = try JSONDecoder().decode([ReadingNote].self, from: data)
        #expect(read == [.note(text)])
        #expect("\(FileNote("x.tif", read[0]))" == "x.tif: \(text)")
    }
}

/// Events in the order in which they are told.
private final class Log: Sendable {
    private let events = Mutex<[WorkEvent]>([])

    var all: [WorkEvent] { events.withLock { $0 } }

    func add(_ event: WorkEvent) { events.withLock { $0.append(event) } }
}
