public import Imaging
public import Prompting

/// Objects of a volume while they are segmented: a sequence of masks, each of use at once.
///
/// Every step predicts one slice, the slices with prompts first, then outwards from them. Whoever stops asking stops the
/// work; a cancelled task, or a cancelled `Work`, ends it within a step of the network.
///
/// ```swift
/// let run = try VolumeRun(objects, in: slices)
/// for try await part in run { show(part) }                  // comes outwards from the prompts
/// ```
///
/// Prompts can be added while it runs, and afterwards. The run then begins anew, but what was predicted before from the
/// same prompts or masks is known: only slices that the new prompts change are predicted again, and only masks that
/// differ come again. A mask that does not belong to its object any more comes as an empty one, when all others have
/// come. So the masks that were told last are those of a run that had all prompts from the beginning.
public actor VolumeRun: AsyncSequence {
    /// What comes: the part of an object in one slice.
    public typealias Element = SliceMask

    private let sliceCount: Int
    private let options: PropagationOptions
    private let prompting: PromptOptions
    private let occupied: @Sendable (Int) throws -> RunLengthMask?
    private let run: PropagationRun
    private var objects: [VolumeObject]

    /// Number of predictions by the model so far.
    public var predictionCount: Int { run.predictionCount }

    /// Begins; nothing is predicted before the first mask is asked for.
    ///
    /// - Parameters:
    ///   - objects: With their prompts.
    ///   - slices: The volume.
    ///   - options: How objects go from slice to slice.
    ///   - prompting: How prompts of people become masks.
    ///   - work: Told of nothing; cancelling it ends the run.
    ///   - occupied: The pixels of a slice that belong to objects that are there already.
    /// - Throws: ``VolumePromptError``.
    public init(
        _ objects: [VolumeObject],
        in slices: SliceSessions,
        _ options: PropagationOptions = PropagationOptions(),
        _ prompting: PromptOptions = PromptOptions(),
        _ work: Work = Work(),
        occupied: @escaping @Sendable (Int) throws -> RunLengthMask? = { _ in nil }
    ) throws(VolumePromptError) {
        let propagation = try Propagation(
            objects,
            sliceCount: slices.count,
            options,
            prompting,
            occupied: occupied
        )
        run = PropagationRun(
            propagation,
            in: slices,
            work,
            known: Self.known(objects, prompting)
        )
        (self.objects, sliceCount) = (objects, slices.count)
        (self.options, self.prompting, self.occupied) = (options, prompting, occupied)
    }

    // MARK: - More prompts

    /// Adds prompts to an object, or an object.
    ///
    /// - Parameter object: Its prompts are added to those of the object of the same number.
    /// - Throws: ``VolumePromptError``; then nothing changes.
    public func add(_ object: VolumeObject) throws(VolumePromptError) {
        var changed = objects
        if let place = changed.firstIndex(where: { $0.id == object.id }) {
            changed[place].prompts.merge(object.prompts) { $0 + $1 }
            // A mask that was chosen for fewer prompts is not the one that is meant now.
            for slice in object.prompts.keys { changed[place].known[slice] = nil }
            changed[place].known.merge(object.known) { $1 }
        } else {
            changed.append(object)
        }
        try restart(with: changed)
    }

    /// Replaces all objects and their prompts.
    ///
    /// - Throws: ``VolumePromptError``; then nothing changes.
    public func replace(_ objects: [VolumeObject]) throws(VolumePromptError) {
        try restart(with: objects)
    }

    private func restart(with objects: [VolumeObject]) throws(VolumePromptError) {
        let propagation = try Propagation(
            objects,
            sliceCount: sliceCount,
            options,
            prompting,
            occupied: occupied
        )
        self.objects = objects
        run.restart(with: propagation, known: Self.known(objects, prompting))
    }

    /// The masks that nobody predicts.
    private static func known(
        _ objects: [VolumeObject],
        _ prompting: PromptOptions
    ) -> PropagationRun.Known {
        var result: PropagationRun.Known = [:]
        for object in objects {
            for (slice, mask) in object.known {
                guard let asked = object.planar(slice: slice) else { continue }
                let place = PropagationRun.Asked(slice: slice, object: asked, options: prompting)
                result[place] = PredictedMask(object: 0, pixels: mask, score: 1, stability: 1)
            }
        }
        return result
    }

    // MARK: - Masks

    /// Asks for one mask after the other; of several iterators, each mask comes to one.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let run: VolumeRun

        /// The next mask; nil when all slices are done, until prompts are added.
        public mutating func next() async throws -> SliceMask? { try await run.next() }
    }

    /// Begins, or goes on.
    public nonisolated func makeAsyncIterator() -> Iterator { Iterator(run: self) }

    /// Runs to the end.
    ///
    /// - Returns: All masks that belong to the objects, by object and slice.
    /// - Throws: As ``next()``.
    public func result() async throws -> [SliceMask] {
        while try await next() != nil {}
        return run.masks
    }

    /// The next mask; nil when all slices are done, until prompts are added.
    ///
    /// - Throws: What the model throws, such as an error that names the object whose prompts cannot be used;
    ///   ``VolumeRunError/busy`` if another mask is being waited for; `CancellationError`.
    public func next() async throws -> SliceMask? { try await run.next() }
}

/// Why a run does not answer.
public enum VolumeRunError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The mask before is still being waited for.
    case busy

    /// What is wrong, and what to do.
    public var description: String {
        "the mask before is still being predicted; ask for one mask after the other"
    }
}
