public import Imaging

/// One object of a volume, with prompts in one or several slices.
public struct VolumeObject: Hashable, Sendable {
    /// The number of the object in label images, from 1.
    public var id: UInt32

    /// What people call it.
    public var name: String?

    /// What kind of object it is.
    public var category: String?

    /// The prompts of each slice, counted from 0.
    ///
    /// A slice with nothing but negative prompts says that the object is not there, and ends before.
    public var prompts: [Int: [Prompt]]

    /// Masks of slices with prompts that somebody has seen and chosen, by slice.
    ///
    /// The object goes on from such a mask, and its slice is not predicted from the prompts.
    public var known: [Int: RunLengthMask] = [:]

    /// Creates an object.
    public init(
        id: UInt32,
        name: String? = nil,
        category: String? = nil,
        prompts: [Int: [Prompt]]
    ) {
        self.id = id
        self.name = name
        self.category = category
        self.prompts = prompts
    }

    /// The prompts of a slice as those of an object of one image; nil if there are none.
    public func planar(slice: Int) -> PromptedObject? {
        guard let prompts = prompts[slice], !prompts.isEmpty else { return nil }
        return PromptedObject(
            id: id,
            name: name,
            category: category,
            place: ObjectPlace(z: slice),
            prompts: prompts
        )
    }

    /// Combines the objects of single slices; those of the same number are one object.
    ///
    /// - Parameter objects: Each with its slice.
    /// - Returns: The objects in the order in which their numbers come first.
    public static func combined(_ objects: [(slice: Int, object: PromptedObject)]) -> [Self] {
        var result: [Self] = []
        var places: [UInt32: Int] = [:]
        for (slice, object) in objects {
            guard let place = places[object.id] else {
                places[object.id] = result.count
                result.append(
                    Self(
                        id: object.id,
                        name: object.name,
                        category: object.category,
                        prompts: [slice: object.prompts]
                    )
                )
                continue
            }
            result[place].prompts[slice, default: []] += object.prompts
            result[place].name = result[place].name ?? object.name
            result[place].category = result[place].category ?? object.category
        }
        return result
    }
}

/// Why the objects of a volume cannot be segmented.
public enum VolumePromptError: PromptRefusal, Hashable {
    /// An option that makes no sense.
    case options(String)

    /// Two objects have the same number.
    case sameNumber(UInt32)

    /// All prompts of an object say where it is not.
    case nothingPositive(object: UInt32)

    /// A slice with prompts that the volume does not have, or that the range leaves out.
    case sliceOutside(object: UInt32, slice: Int, slices: ClosedRange<Int>)

    /// What is wrong, and what to do; one line.
    public var description: String {
        switch self {
        case .options(let defect): defect
        case .sameNumber(let id): "two objects have the number \(id); give each its own"
        case .nothingPositive(let object):
            "object \(object): all prompts say where it is not; add a point, a box or an outline of the object"
        case .sliceOutside(let object, let slice, let slices):
            "object \(object): there are prompts in slice \(slice), but slices go from \(slices.lowerBound) to "
                + "\(slices.upperBound)"
        }
    }
}
