import Foundation

/// A queue between two threads that holds a few elements at most: who is faster waits.
public final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
    // Safe because every access to the stored properties happens while `condition` is locked.
    private let condition = NSCondition()
    private var elements: [Element] = []
    private var isFinished = false
    private let capacity: Int

    /// Creates an empty queue.
    public init(capacity: Int) { self.capacity = max(capacity, 1) }

    /// Adds an element as soon as there is room.
    ///
    /// - Returns: False if the queue was finished, so that nobody will take the element.
    @discardableResult
    public func put(_ element: Element) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while elements.count >= capacity, !isFinished { condition.wait() }
        guard !isFinished else { return false }
        elements.append(element)
        condition.broadcast()
        return true
    }

    /// Takes the oldest element as soon as there is one; nil after the last.
    public func take() -> Element? {
        condition.lock()
        defer { condition.unlock() }
        while elements.isEmpty, !isFinished { condition.wait() }
        guard !elements.isEmpty else { return nil }
        condition.broadcast()
        return elements.removeFirst()
    }

    /// Ends the queue; what it holds can still be taken.
    public func finish() {
        condition.lock()
        defer { condition.unlock() }
        isFinished = true
        condition.broadcast()
    }
}
