import Annotations
import Files
import Foundation
import HTTPTypes
import ImageFormats
import Imaging
import Prompting

/// Images of the project and their objects, written for a training: all objects of images that are done, and the
/// accepted ones of others.
///
/// Of a stack or a movie, those planes that have such objects.
struct TrainingMaterial: Sendable {
    private let state: ServerState
    private let chosen: [Int64]?

    /// - Parameter images: Which; nil takes those that are done, or where none is done all that have objects.
    init(_ state: ServerState, images: [Int64]?) {
        self.state = state
        chosen = images
    }

    /// Writes the pairs into a folder of their own.
    ///
    /// - Throws: ``ServerError`` if there is nothing to learn from.
    func write(_ work: Work) async throws -> TrainingData {
        let images = try chosenImages()
        let root = FileName.join(state.cacheFolder, "training-\(UUID().uuidString)")
        var data = TrainingData(
            images: FileName.join(root, "images"),
            labels: FileName.join(root, "labels"),
            count: 0
        )
        for folder in [data.images, data.labels] {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
        }
        do {
            for image in images {
                let taught = try taught(by: image)
                for place in try places(in: image) {
                    try work.checkpoint()
                    let plane = try await state.plane(place).plane
                    let known = data
                    let isWritten = try await state.work.run {
                        try write(place, plane, taught, "\(known.count + 1).tif", known)
                    }
                    if isWritten { data.count += 1 }
                }
            }
            guard data.count > 0 else {
                throw ServerError(
                    .unprocessableContent,
                    "nothing_to_learn",
                    "no image has objects to learn from",
                    remedy: "annotate some objects first"
                )
            }
        } catch {
            remove(data)
            throw error
        }
        return data
    }

    /// Removes what was written.
    func remove(_ data: TrainingData) {
        try? FileManager.default.removeItem(atPath: FileName.folder(of: data.images))
    }

    private func chosenImages() throws -> [ProjectImage] {
        let all = try state.project.images().filter { $0.objectCount > 0 }
        if let chosen { return all.filter { chosen.contains($0.id) } }
        let done = all.filter { $0.status == .done }
        return done.isEmpty ? try all.filter { try !taught(by: $0).isEmpty } : done
    }

    /// The labels of the objects that somebody stands for.
    private func taught(by image: ProjectImage) throws -> Set<UInt32> {
        let objects = try state.project.objects(image: image.id)
        return Set(objects.filter { image.status == .done || $0.isAccepted }.map(\.label))
    }

    /// The planes of an image on which something is painted.
    private func places(in image: ProjectImage) throws -> [SessionKeeper.Place] {
        var places: [SessionKeeper.Place] = []
        // In the order of planes, so that those of one follow each other.
        for tile in try state.project.tiles(image: image.id) {
            let place = SessionKeeper.Place(image: image.id, t: tile.address.t, z: tile.address.z)
            if places.last != place { places.append(place) }
        }
        return places
    }

    /// Writes a plane and its labels.
    ///
    /// - Parameter taught: The labels that are kept.
    /// - Returns: False if no object on it teaches anything; nothing is written then.
    private func write(
        _ place: SessionKeeper.Place,
        _ plane: any PixelSource,
        _ taught: Set<UInt32>,
        _ name: String,
        _ data: TrainingData
    ) throws -> Bool {
        var labels = try state.project.labelImage(image: place.image, t: place.t, z: place.z)
        labels.labels = labels.labels.map { taught.contains($0) ? $0 : 0 }
        guard labels.labels.contains(where: { $0 != 0 }) else { return false }
        try labels.writeTIFF(to: URL(filePath: FileName.join(data.labels, name)))
        try plane.read().writeTIFF(to: URL(filePath: FileName.join(data.images, name)))
        return true
    }
}
