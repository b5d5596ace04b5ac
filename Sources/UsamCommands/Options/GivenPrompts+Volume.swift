import ArgumentParser
import Foundation
import ImageFormats
import Imaging
import Presentation
import Prompting

/// A prompt and its slice; nil for the slice that `--z` names.
private typealias PlacedPrompt = (slice: Int?, prompt: Prompt)

extension GivenPrompts {
    private var placedPositives: [PlacedPrompt] {
        points.filter { !$0.prompt.isNegative }.map { ($0.slice, $0.prompt) }
            + boxes.map { ($0.slice, .box($0.box)) }
            + ellipses.map { ($0.slice, .ellipse($0.box)) }
            + polygons.map { ($0.slice, .polygon($0.points)) }
            + scribbles.map { ($0.slice, .scribble($0.points, .positive)) }
    }

    private var placedNegatives: [PlacedPrompt] {
        points.filter(\.prompt.isNegative).map { ($0.slice, $0.prompt) }
            + negativeScribbles.map { ($0.slice, .scribble($0.points, .negative)) }
    }

    /// Checks prompts in a volume.
    ///
    /// - Parameter slice: That of prompts without one.
    func requireInVolume(slice: Int?) throws {
        let all = placedPositives + placedNegatives
        if slice == nil, all.contains(where: { $0.slice == nil }) {
            throw ValidationError(
                "A prompt has no slice: write z,y,x or z,y0,x0,y1,x1, or name the slice with --z."
            )
        }
        if allPrompts {
            throw ValidationError("--all-prompts does not apply to volumes; leave it out.")
        }
        try requireUsable(
            positives: placedPositives.map(\.prompt),
            negatives: placedNegatives.map(\.prompt)
        )
    }

    /// The prompts of the file that are meant for a volume; nil if no file is given.
    ///
    /// - Parameters:
    ///   - image: The file of the volume.
    ///   - selection: The time point and the channel, as far as they were chosen.
    /// - Throws: An error that names the file and the place in it.
    func inVolume(
        _ image: String,
        _ selection: PlaneSelection
    ) throws -> (prompts: VolumePrompts, notes: [FileNote])? {
        guard let prompts else { return nil }
        let (file, description) = try read(prompts, of: image, selection, joinsPlanes: true)
        let size = Size(width: description.axes.x, height: description.axes.y)
        if let mismatch = file.document.mismatch(with: size) {
            throw CommandFailure("\(prompts): \(mismatch)")
        }
        let found = try VolumePrompts(
            file.document,
            file: prompts,
            on: selection,
            of: description
        )
        return (found, file.notes + found.notes)
    }

    /// All objects of a volume, those of a file first.
    ///
    /// - Parameters:
    ///   - volume: The volume.
    ///   - slice: The slice of prompts without one.
    /// - Throws: An error that names the file that does not fit.
    func objects(
        in volume: PlaneFile,
        slice: Int?,
        with file: VolumePrompts?
    ) throws -> [VolumeObject] {
        func placed(_ prompts: [PlacedPrompt]) -> [(slice: Int, prompt: Prompt)] {
            prompts.map { ($0.slice ?? slice ?? 0, $0.prompt) }
        }
        let (positives, negatives) = (placed(placedPositives), placed(placedNegatives))
        var given: [VolumeObject] = []
        if each {
            given = try masks(of: volume, slice: slice)
            var id = given.map(\.id).max() ?? 0
            for positive in positives {
                id += 1
                given.append(VolumeObject(id: id, prompts: [positive.slice: [positive.prompt]]))
            }
            for (slice, prompt) in negatives {
                for index in given.indices {
                    given[index].prompts[slice, default: []].append(prompt)
                }
            }
        } else {
            var object = VolumeObject(id: 1, prompts: [:])
            for (slice, prompt) in positives + negatives {
                object.prompts[slice, default: []].append(prompt)
            }
            for labelled in try masks(of: volume, slice: slice) {
                object.prompts.merge(labelled.prompts) { $0 + $1 }
            }
            if !object.prompts.isEmpty { given.append(object) }
        }
        let first = file?.objects.map(\.id).max() ?? 0
        let objects =
            (file?.objects ?? [])
            + given.map { object in
                var object = object
                object.id += first
                return object
            }
        guard !objects.isEmpty else {
            throw CommandFailure("\(prompts ?? mask ?? "the prompts"): there is no object in it")
        }
        return objects
    }

    /// The labels of the mask as objects; of a stack with the slices of the volume, in all of them.
    private func masks(of volume: PlaneFile, slice: Int?) throws -> [VolumeObject] {
        guard let mask else { return [] }
        let options = ImageSource.Options(colorConversion: .asStored)
        let source = try ImageSource(opening: URL(filePath: mask), options: options)
        let count = source.description.axes.z
        guard count == 1 || count == volume.planes.count else {
            throw CommandFailure(
                "\(mask): the mask has \(count) slices, but the volume has \(volume.planes.count); "
                    + "give a mask of one slice, or of all"
            )
        }
        guard count > 1 || slice != nil || volume.planes.count == 1 else {
            throw CommandFailure("\(mask): the mask has one slice; say which it is with --z")
        }
        var found: [(slice: Int, object: PromptedObject)] = []
        for place in 0..<count {
            let labels = try source.readLabels(PlaneIndex(t: 0, z: place))
            guard labels.size == volume.size else {
                throw CommandFailure(
                    "\(mask): the mask has \(labels.size) pixels, but the image has \(volume.size); "
                        + "give a mask of the size of the image"
                )
            }
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
