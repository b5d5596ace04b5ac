import Files
import Imaging
public import Prompting

/// The prompts of a file that belong to a volume: a time point and a channel of an image, with all its slices.
public struct VolumePrompts: Sendable {
    /// The objects with their prompts by slice.
    public let objects: [VolumeObject]

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
    /// - Throws: ``PromptPlaceError`` if an object lies in no slice, or on planes that the image does not have.
    public init(
        _ document: PromptDocument,
        file: String,
        on selection: PlaneSelection,
        of image: ImageDescription
    ) throws(PromptPlaceError) {
        let axes = image.axes
        var found: [(slice: Int, object: PromptedObject)] = []
        var omitted: Set<UInt32> = []
        for object in document.objects {
            guard let place = object.place.named(on: axes)?.named else {
                throw .noSuchPlane(file: file, object: object.id, object.place, axes)
            }
            if let t = place.t, let chosen = selection.t, t != chosen {
                omitted.insert(object.id)
                continue
            }
            guard let slice = axes.z > 1 ? place.z : 0 else {
                throw .noSlice(file: file, object: object.id, count: axes.z)
            }
            found.append((slice, object))
        }
        if found.isEmpty, let chosen = selection.t {
            let places = Set(document.objects.compactMap { $0.place.named(on: axes)?.named.t })
            throw .noneOnPlane(file: file, .timePoint, chosen: [chosen], places: places.sorted())
        }
        objects = VolumeObject.combined(found)
        options = document.options
        let count = omitted.subtracting(objects.map(\.id)).count
        let text = Wording.count(count, "object") + " on other planes not used"
        notes = count > 0 ? [FileNote(file, .note(text))] : []
    }
}
