public import Foundation
public import Imaging
public import Tracking

extension CTCFolder {
    /// The graph of the tracks, for which every frame is measured, one after the other.
    ///
    /// Labels are those of the label images. A track that continues another one after a gap is one with it, and has its
    /// number; ``Tracking/LineageGraph/labelledByTrack()`` gives the labels that belong to this.
    ///
    /// - Parameter receive: Told of each frame and the number of its objects; what it throws ends the reading.
    /// - Throws: ``TrackFileError`` if table and label images do not fit together; as ``labels(frame:)``.
    public func lineage(
        telling receive: (_ frame: Int, _ objects: Int) throws -> Void = { _, _ in }
    ) throws -> LineageGraph {
        do {
            var assembly = try LineageAssembly(records)
            for frame in 0..<frameCount {
                let objects = try labels(frame: frame).measurements()
                try assembly.add(objects)
                try receive(frame, objects.count)
            }
            return try assembly.finish()
        } catch let error as LineageError {
            throw TrackFileError(error, path: url.path)
        }
    }
}

extension CTCFolderWriter {
    /// Writes a graph and its label images, frame by frame.
    ///
    /// - Parameters:
    ///   - graph: The tracks, in frames of the movie.
    ///   - url: The folder.
    ///   - frameCount: The number of frames.
    ///   - gaps: What becomes of an object that is missing for some frames.
    ///   - options: How the folder is written.
    ///   - labels: The label image of a frame, with the labels of the graph. What is in no track becomes background.
    /// - Throws: ``TrackFileError`` if graph and label images do not fit together, or the folder cannot be written; what
    ///   `labels` throws.
    public static func write(
        _ graph: LineageGraph,
        to url: URL,
        frameCount: Int,
        gaps: TrackGaps = .newTracks,
        options: Options = Options(),
        labels: (Int) throws -> LabelImage
    ) throws {
        let table: LineageRecords
        do throws(LineageError) {
            table = try graph.records(gaps: gaps)
        } catch {
            throw TrackFileError(error, path: url.path)
        }
        var writer = try CTCFolderWriter(
            creating: url,
            records: table.records,
            frameCount: frameCount,
            options: options
        )
        for frame in 0..<frameCount {
            try writer.append(labels(frame).relabeled(table.numbers(inFrame: frame)))
        }
        try writer.finish()
    }
}
