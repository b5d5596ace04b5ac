import Prompting
import Synchronization

/// What pages are told of long work.
struct WorkNews: Encodable, Sendable {
    let image: Int64?
    let stage: String?
    let done: Int?
    let total: Int?
    let words: String?

    /// Nil for an event that tells nothing.
    init?(_ event: WorkEvent, image: Int64? = nil) {
        self.image = image
        switch event {
        case .began(let stage):
            (self.stage, done, total, words) = (stage.rawValue, nil, nil, nil)
        case .advanced(let done, let total):
            (stage, self.done, self.total, words) = (nil, done, total, nil)
        case .decided(let decision):
            (stage, done, total, words) = (nil, nil, nil, decision.text)
        case .noted: return nil
        }
    }

    /// Whether it tells of an end, or is no number that the next one replaces.
    var isLast: Bool { done == nil || done == total }
}

/// Lets few of many events through.
final class EventPace: Sendable {
    private let last = Mutex<ContinuousClock.Instant?>(nil)
    private static let interval = Duration.milliseconds(100)

    /// Whether an event may be told now.
    ///
    /// - Parameter isImportant: Whether it is told in any case.
    func allows(_ isImportant: Bool) -> Bool {
        last.withLock { last in
            let now = ContinuousClock.now
            if !isImportant, let last, now - last < Self.interval { return false }
            last = now
            return true
        }
    }
}
