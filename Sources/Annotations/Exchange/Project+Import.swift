public import Foundation
import ImageFormats
import Imaging
public import Prompting

extension Project {
    /// Brings the labels of another program into an image, as objects to correct: one gesture, which can be
    /// undone.
    ///
    /// Objects keep their labels where these are free.
    ///
    /// - Parameters:
    ///   - file: A label image, or outlines, of the extents of the image.
    ///   - key: The data set inside a container.
    ///   - image: The image.
    ///   - rule: What becomes of objects that are there.
    ///   - client: Who asks.
    ///   - note: Told what the reader noticed.
    /// - Throws: ``ProjectError``; ``ExchangeError``; errors of `ImageFormats`.
    public func importLabels(
        _ file: String,
        key: String? = nil,
        into image: Int64,
        _ rule: OverlapRule = .keep,
        client: UUID,
        note: (FileNote) -> Void = { _ in }
    ) throws -> EditAnswer {
        let entry = try self.image(image).entry
        let shape = entry.shape
        // Outlines take their extents from the image.
        let labels = try LabelFile(
            opening: file,
            key: key,
            for: ImageAxes(t: shape.t, z: shape.z, y: shape.y, x: shape.x),
            image: entry.name
        )
        let found = labels.axes
        guard found.x == shape.x, found.y == shape.y, found.t * found.z == shape.t * shape.z else {
            throw ExchangeError.otherExtents(
                labels: file,
                found: "t \(found.t), z \(found.z), y \(found.y), x \(found.x)",
                image: entry.name,
                expected: shape.words
            )
        }
        labels.notes.forEach(note)
        var objects: [NewObject] = []
        var isNoted = false
        for plane in 0..<labels.planeCount {
            let (t, z) = plane.quotientAndRemainder(dividingBy: shape.z)
            let read = try labels.read(plane: plane)
            if !isNoted, let background = labels.note(on: read) {
                note(background)
                isNoted = true
            }
            objects += NewObject.all(
                in: read,
                source: .imported,
                t: t,
                z: z
            )
        }
        guard !objects.isEmpty else { throw ExchangeError.noObjects(labels: file) }
        return try apply(Gesture(.importLabels(objects, rule), client: client), to: image)
    }
}
