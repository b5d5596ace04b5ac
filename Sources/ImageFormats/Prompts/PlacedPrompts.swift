import Files
import Imaging
public import Prompting

/// The prompts of a file that belong to the plane that is meant.
///
/// Where nobody chose a slice, time point or channel, and all prompts lie on one, it is chosen.
public struct PlacedPrompts: Sendable {
    /// The objects of the plane; each knows the plane that it lies on.
    public private(set) var document: PromptDocument

    /// Which plane is meant.
    public private(set) var selection: PlaneSelection

    /// What was chosen, and what was left out.
    public private(set) var notes: [FileNote] = []

    /// Takes the prompts of a plane.
    ///
    /// - Parameters:
    ///   - document: All prompts.
    ///   - file: The file that they stand in, for messages.
    ///   - selection: Which plane is meant, as far as somebody chose it.
    ///   - image: The image.
    ///   - takesAll: Whether prompts count for every plane, whatever they say.
    /// - Throws: ``PromptPlaceError``; ``PlaneError`` for a channel that the image does not have.
    public init(
        _ document: PromptDocument,
        file: String,
        on selection: PlaneSelection,
        of image: ImageDescription,
        takesAll: Bool = false
    ) throws {
        (self.document, self.selection) = (document, selection)
        if takesAll {
            for index in document.objects.indices { self.document.objects[index].place = .init() }
            return
        }
        var places = try Self.places(of: document, image.axes, file: file)
        let axes = image.axes
        if axes.z > 1 { try take(selection.z.map { [$0] } ?? [], along: .slice, &places, file) }
        if axes.t > 1 { try take(selection.t.map { [$0] } ?? [], along: .timePoint, &places, file) }
        if axes.c > 1 {
            let names = image.channelNames
            let channels = try selection.channelNumbers(count: axes.c, names: names, file: file)
            try take(channels, along: .channel, &places, file)
        }
        let count = document.objects.count - places.count
        if count > 0 {
            let text = Wording.count(count, "object") + " on other planes not used"
            notes.append(FileNote(file, .note(text)))
        }
        self.document.objects = places.map { entry in
            var object = document.objects[entry.index]
            object.place = place(of: entry.place, entry.unused, image.axes)
            return object
        }
    }

    private typealias Placed = (index: Int, place: ObjectPlace, unused: ObjectPlace)

    /// The place of every object by the names of the image's axes.
    private static func places(
        of document: PromptDocument,
        _ axes: ImageAxes,
        file: String
    ) throws(PromptPlaceError) -> [Placed] {
        var unused: Set<ObjectPlace> = []
        var result: [Placed] = []
        for (index, object) in document.objects.enumerated() {
            guard let found = object.place.named(on: axes) else {
                throw .noSuchPlane(file: file, object: object.id, object.place, axes)
            }
            if !found.unused.isEmpty { unused.insert(found.unused) }
            guard unused.count < 2 else { throw .imageIsNoStack(file: file) }
            result.append((index, found.named, found.unused))
        }
        return result
    }

    /// Keeps the prompts on the chosen planes, or chooses the only one that has prompts.
    private mutating func take(
        _ chosen: [Int],
        along axis: PlaneError.Axis,
        _ places: inout [Placed],
        _ file: String
    ) throws(PromptPlaceError) {
        let found = Set(places.compactMap { $0.place.number(along: axis) }).sorted()
        guard let first = found.first else { return }
        var chosen = chosen
        if chosen.isEmpty {
            guard found.count == 1 else {
                throw .severalPlanes(file: file, axis, places: found)
            }
            chosen = [first]
            choose(first, along: axis)
            let text = "all prompts are on \(axis.noun) \(first) (counted from 0), which is used"
            notes.append(FileNote(file, .note(text)))
        }
        places.removeAll { entry in
            entry.place.number(along: axis).map { !chosen.contains($0) } ?? false
        }
        guard !places.isEmpty else {
            throw .noneOnPlane(file: file, axis, chosen: chosen, places: found)
        }
    }

    private mutating func choose(_ place: Int, along axis: PlaneError.Axis) {
        switch axis {
        case .slice: selection.z = place
        case .timePoint: selection.t = place
        case .channel: selection.channels = [.number(place)]
        }
    }

    /// Where an object lies: what its file says, and the plane that is taken.
    private func place(
        of named: ObjectPlace,
        _ unused: ObjectPlace,
        _ axes: ImageAxes
    ) -> ObjectPlace {
        var place = unused
        if axes.z > 1 { place.z = selection.z }
        if axes.t > 1 { place.t = selection.t }
        place.channel = named.channel ?? unused.channel
        return place
    }
}

extension ObjectPlace {
    /// The place along one axis.
    func number(along axis: PlaneError.Axis) -> Int? {
        switch axis {
        case .slice: z
        case .timePoint: t
        case .channel: channel
        }
    }
}

/// Why prompts do not tell which plane of an image they are for.
public enum PromptPlaceError: Error, Hashable, Sendable {
    /// An object lies on a plane that the image does not have, or on axes that cannot be told apart.
    case noSuchPlane(file: String, object: UInt32, ObjectPlace, ImageAxes)
    /// Objects lie on several planes, and none was chosen.
    case severalPlanes(file: String, PlaneError.Axis, places: [Int])
    /// Objects lie on several planes, and the image has one.
    case imageIsNoStack(file: String)
    /// An object of a volume says no slice.
    case noSlice(file: String, object: UInt32, count: Int, PlaneError.Axis)
    /// No object lies on the planes that were chosen.
    case noneOnPlane(file: String, PlaneError.Axis, chosen: [Int], places: [Int])
}

extension PromptPlaceError: CustomStringConvertible {
    /// What is wrong, and what to do; one line.
    public var description: String {
        switch self {
        case .noSuchPlane(let file, let object, let place, let axes):
            "\(file): object \(object) lies on \(place), but the image has t \(axes.t), c \(axes.c), "
                + "z \(axes.z) planes, counted from 0; give the prompts of this image, or name their "
                + "columns t, z and channel"
        case .severalPlanes(let file, let axis, let places):
            "\(file): the prompts are on the \(axis.noun)s \(Self.list(places)), counted from 0; "
                + "choose one"
        case .imageIsNoStack(let file):
            "\(file): the prompts are on several planes, but the image has one; give the stack, or the "
                + "prompts of one plane"
        case .noSlice(let file, let object, let count, .timePoint):
            "\(file): object \(object) says no frame, but the movie has \(count) of them; add a column or a key t"
        case .noSlice(let file, let object, let count, _):
            "\(file): object \(object) says no slice, but the volume has \(count) of them; add a column or a key z"
        case .noneOnPlane(let file, let axis, let chosen, let places):
            "\(file): no prompt is on the \(axis.noun) \(Self.list(chosen)); there are prompts on "
                + "\(Self.list(places)), counted from 0"
        }
    }

    private static func list(_ places: [Int]) -> String {
        let shown = places.prefix(8).map(String.init).joined(separator: ", ")
        return places.count > 8 ? "\(shown) and \(places.count - 8) others" : shown
    }
}
