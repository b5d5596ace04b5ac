import Foundation
public import ImageFormats
public import Imaging
public import Prompting

/// The prompts that a command names: one by one, as a mask, and in a file.
public struct PromptList: Sendable {
    /// A prompt and its slice; nil for a slice that is named elsewhere, or for an image.
    public typealias Placed = (slice: Int?, prompt: Prompt)

    private let positives: [Placed]
    private let negatives: [Placed]

    /// A label image or a mask.
    private let mask: String?

    /// A file of prompts.
    private let file: String?

    /// Whether every positive prompt is an object.
    private let isEach: Bool

    /// What the file leaves open.
    private let reading: PromptReadingOptions

    /// Collects prompts.
    ///
    /// - Parameters:
    ///   - mask: A label image or a mask; nil for none.
    ///   - file: A file of prompts; nil for none.
    ///   - isEach: Whether every positive prompt is an object.
    ///   - reading: What the file leaves open.
    public init(
        _ positives: [Placed],
        negatives: [Placed],
        mask: String?,
        file: String?,
        isEach: Bool,
        reading: PromptReadingOptions
    ) {
        (self.positives, self.negatives) = (positives, negatives)
        (self.mask, self.file, self.isEach, self.reading) = (mask, file, isEach, reading)
    }

    // MARK: - The file

    /// The prompts of the file that are meant for a plane; nil if no file is given.
    ///
    /// - Parameters:
    ///   - image: The file of the image.
    ///   - selection: The plane, as far as it was chosen.
    ///   - takesAll: Whether prompts count for every plane.
    /// - Throws: An error that names the file and the place in it.
    public func placed(
        on image: String,
        _ selection: PlaneSelection,
        takesAll: Bool
    ) throws -> (prompts: PlacedPrompts, notes: [FileNote])? {
        guard let file else { return nil }
        let (found, description) = try read(file, of: image, selection, joinsPlanes: false)
        let placed = try PlacedPrompts(
            found.document,
            file: file,
            on: selection,
            of: description,
            takesAll: takesAll
        )
        return (placed, found.notes + placed.notes)
    }

    /// The prompts of the file that are meant for a volume or a movie; nil if no file is given.
    ///
    /// - Parameters:
    ///   - image: The file of the volume or the movie.
    ///   - selection: The time point or the slice, and the channel, as far as they were chosen.
    ///   - isMovie: Whether it is a movie.
    /// - Throws: An error that names the file and the place in it.
    public func placed(
        inVolume image: String,
        _ selection: PlaneSelection,
        isMovie: Bool = false
    ) throws -> (prompts: VolumePrompts, notes: [FileNote])? {
        guard let file else { return nil }
        let (found, description) = try read(file, of: image, selection, joinsPlanes: true)
        let size = Size(width: description.axes.x, height: description.axes.y)
        if let mismatch = found.document.mismatch(with: size) {
            throw CommandFailure("\(file): \(mismatch)")
        }
        let placed = try VolumePrompts(
            found.document,
            file: file,
            on: selection,
            of: description,
            isMovie: isMovie
        )
        return (placed, found.notes + placed.notes)
    }

    private func read(
        _ file: String,
        of image: String,
        _ selection: PlaneSelection,
        joinsPlanes: Bool
    ) throws -> (file: PromptFile, image: ImageDescription) {
        let source = try ImageSource(
            opening: URL(filePath: image),
            options: selection.sourceOptions
        )
        let axes = source.description.axes
        var options = reading
        (options.imageName, options.joinsPlanes) = (image, joinsPlanes)
        options.pixelSize = PixelSize(source.description.physicalSize)
        // A size that is given by hand converts lengths, but says nothing of the unit of a table.
        if reading.unit != nil, let given = selection.pixelSize { options.pixelSize = given }
        options.imageSize = Size(width: axes.x, height: axes.y)
        options.planeCount = axes.t * axes.c * axes.z
        return (try PromptFile(reading: file, options), source.description)
    }

    // MARK: - Objects of an image

    /// All objects of an image, those of the file first; and the options that stand in it.
    ///
    /// - Throws: An error that names the file and the place in it, or that its image has another size.
    public func document(
        for size: Size,
        with found: PromptDocument?
    ) throws -> PromptDocument {
        var document = found ?? PromptDocument(objects: [])
        if let file, let mismatch = document.mismatch(with: size) {
            throw CommandFailure("\(file): \(mismatch)")
        }
        var given: [PromptedObject] = []
        let others = negatives.map(\.prompt)
        if isEach {
            for (label, mask) in try masks(of: size) {
                let prompts = [Prompt.mask(EncodedMask(mask))] + others
                given.append(PromptedObject(id: label, prompts: prompts))
            }
            let used = given.map(\.id).max() ?? 0
            for (index, positive) in positives.enumerated() {
                let id = used + UInt32(index) + 1
                given.append(PromptedObject(id: id, prompts: [positive.prompt] + others))
            }
        } else {
            var prompts = positives.map(\.prompt) + others
            if mask != nil, let whole = try masks(of: size).map(\.mask).reduce(nil, Self.union) {
                prompts.append(.mask(EncodedMask(whole)))
            } else if let mask {
                throw CommandFailure("\(mask): all pixels are 0, so there is no object")
            }
            if !prompts.isEmpty { given.append(PromptedObject(id: 1, prompts: prompts)) }
        }
        // Objects of the file keep their numbers; the others come after them.
        let first = document.objects.map(\.id).max() ?? 0
        for object in given {
            var object = object
            object.id += first
            document.objects.append(object)
        }
        guard !document.objects.isEmpty else { throw nothing }
        return document
    }

