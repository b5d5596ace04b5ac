/// One object of a movie, with prompts in one or several frames, until it ends or divides.
public struct TrackObject: Hashable, Sendable {
    /// The number of the track in label images, from 1.
    public var id: UInt32

    /// What people call it.
    public var name: String?

    /// What kind of object it is.
    public var category: String?

    /// The prompts of each frame, counted from 0.
    ///
    /// A frame with nothing but negative prompts says that the object is not there: it ends before, and goes on at its next prompts.
    public var prompts: [Int: [Prompt]]

    /// The track that this one comes from by a division; nil for none.
    ///
    /// The parent ends in ``divisionFrame``, or else in the frame before its first daughter has prompts.
    public var parent: UInt32?

    /// The last frame before the object divides; nil if it does not, or if its daughters say so.
    public var divisionFrame: Int?

    /// Creates an object.
    public init(
        id: UInt32,
        name: String? = nil,
        category: String? = nil,
        prompts: [Int: [Prompt]],
        parent: UInt32? = nil,
        divisionFrame: Int? = nil
    ) {
        (self.id, self.name, self.category) = (id, name, category)
        (self.prompts, self.parent, self.divisionFrame) = (prompts, parent, divisionFrame)
    }
}

extension TrackObject {
    /// The object without its relatives.
    package var followed: VolumeObject {
        VolumeObject(id: id, name: name, category: category, prompts: prompts)
    }

    /// Combines the objects of single frames; those of the same number are one object.
    ///
    /// - Parameter objects: Each with its frame. The first parent that is named counts, and the first frame in which the object divides.
    /// - Returns: The objects in the order in which their numbers come first.
    public static func combined(_ objects: [(frame: Int, object: PromptedObject)]) -> [Self] {
        var parents: [UInt32: UInt32] = [:]
        var divisions: [UInt32: Int] = [:]
        for (frame, object) in objects {
            parents[object.id] = parents[object.id] ?? object.parent
            if object.divides { divisions[object.id] = min(divisions[object.id] ?? frame, frame) }
        }
        return VolumeObject.combined(objects.map { (slice: $0.frame, object: $0.object) }).map {
            Self(
                id: $0.id,
                name: $0.name,
                category: $0.category,
                prompts: $0.prompts,
                parent: parents[$0.id],
                divisionFrame: divisions[$0.id]
            )
        }
    }
}

/// Why the objects of a movie cannot be followed.
public enum TrackPromptError: PromptRefusal, Hashable {
    /// An option that makes no sense.
    case options(String)

    /// Two objects have the same number.
    case sameNumber(UInt32)

    /// All prompts of an object say where it is not.
    case nothingPositive(object: UInt32)

    /// A frame with prompts that the movie does not have, or that the range leaves out.
    case frameOutside(object: UInt32, frame: Int, frames: ClosedRange<Int>)

    /// The parent of an object is not among the objects.
    case parentUnknown(object: UInt32, parent: UInt32)

    /// A daughter has prompts in a frame in which its mother is still there.
    case daughterTooEarly(object: UInt32, frame: Int, parent: UInt32, last: Int)

    /// An object has prompts behind its division.
    case promptsAfterDivision(object: UInt32, frame: Int, division: Int)

    /// What is wrong, and what to do; one line.
    public var description: String {
        switch self {
        case .options(let defect): defect
        case .sameNumber(let id): "two objects have the number \(id); give each its own"
        case .nothingPositive(let object):
            "object \(object): all prompts say where it is not; add a point, a box or an outline of the object"
        case .frameOutside(let object, let frame, let frames):
            "object \(object): there are prompts in frame \(frame), but frames go from \(frames.lowerBound) to "
                + "\(frames.upperBound)"
        case .parentUnknown(let object, let parent):
            "object \(object): its parent \(parent) is not among the objects"
        case .daughterTooEarly(let object, let frame, let parent, let last):
            "object \(object): there are prompts in frame \(frame), but its parent \(parent) is there until frame \(last); "
                + "a daughter begins behind its mother"
        case .promptsAfterDivision(let object, let frame, let division):
            "object \(object): there are prompts in frame \(frame), but the object divides in frame \(division); give them to "
                + "a daughter"
        }
    }
}

extension TrackPromptError {
    /// What is said of slices, as it is said of frames.
    package init(_ error: VolumePromptError) {
        self =
            switch error {
            case .options(let defect): .options(defect)
            case .sameNumber(let id): .sameNumber(id)
            case .nothingPositive(let object): .nothingPositive(object: object)
            case .sliceOutside(let object, let slice, let slices):
                .frameOutside(object: object, frame: slice, frames: slices)
            }
    }
}
