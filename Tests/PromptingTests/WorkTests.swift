import Prompting
import Synchronization
import Testing

@Suite("The context of long work")
struct WorkTests {
    @Test("Parts are cancelled with the whole, and alone")
    func cancellation() throws {
        let whole = Work()
        let part = whole.part { _ in }
        try part.checkpoint()
        part.cancel()
        #expect(part.isCancelled && !whole.isCancelled)
        #expect(throws: CancellationError.self) { try part.checkpoint() }
        try whole.checkpoint()
        let other = whole.silent
        whole.cancel()
        #expect(throws: CancellationError.self) { try other.advance(1, of: 2) }
    }

    @Test("Events go to the receiver; a silent part leaves out the counting")
    func events() throws {
        let events = Mutex<[WorkEvent]>([])
        let work = Work { event in events.withLock { $0.append(event) } }
        work.begin(.encode)
        try work.advance(1, of: 3)
        let silent = work.silent
        silent.begin(.decode)
        try silent.advance(2, of: 3)
        try work.part(from: 4, of: 9).advance(1, of: 2)
        let expected: [WorkEvent] = [
            .began(.encode), .advanced(1, of: 3), .began(.decode), .advanced(5, of: 9),
        ]
        #expect(events.withLock { $0 } == expected)
    }
}
