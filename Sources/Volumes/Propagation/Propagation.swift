public import Imaging
public import Prompting

/// The way of objects from slices with prompts through a volume: which slice is predicted next, from what, and when to
/// stop.
///
/// It knows no model: it asks for predictions and is told their masks. Objects go step by step, all together, outwards
/// from their prompts. A pixel belongs to the object that reaches it first, of those that reach it together to the one
/// with the better score.
///
/// ```swift
/// var propagation = try Propagation(objects, sliceCount: 40)
/// while let request = propagation.next() {
///     let masks = try await session.predict(request.objects, request.options)
///     for part in try propagation.take(masks) { show(part) }
/// }
/// ```
public struct Propagation {
    /// Predictions that are asked for, all in one slice.
    public struct Request: Hashable, Sendable {
        /// The slice, counted from 0.
        public let slice: Int

        /// The objects and their prompts.
        public let objects: [PromptedObject]

        /// How the prompts are used.
        public let options: PromptOptions
    }

    private typealias Asked = (course: Int, question: CourseQuestion)

    private var courses: [any Course]
    private var occupancy: Occupancy

    /// Whether the slice that comes first is asked for first, as frames of a movie are.
    private let isInOrder: Bool
    private var groups: ArraySlice<[Asked]> = []
    private var asked: [Asked] = []

    /// Plans the way of some objects; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - objects: With their prompts.
    ///   - sliceCount: Number of slices of the volume.
    ///   - options: How objects go from slice to slice.
    ///   - prompting: How prompts of people become masks.
    ///   - occupied: The pixels of a slice that belong to objects that are there already.
    /// - Throws: ``VolumePromptError``.
    public init(
        _ objects: [VolumeObject],
        sliceCount: Int,
        _ options: PropagationOptions = PropagationOptions(),
        _ prompting: PromptOptions = PromptOptions(),
        occupied: @escaping @Sendable (Int) throws -> RunLengthMask? = { _ in nil }
    ) throws(VolumePromptError) {
        if let defect = options.defect ?? prompting.defect { throw .options(defect) }
        if prompting.masks == .all {
            throw .options("masks is 'all', but an object of a volume has one mask in a slice")
        }
        let all = 0...max(sliceCount - 1, 0)
        let range = try Self.range(options.slices, in: all)
        var seen: Set<UInt32> = []
        for object in objects where !seen.insert(object.id).inserted {
            throw .sameNumber(object.id)
        }
        courses = try objects.map { object throws(VolumePromptError) in
            try ObjectCourse(object, in: range, options, prompting)
        }
        (occupancy, isInOrder) = (Occupancy(occupied), false)
    }

    /// Plans the way of some objects through a movie, forward in time; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - objects: With their prompts.
    ///   - frameCount: Number of frames, which are the slices that are asked for.
    ///   - options: How objects go from frame to frame.
    ///   - prompting: How prompts of people become masks.
    ///   - occupied: The pixels of a frame that belong to objects that are there already.
    /// - Throws: `TrackPromptError`.
    public init(
        following objects: [TrackObject],
        frameCount: Int,
        _ options: PropagationOptions = PropagationOptions(),
        _ prompting: PromptOptions = PromptOptions(),
        occupied: @escaping @Sendable (Int) throws -> RunLengthMask? = { _ in nil }
    ) throws(TrackPromptError) {
        if let defect = options.defect ?? prompting.defect { throw .options(defect) }
        if prompting.masks == .all {
            throw .options("masks is 'all', but an object of a movie has one mask in a frame")
        }
        let plan = try TrackPlan(objects)
        do {
            let all = 0...max(frameCount - 1, 0)
            let range = try Self.range(options.slices, in: all, called: ("frames", "movie"))
            courses = try plan.objects.map { object, last throws(VolumePromptError) in
                try TrackCourse(object.followed, in: range, until: last, options, prompting)
            }
        } catch {
            throw TrackPromptError(error)
        }
        (occupancy, isInOrder) = (Occupancy(occupied), true)
    }

    private static func range(
        _ chosen: ClosedRange<Int>?,
        in all: ClosedRange<Int>,
        called names: (slices: String, volume: String) = ("slices", "volume")
    ) throws(VolumePromptError) -> ClosedRange<Int> {
        guard let chosen else { return all }
        guard all.contains(chosen.lowerBound), all.contains(chosen.upperBound) else {
            throw .options(
                "the \(names.slices) \(chosen.lowerBound) to \(chosen.upperBound) are not all there; the \(names.volume) "
                    + "has the \(names.slices) \(all.lowerBound) to \(all.upperBound)"
            )
        }
        return chosen
    }

    /// What is asked next; nil at the end.
    ///
    /// The answers go to ``take(_:)`` before the next question.
    public mutating func next() -> Request? {
        precondition(asked.isEmpty, "the last request was not answered")
        if groups.isEmpty { groups = grouped()[...] }
        guard let group = groups.popFirst() else { return nil }
        asked = group
        return Request(
            slice: group[0].question.slice,
            objects: group.map(\.question.prompts),
            options: group[0].question.options
        )
    }

    /// Takes the last request back, which nobody could answer: it is the next one again.
    mutating func putBack() {
        guard !asked.isEmpty else { return }
        groups = [asked] + groups
        asked = []
    }

    /// The questions of all objects, one step further, by slice.
    private func grouped() -> [[Asked]] {
        struct Key: Hashable {
            let slice: Int
            let options: PromptOptions
        }
        var places: [Key: Int] = [:]
        var result: [[Asked]] = []
        for (index, course) in courses.enumerated() {
            for question in course.questions {
                let key = Key(slice: question.slice, options: question.options)
                if let place = places[key] {
                    result[place].append((index, question))
                } else {
                    places[key] = result.count
                    result.append([(index, question)])
                }
            }
        }
        guard isInOrder, let first = result.map({ $0[0].question.slice }).min() else {
            return result
        }
        return result.filter { $0[0].question.slice == first }
    }

    /// Takes the masks of the last request, in the order of its objects.
    ///
    /// - Returns: The parts that the objects gain.
    /// - Throws: `ImagingError` if a mask has another size than others; what `occupied` throws.
    public mutating func take(_ masks: [PredictedMask]) throws -> [SliceMask] {
        precondition(masks.count == asked.count, "one mask for each object of the request")
        defer { asked = [] }
        let order = masks.indices.sorted { (-masks[$0].score, $0) < (-masks[$1].score, $1) }
        var result: [SliceMask] = []
        for place in order {
            let (course, question) = asked[place]
            result += try courses[course].take(masks[place], for: question, &occupancy)
        }
        guard groups.isEmpty else { return result }
        for course in courses.indices { result += try courses[course].settle(&occupancy) }
        return result
    }
}
