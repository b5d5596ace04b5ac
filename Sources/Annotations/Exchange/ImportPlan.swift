public import Foundation
import ImageFormats
public import Prompting

/// Which files of labels or tracks belong to which images of a project.
public struct ImportPlan {
    /// The images and their labels.
    public let pairs: [(image: ProjectImage, labels: LabelSource)]

    /// Files that belong to none of the images.
    public let unusedFiles: [String]

    /// Matches files with images by their names.
    ///
    /// Tracks belong to a single image whatever their name is. Several files for one image with several planes are its
    /// planes: those of the frames of the same names where each frame has a file, else one for each plane, in their order.
    ///
    /// - Throws: ``ExchangeError/noImages``, ``ExchangeError/unpaired(files:images:)``,
    ///   ``ExchangeError/planeFiles(files:image:expected:)``; `DataSetError` if numbers in the names disagree.
    public init(_ project: Project, _ images: [ProjectImage], _ files: [String]) throws {
        guard !images.isEmpty else { throw ExchangeError.noImages }
        if images.count == 1, files.count == 1, Project.holdsTracks(files[0]) {
            (pairs, unusedFiles) = ([(images[0], .file(files[0]))], [])
            return
        }
        if images.count == 1, files.count > 1, images[0].entry.shape.planeCount > 1 {
            let planes = try PlaneFiles(images[0].entry, files)
            (pairs, unusedFiles) = ([(images[0], .planes(planes.files))], planes.unused)
            return
        }
        do throws(DataSetError) {
            let paths = images.map { project.path(of: $0.entry) }
            let pairing = try ImagePairing(images: paths, labels: files)
            pairs = zip(images, pairing.pairs).map { ($0, .file($1.labels)) }
            unusedFiles = pairing.unusedLabels
        } catch {
            guard case .unpaired = error else { throw error }
            throw ExchangeError.unpaired(files: files.count, images: images.count)
        }
    }
}

/// Label files by the planes of an image.
private struct PlaneFiles {
    let files: [Int: String]
    let unused: [String]

    init(_ entry: ImageEntry, _ files: [String]) throws {
        let count = entry.shape.planeCount
        if case .files(let frames) = entry.selection.frames, frames.count == count {
            do throws(DataSetError) {
                let pairing = try ImagePairing(images: frames, labels: files)
                self.files = Dictionary(
                    uniqueKeysWithValues: pairing.pairs.enumerated().map { ($0, $1.labels) }
                )
                unused = pairing.unusedLabels
                return
            } catch {
                guard case .unpaired = error else { throw error }
            }
        }
        guard files.count == count else {
            throw ExchangeError.planeFiles(
                files: files.count,
                image: entry.name,
                expected: entry.shape.words
            )
        }
        self.files = Dictionary(uniqueKeysWithValues: files.enumerated().map { ($0, $1) })
        unused = []
    }
}

extension Project {
    /// Brings labels or tracks of another program into an image, as objects to correct: one gesture, which can be undone.
    ///
    /// - Parameters:
    ///   - source: What ``importLabels(_:into:_:client:_:)`` or ``importTracks(_:into:_:client:_:)`` reads.
    ///   - image: The image.
    ///   - options: How labels become objects; of tracks, only the rule counts.
    ///   - client: Who asks.
    ///   - work: Is told what the reader noticed; may be cancelled between two planes.
    /// - Throws: As these.
    public func importObjects(
        _ source: LabelSource,
        into image: Int64,
        _ options: LabelImportOptions = LabelImportOptions(),
        client: UUID,
        _ work: Work = Work()
    ) throws -> EditAnswer {
        guard case .file(let file) = source, options.key == nil, Self.holdsTracks(file) else {
            return try importLabels(source, into: image, options, client: client, work)
        }
        return try importTracks(file, into: image, options.rule, client: client, work)
    }
}
