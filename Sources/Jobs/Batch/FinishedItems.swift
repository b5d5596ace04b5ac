import Foundation

/// How many images of a batch are done with, and which one is given up.
///
/// The model waits for the writer before it begins another image, and leaves out planes that nobody wants any more.
///
/// A run that is killed loses the images that the model has begun and whose results are not on the disk.
/// As long as no image is begun before the results of those ahead of it are there, that is one at most.
final class FinishedItems: @unchecked Sendable {
    // Safe because every access to the stored properties happens while `condition` is locked.
    private let condition = NSCondition()
    private var count = 0
    private var isEnded = false
    private var givenUp: Int?

    /// Waits until all images before this one are done with.
    ///
    /// - Returns: False if that will not happen, because the work has ended.
    func wait(before item: Int) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while count < item, !isEnded { condition.wait() }
        return count >= item
    }

    /// Notes that an image, and so all images before it, is done with.
    func note(_ item: Int) {
        condition.lock()
        defer { condition.unlock() }
        count = max(count, item + 1)
        condition.broadcast()
    }

    /// Notes that a plane of an image failed, so that its others are left out.
    func giveUp(_ item: Int) {
        condition.lock()
        defer { condition.unlock() }
        givenUp = item
    }

    /// Whether further planes of an image are of use.
    func isWanted(_ item: Int) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        return count <= item && givenUp != item
    }

    /// Whether nothing was told of an image yet.
    func isOpen(_ item: Int) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        return count <= item
    }

    /// Nothing more will be done with.
    func end() {
        condition.lock()
        defer { condition.unlock() }
        isEnded = true
        condition.broadcast()
    }
}
