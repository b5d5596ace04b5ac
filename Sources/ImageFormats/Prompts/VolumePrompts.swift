import Files
import Imaging
public import Prompting

/// The prompts of a file that belong to a volume, a time point and a channel of an image with all its slices; or to a movie, a slice
/// with all its time points.
public struct VolumePrompts: Sendable {
    /// The objects with their prompts by slice, or by frame.
    public let objects: [VolumeObject]

    /// The objects of a movie with their relatives.
    public let tracks: [TrackObject]

    /// How the prompts are to be used, if that is noted.
    public let options: PromptOptions?

    /// What was left out.
    public let notes: [FileNote]

    /// Takes the prompts of a volume.
    ///
    /// - Parameters:
    ///   - document: All prompts; objects of the same number in different slices are one object.
    ///   - file: The file that they stand in, for messages.
    ///   - selection: The time point and the channel, as far as somebody chose them.
    ///   - image: The image.
    ///   - isMovie: Whether objects go through time points. A stack without time points is a movie of its slices.
    /// - Throws: ``PromptPlaceError`` if an object lies in no slice, or on planes that the image does not have.
    public init(
        _ document: PromptDocument,
        file: String,
        on selection: PlaneSelection,
        of image: ImageDescription,
        isMovie: Bool = false
    ) throws(PromptPlaceError) {
        let axes = image.axes
        let axis = isMovie && axes.t > 1 ? PlaneError.Axis.timePoint : .slice
        let other = isMovie && axes.t > 1 ? PlaneError.Axis.slice : .timePoint
        let count = axis == .slice ? axes.z : axes.t
        let chosen = other == .slice ? selection.z : selection.t
        var found: [(slice: Int, object: PromptedObject)] = []
        var omitted: Set<UInt32> = []
        for object in document.objects {
            guard let place = object.place.named(on: axes)?.named else {
                throw .noSuchPlane(file: file, object: object.id, object.place, axes)
            }
            if let number = place.number(along: other), let chosen, number != chosen {
                omitted.insert(object.id)
                continue
            }
            guard let slice = count > 1 ? place.number(along: axis) : 0 else {
                throw .noSlice(file: file, object: object.id, count: count, axis)
            }
            found.append((slice, object))
        }
        if found.isEmpty, let chosen {
            let places = document.objects.compactMap {
                $0.place.named(on: axes)?.named.number(along: other)
            }
            throw .noneOnPlane(
                file: file,
                other,
                chosen: [chosen],
                places: Set(places).sorted()
            )
        }
        objects = VolumeObject.combined(found)
        tracks = TrackObject.combined(found.map { (frame: $0.slice, object: $0.object) })
        options = document.options
        let left = omitted.subtracting(objects.map(\.id)).count
        let text = Wording.count(left, "object") + " on other planes not used"
        notes = left > 0 ? [FileNote(file, .note(text))] : []
    }
}