    private var nothing: CommandFailure {
        CommandFailure("\(file ?? mask ?? "the prompts"): there is no object in it")
    }

    private static func union(_ all: RunLengthMask?, _ mask: RunLengthMask) -> RunLengthMask? {
        all?.union(mask) ?? mask
    }

    private func masks(of size: Size) throws -> [(label: UInt32, mask: RunLengthMask)] {
        guard let mask else { return [] }
        let options = ImageSource.Options(colorConversion: .asStored)
        let labels = try ImageSource(opening: URL(filePath: mask), options: options).readLabels()
        guard labels.size == size else { throw otherSize(labels.size, size) }
        return labels.objectLabels().map { ($0, RunLengthMask($0, of: labels)) }
    }

    private func otherSize(_ found: Size, _ expected: Size) -> CommandFailure {
        CommandFailure(
            "\(mask ?? ""): the mask has \(found) pixels, but the image has \(expected); "
                + "give a mask of the size of the image"
        )
    }

    // MARK: - Objects of a volume or a movie

    /// All objects of a movie, those of the file first.
    ///
    /// - Parameters:
    ///   - movie: The movie.
    ///   - frame: The frame of prompts without one.
    /// - Throws: As ``objects(in:slice:with:)``.
    public func tracks(
        in movie: PlaneFile,
        frame: Int?,
        with found: VolumePrompts?
    ) throws -> [TrackObject] {
        let given = try objects(in: movie, slice: frame, with: found)
            .dropFirst(found?.objects.count ?? 0)
        return (found?.tracks ?? []) + given.map { TrackObject(id: $0.id, prompts: $0.prompts) }
    }

    /// All objects of a volume, those of the file first.
    ///
    /// - Parameters:
    ///   - volume: The volume.
    ///   - slice: The slice of prompts without one.
    /// - Throws: An error that names the file that does not fit.
    public func objects(
        in volume: PlaneFile,
        slice: Int?,
        with found: VolumePrompts?
    ) throws -> [VolumeObject] {
        var given = try masks(of: volume, slice: slice)
        if isEach {
            var id = given.map(\.id).max() ?? 0
            for (place, prompt) in positives {
                id += 1
                given.append(VolumeObject(id: id, prompts: [place ?? slice ?? 0: [prompt]]))
            }
            for index in given.indices { given[index].add(negatives, slice: slice) }
        } else {
            var object = VolumeObject(id: 1, prompts: [:])
            object.add(positives + negatives, slice: slice)
            for labelled in given { object.prompts.merge(labelled.prompts) { $0 + $1 } }
            given = object.prompts.isEmpty ? [] : [object]
        }
        let first = found?.objects.map(\.id).max() ?? 0
        for index in given.indices { given[index].id += first }
        let objects = (found?.objects ?? []) + given
        guard !objects.isEmpty else { throw nothing }
        return objects
    }

    /// The labels of the mask as objects; of a stack with the slices of the volume, in all of them.
    private func masks(of volume: PlaneFile, slice: Int?) throws -> [VolumeObject] {
        guard let mask else { return [] }
        let options = ImageSource.Options(colorConversion: .asStored)
        let source = try ImageSource(opening: URL(filePath: mask), options: options)
        let axes = source.description.axes
        let count = axes.t * axes.z
        guard count == 1 || count == volume.planes.count else {
            throw CommandFailure(
                "\(mask): the mask has \(count) planes, but the image has \(volume.planes.count); "
                    + "give a mask of one plane, or of all"
            )
        }
        guard count > 1 || slice != nil || volume.planes.count == 1 else {
            throw CommandFailure(
                "\(mask): the mask has one plane; say which it is with --z, or --t in a movie"
            )
        }
        var found: [(slice: Int, object: PromptedObject)] = []
        for place in 0..<count {
            let plane = PlaneIndex(t: place / axes.z, z: place % axes.z)
            let labels = try source.readLabels(plane)
            guard labels.size == volume.size else { throw otherSize(labels.size, volume.size) }
            for label in labels.objectLabels() {
                let prompt = Prompt.mask(EncodedMask(RunLengthMask(label, of: labels)))
                let object = PromptedObject(id: label, prompts: [prompt])
                found.append((count > 1 ? place : slice ?? 0, object))
            }
        }
        if found.isEmpty {
            throw CommandFailure("\(mask): all pixels are 0, so there is no object")
        }
        return VolumeObject.combined(found)
    }
}

extension VolumeObject {
    fileprivate mutating func add(_ more: [PromptList.Placed], slice: Int?) {
        for (place, prompt) in more {
            prompts[place ?? slice ?? 0, default: []].append(prompt)
        }
    }
}
