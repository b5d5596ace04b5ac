public import Foundation
import ImageFormats
import Imaging
public import Prompting

extension Project {
    /// Brings the labels of another program into an image, as objects to correct: one gesture, which can be
    /// undone.
    ///
    /// Objects keep their labels where these are free; if planes are separate, only those of the first plane can.
    ///
    /// - Parameters:
    ///   - source: Label images, or outlines: one file of the extents of the image, or one for each of some planes.
    ///   - image: The image.
    ///   - options: How labels become objects.
    ///   - client: Who asks.
    ///   - work: Is told what the reader noticed; may be cancelled between two planes.
    /// - Throws: ``ProjectError``; ``ExchangeError``; errors of `ImageFormats`; `CancellationError`.
    public func importLabels(
        _ source: LabelSource,
        into image: Int64,
        _ options: LabelImportOptions = LabelImportOptions(),
        client: UUID,
        _ work: Work = Work()
    ) throws -> EditAnswer {
        let planes = ImportedPlanes(try self.image(image).entry, options, work)
        let objects = try planes.objects(of: source)
        guard !objects.isEmpty else { throw ExchangeError.noObjects(labels: "\(source)") }
        return try apply(Gesture(.importLabels(objects, options.rule), client: client), to: image)
    }
}

/// Reads label files plane by plane.
private struct ImportedPlanes {
    let entry: ImageEntry
    let options: LabelImportOptions
    let work: Work

    init(_ entry: ImageEntry, _ options: LabelImportOptions, _ work: Work) {
        (self.entry, self.options, self.work) = (entry, options, work)
    }

    func objects(of source: LabelSource) throws -> [NewObject] {
        var objects: [NewObject] = []
        switch source {
        case .file(let file):
            let labels = try opened(file, planeCount: entry.shape.planeCount)
            var note = BackgroundNote(labels, work)
            for plane in 0..<labels.planeCount {
                try work.advance(plane, of: labels.planeCount)
                let read = try labels.read(plane: plane)
                note.look(at: read)
                objects += found(in: read, plane, labels.words)
            }
        case .planes(let files):
            for (done, (plane, file)) in files.sorted(by: { $0.key < $1.key }).enumerated() {
                try work.advance(done, of: files.count)
                let labels = try opened(file, planeCount: 1)
                let read = try labels.read(plane: 0)
                var note = BackgroundNote(labels, work)
                note.look(at: read)
                objects += found(in: read, plane, labels.words)
            }
        }
        noteStrangers(in: objects, source)
        return objects
    }

    /// A file of the extents of the image, with so many planes.
    private func opened(_ file: String, planeCount: Int) throws -> LabelFile {
        let shape = entry.shape
        let isWhole = planeCount == shape.planeCount
        // Outlines take their extents from the image.
        let labels = try LabelFile(
            opening: file,
            key: options.key,
            for: ImageAxes(
                t: isWhole ? shape.t : 1,
                z: isWhole ? shape.z : 1,
                y: shape.y,
                x: shape.x
            ),
            image: entry.name
        )
        let found = labels.axes
        guard found.x == shape.x, found.y == shape.y, found.t * found.z == planeCount else {
            throw ExchangeError.otherExtents(
                labels: file,
                found: "t \(found.t), z \(found.z), y \(found.y), x \(found.x)",
                image: entry.name,
                expected: isWhole ? shape.words : "one plane of y \(shape.y), x \(shape.x)"
            )
        }
        labels.notes.forEach(work.note)
        return labels
    }

    private func found(
        in labels: LabelImage,
        _ plane: Int,
        _ words: [UInt32: ObjectWords]
    ) -> [NewObject] {
        let (t, z) = plane.quotientAndRemainder(dividingBy: entry.shape.z)
        var objects = NewObject.all(in: labels, source: .imported, t: t, z: z)
        for index in objects.indices {
            let own = objects[index].label.flatMap { words[$0] }
            (objects[index].category, objects[index].name) = (own?.category, own?.name)
        }
        guard options.separatesPlanes, plane > 0 else { return objects }
        return objects.map { object in
            var object = object
            object.label = nil
            return object
        }
    }

    /// Says so if most labels of a movie do not stay at their place, which they do where each frame was segmented by itself.
    private func noteStrangers(in objects: [NewObject], _ source: LabelSource) {
        guard entry.shape.t > 1, !options.separatesPlanes else { return }
        var last: [UInt32: (t: Int, box: Region)] = [:]
        var (pairs, strangers) = (0, 0)
        for object in objects {
            guard let label = object.label, let t = object.t else { continue }
            if let before = last[label], before.t == t - 1 {
                pairs += 1
                if before.box.intersection(object.mask.box) == nil { strangers += 1 }
            }
            last[label] = (t, object.mask.box)
        }
        guard pairs > 0, 2 * strangers > pairs else { return }
        let words =
            "of \(pairs) labels that go on in the next frame, \(strangers) are at another place there; if each frame was "
            + "segmented by itself, undo this import and say so when you repeat it"
        work.note(FileNote("\(source)", .note(words)))
    }
}

/// What is said once of the background of a file.
private struct BackgroundNote {
    private let labels: LabelFile
    private let work: Work
    private var isNoted = false

    init(_ labels: LabelFile, _ work: Work) { (self.labels, self.work) = (labels, work) }

    mutating func look(at read: LabelImage) {
        guard !isNoted, let note = labels.note(on: read) else { return }
        work.note(note)
        isNoted = true
    }
}
