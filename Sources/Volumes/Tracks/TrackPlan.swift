import Prompting

/// The objects of a movie, with the frames in which they end.
struct TrackPlan {
    /// An object, and the last frame that it may reach; nil if nothing but the movie ends it.
    typealias Planned = (object: TrackObject, last: Int?)

    let objects: [Planned]

    /// Finds out when mothers end.
    ///
    /// - Throws: ``TrackPromptError`` if the objects contradict each other.
    init(_ objects: [TrackObject]) throws(TrackPromptError) {
        var known: [UInt32: TrackObject] = [:]
        for object in objects where known.updateValue(object, forKey: object.id) != nil {
            throw .sameNumber(object.id)
        }
        var daughters: [UInt32: [TrackObject]] = [:]
        for object in objects {
            guard let parent = object.parent else { continue }
            guard known[parent] != nil else {
                throw .parentUnknown(object: object.id, parent: parent)
            }
            daughters[parent, default: []].append(object)
        }
        self.objects = try objects.map { object throws(TrackPromptError) in
            (object, try Self.last(of: object, daughters[object.id] ?? []))
        }
    }

    /// The last frame of an object that divides; nil if it does not.
    private static func last(
        of object: TrackObject,
        _ daughters: [TrackObject]
    ) throws(TrackPromptError) -> Int? {
        let first = daughters.compactMap { daughter in
            daughter.firstFrame.map { (id: daughter.id, frame: $0) }
        }.min { $0.frame < $1.frame }
        guard let last = object.divisionFrame ?? first.map({ $0.frame - 1 }) else { return nil }
        if let start = object.firstFrame, let first, first.frame <= max(last, start) {
            throw .daughterTooEarly(
                object: first.id,
                frame: first.frame,
                parent: object.id,
                last: max(last, start)
            )
        }
        if let late = object.frames.first(where: { $0 > last }) {
            throw .promptsAfterDivision(object: object.id, frame: late, division: last)
        }
        return last
    }
}

extension TrackObject {
    /// The frames with prompts that say where the object is.
    var frames: [Int] {
        prompts.filter { !$0.value.allSatisfy(\.isNegative) }.keys.sorted()
    }

    /// The first of them.
    var firstFrame: Int? { frames.first }
}
