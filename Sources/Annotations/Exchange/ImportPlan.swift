public import Foundation
import ImageFormats
public import Prompting

/// Which files of labels or tracks belong to which images of a project.
public struct ImportPlan {
    /// The images and their files.
    public let pairs: [(image: ProjectImage, file: String)]

    /// Files that belong to none of the images.
    public let unusedFiles: [String]

    /// Matches files with images by their names; tracks belong to a single image whatever their name is.
    ///
    /// - Throws: ``ExchangeError/unpaired(files:images:)``; `DataSetError` if numbers in the names disagree.
    public init(_ project: Project, _ images: [ProjectImage], _ files: [String]) throws {
        if let image = images.first, images.count == 1, files.count == 1,
            Project.holdsTracks(files[0])
        {
            (pairs, unusedFiles) = ([(image, files[0])], [])
            return
        }
        do throws(DataSetError) {
            let paths = images.map { project.path(of: $0.entry) }
            let pairing = try ImagePairing(images: paths, labels: files)
            pairs = zip(images, pairing.pairs).map { ($0, $1.labels) }
            unusedFiles = pairing.unusedLabels
        } catch {
            guard case .unpaired = error else { throw error }
            throw ExchangeError.unpaired(files: files.count, images: images.count)
        }
    }
}

extension Project {
    /// Brings labels or tracks of another program into an image, as objects to correct: one gesture, which can be undone.
    ///
    /// - Parameters:
    ///   - file: What ``importLabels(_:key:into:_:client:note:)`` or ``importTracks(_:into:_:client:_:)`` reads.
    ///   - key: The data set inside a container.
    ///   - image: The image.
    ///   - rule: What becomes of objects that are there.
    ///   - client: Who asks.
    ///   - work: Is told what the reader noticed; may be cancelled between two time points of tracks.
    /// - Throws: As these.
    public func importObjects(
        _ file: String,
        key: String? = nil,
        into image: Int64,
        _ rule: OverlapRule = .keep,
        client: UUID,
        _ work: Work = Work()
    ) throws -> EditAnswer {
        guard key == nil, Self.holdsTracks(file) else {
            return try importLabels(file, key: key, into: image, rule, client: client) {
                work.note($0)
            }
        }
        return try importTracks(file, into: image, rule, client: client, work)
    }
}
