import Files
import Foundation
import ImageFormats
public import Imaging
public import Prompting
import TrackFiles
public import Tracking

/// Label images of a movie with the table of their tracks, read frame by frame: a folder of the Cell Tracking Challenge, or a label stack
/// with a table.
public struct TrackedLabels: Sendable {
    /// The folder or the stack, as the user named it.
    public let path: String

    /// The table of the tracks, as it is written: what is wrong with it is a part of the score.
    public let records: [TrackRecord]

    /// Number of frames.
    public let frameCount: Int

    /// What the readers noticed.
    public let notes: [FileNote]

    /// Masks that only count for the segmentation, with their frames: those of the folder `SEG` of the challenge.
    public let segmentation: [(frame: Int, file: String)]

    private enum Source: Sendable {
        case folder(CTCFolder)
        case stack(LabelFile, slices: Int)
    }

    private let source: Source

    /// Opens label images and reads the table; no pixels.
    ///
    /// - Parameters:
    ///   - path: A folder of the challenge (`01_RES`, `01_GT`, `01_GT/TRA`), or a label stack whose planes are frames. Time points may be
    ///     volumes.
    ///   - table: The table of a stack: number, first frame, last frame and parent in each line; nil for the file beside it with the same
    ///     name and the extension `txt`.
    ///   - axes: What the dimensions of a stack are; nil if the file tells. Without time points its slices are frames.
    /// - Throws: `TrackFileError`, `ImageFormatError` or `DataSetError` if a file cannot be used.
    public init(opening path: String, table: String? = nil, axes: String? = nil) throws {
        self.path = path
        if table == nil, FileStatus(of: path)?.isFolder == true || path.hasSuffix("track.txt") {
            let folder = try CTCFolder(reading: URL(filePath: path), checksParents: false)
            (records, frameCount, notes) = (folder.records, folder.frameCount, [])
            segmentation = Self.segmentation(of: path, firstFrame: folder.firstFrame)
            source = .folder(folder)
            return
        }
        let file = try LabelFile(opening: path, axes: axes)
        // A stack that does not say what it is a stack of.
        var extents = file.axes
        if extents.t == 1 { (extents.t, extents.z) = (extents.z, 1) }
        (frameCount, notes, segmentation) = (extents.t, file.notes, [])
        source = .stack(file, slices: extents.z)
        let beside = URL(filePath: path).deletingPathExtension().appendingPathExtension("txt").path
        records = try CTCTable(reading: table ?? beside, checksParents: false).records
    }

    /// The labels of a frame: one image, or the slices of a volume.
    ///
    /// - Throws: `TrackFileError` or `ImageFormatError` if they cannot be read.
    public func labels(frame: Int) throws -> [LabelImage] {
        switch source {
        case .folder(let folder): return [try folder.labels(frame: frame)]
        case .stack(let file, let slices):
            return try (0..<slices).map { try file.read(plane: frame * slices + $0) }
        }
    }

    /// The planes of the folder `SEG` of a truth (`man_seg000.tif`); none if there is no such folder.
    ///
    /// Parts of volumes (`man_seg_000_012.tif`) are not read, as tracks of volumes are not.
    private static func segmentation(
        of path: String,
        firstFrame: Int
    ) -> [(frame: Int, file: String)] {
        let folder = FileName.join(path, "SEG")
        guard FileStatus(of: folder)?.isFolder == true,
            let names = try? FolderContents.names(in: folder)
        else { return [] }
        return names.compactMap { name in
            guard name.hasPrefix("man_seg"), name.hasSuffix(".tif"),
                let number = Int(name.dropFirst("man_seg".count).dropLast(".tif".count))
            else { return nil }
            return (number - firstFrame, FileName.join(folder, name))
        }
        .sorted { $0.frame < $1.frame }
    }
}
