public import Imaging
public import Prompting

/// Objects of a movie while they are followed from their prompts: a sequence of masks, each of use at once.
///
/// Masks come frame by frame, of all objects that are there. An object is followed forward in time: what is shown to the model in the next
/// frame is its mask, moved as the object moved before. It ends where the model loses it, before a frame that has nothing but negative
/// prompts, where it leaves the image, and where it divides. It goes on from any frame with prompts. Objects with a parent are its
/// daughters; they can have daughters of their own.
///
/// ```swift
/// let cell = TrackObject(id: 1, prompts: [0: [.point(Point(x: 40, y: 32))]])
/// let run = try TrackRun([cell], in: frames)
/// for try await part in run { show(part.object, part.slice, part.pixels) }       // the slice is the frame
/// let daughters = try await run.divide(1, in: 7)
/// try await run.add(TrackObject(id: daughters[0], prompts: [8: [.point(Point(x: 30, y: 32))]], parent: 1))
/// for try await part in run { show(part.object, part.slice, part.pixels) }       // what the division changes
/// ```
///
/// Prompts can be added while it runs, and afterwards, as to a ``VolumeRun``: only what the new prompts change is predicted again and
/// comes again.
public actor TrackRun: AsyncSequence {
    /// What comes: the part of an object in one frame, which is its slice.
    public typealias Element = SliceMask

    private let frameCount: Int
    private let options: PropagationOptions
    private let prompting: PromptOptions
    private let occupied: @Sendable (Int) throws -> RunLengthMask?
    private let run: PropagationRun

    /// The objects with all prompts so far.
    public private(set) var objects: [TrackObject]

    /// Number of predictions by the model so far.
    public var predictionCount: Int { run.predictionCount }

    /// Begins; nothing is predicted before the first mask is asked for.
    ///
    /// - Parameters:
    ///   - objects: With their prompts.
    ///   - frames: The movie: every slice is a frame.
    ///   - options: How objects go from frame to frame.
    ///   - prompting: How prompts of people become masks.
    ///   - work: Told of nothing; cancelling it ends the run.
    ///   - occupied: The pixels of a frame that belong to objects that are there already.
    /// - Throws: `TrackPromptError`.
    public init(
        _ objects: [TrackObject],
        in frames: SliceSessions,
        _ options: PropagationOptions = PropagationOptions(),
        _ prompting: PromptOptions = PromptOptions(),
        _ work: Work = Work(),
        occupied: @escaping @Sendable (Int) throws -> RunLengthMask? = { _ in nil }
    ) throws(TrackPromptError) {
        let propagation = try Propagation(
            following: objects,
            frameCount: frames.count,
            options,
            prompting,
            occupied: occupied
        )
        run = PropagationRun(propagation, in: frames, work)
        (self.objects, frameCount) = (objects, frames.count)
        (self.options, self.prompting, self.occupied) = (options, prompting, occupied)
    }

    // MARK: - More prompts

    /// Adds prompts to an object, or an object.
    ///
    /// - Parameter object: Its prompts are added to those of the object of the same number. Its parent and its division count if it has
    ///   them.
    /// - Throws: `TrackPromptError`; then nothing changes.
    public func add(_ object: TrackObject) throws(TrackPromptError) {
        var changed = objects
        if let place = changed.firstIndex(where: { $0.id == object.id }) {
            changed[place].prompts.merge(object.prompts) { $0 + $1 }
            changed[place].parent = object.parent ?? changed[place].parent
            changed[place].divisionFrame = object.divisionFrame ?? changed[place].divisionFrame
        } else {
            changed.append(object)
        }
        try replace(changed)
    }

    /// Replaces all objects and their prompts.
    ///
    /// - Throws: `TrackPromptError`; then nothing changes.
    public func replace(_ objects: [TrackObject]) throws(TrackPromptError) {
        let propagation = try Propagation(
            following: objects,
            frameCount: frameCount,
            options,
            prompting,
            occupied: occupied
        )
        self.objects = objects
        run.restart(with: propagation)
    }

    /// Ends an object with a division.
    ///
    /// - Parameters:
    ///   - frame: The last frame of the mother.
    ///   - count: Number of daughters.
    /// - Returns: Numbers for the daughters, which no object has. The daughters begin to exist when they get prompts.
    /// - Throws: `TrackPromptError`; then nothing changes.
    public func divide(
        _ object: UInt32,
        in frame: Int,
        into count: Int = 2
    ) throws(TrackPromptError) -> [UInt32] {
        var changed = objects
        for place in changed.indices where changed[place].id == object {
            changed[place].divisionFrame = frame
        }
        try replace(changed)
        let count = Swift.max(count, 0)
        let used = Set(objects.map(\.id))
        // Behind all others, so that a number is not taken for one that was used before; from 1 on where these have run out.
        let behind = (used.max() ?? 0)..<UInt32.max
        let free = behind.lazy.map { $0 + 1 }.prefix(count)
        return free.count == count
            ? Array(free) : Array((1..<UInt32.max).lazy.filter { !used.contains($0) }.prefix(count))
    }

    // MARK: - Masks

    /// Asks for one mask after the other; of several iterators, each mask comes to one.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let run: TrackRun

        /// The next mask; nil when all frames are done, until prompts are added.
        public mutating func next() async throws -> SliceMask? { try await run.next() }
    }

    /// Begins, or goes on.
    public nonisolated func makeAsyncIterator() -> Iterator { Iterator(run: self) }

    /// Runs to the end.
    ///
    /// - Returns: All masks that belong to the objects, by object and frame.
    /// - Throws: As ``next()``.
    public func result() async throws -> [SliceMask] {
        while try await next() != nil {}
        return run.masks
    }

    /// The next mask; nil when all frames are done, until prompts are added.
    ///
    /// - Throws: What the model throws, such as an error that names the object whose prompts cannot be used;
    ///   ``VolumeRunError/busy`` if another mask is being waited for; `CancellationError`.
    public func next() async throws -> SliceMask? { try await run.next() }
}
