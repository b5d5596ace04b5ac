import Files
public import Foundation
import ImageFormats
public import Imaging
public import Tracking

/// A folder of tracks as the Cell Tracking Challenge defines it: a table, and a label image for each frame in which every object has
/// the number of its track.
///
/// The table and the names of the files are read at once, pixels frame by frame when they are asked for.
///
/// ```swift
/// let folder = try CTCFolder(reading: URL(filePath: "01_RES"))
/// for frame in 0..<folder.frameCount { let labels = try folder.labels(frame: frame) }
/// ```
///
/// - Source: Cell Tracking Challenge, "Naming and file content conventions".
public struct CTCFolder: Sendable {
    /// The folder that the files lie in.
    public let url: URL

    /// What the files are called.
    public let names: CTCNames

    /// The tracks, in the order of the table; frames count from the first file, which is frame 0.
    public let records: [TrackRecord]

    /// The number of frames.
    public var frameCount: Int { files.count }

    /// The number that the first frame has in the names of the files and in the table, usually 0.
    public let firstFrame: Int

    /// The size of all frames.
    public let size: Size

    private let files: [String]

    /// Reads the table and the names of the frames; no pixels.
    ///
    /// - Parameters:
    ///   - url: A folder with `man_track.txt` or `res_track.txt`, or one that has it in a folder `TRA`; or the table itself.
    ///   - checksParents: Whether parents must exist and end before their daughters begin. Results that break this are read
    ///     to be scored as they are.
    /// - Throws: ``TrackFileError`` if the table, a frame or a number in the table is wrong or missing; `ImageFormatError` if the first
    ///   frame cannot be opened.
    public init(reading url: URL, checksParents: Bool = true) throws {
        let place = try Self.table(in: url)
        let table = try CTCTable(reading: place.table, checksParents: checksParents)
        let found = try Self.frames(in: place.folder, named: place.names)
        self.url = URL(filePath: place.folder, directoryHint: .isDirectory)
        (names, files, firstFrame) = (found.names, found.files, found.first)
        var records: [TrackRecord] = []
        for var record in table.records {
            record.first -= found.first
            record.last -= found.first
            guard record.first >= 0, record.last < found.files.count else {
                throw TrackFileError(
                    .outOfRange,
                    path: place.table,
                    "track \(record.id) lies in frames \(record.first + found.first) to "
                        + "\(record.last + found.first), but there are label images of frames \(found.first) to "
                        + "\(found.first + found.files.count - 1)",
                    advice: "copy the folder again, with all frames"
                )
            }
            records.append(record)
        }
        self.records = records
        size = try Self.source(found.files[0]).size
    }

    /// The labels of a frame: the number of the track at every pixel, 0 for background.
    ///
    /// Nothing is taken for background but 0: a frame without background keeps all its objects.
    ///
    /// - Parameter frame: Counted from 0.
    /// - Throws: ``TrackFileError`` if there is no such frame, or it has another size than the first; `ImageFormatError` if it cannot be
    ///   read.
    public func labels(frame: Int) throws -> LabelImage {
        guard files.indices.contains(frame) else {
            throw TrackFileError(
                .outOfRange,
                path: url.path,
                "there is no frame \(frame)",
                advice: "frames are 0 to \(files.count - 1)"
            )
        }
        let source = try Self.source(files[frame])
        guard source.size == size else {
            throw TrackFileError(
                .mismatch,
                path: files[frame],
                "a frame of \(source.size) pixels, but the first has \(size)",
                advice: "all frames of a movie have the same size"
            )
        }
        return try source.image.readLabels()
    }

    private static func source(_ file: String) throws -> (image: ImageSource, size: Size) {
        let options = ImageSource.Options(colorConversion: .asStored)
        let source = try ImageSource(opening: URL(filePath: file), options: options)
        let axes = source.description.axes
        guard axes.t == 1, axes.z == 1, axes.c == 1 else {
            throw TrackFileError(
                .unsupported,
                path: file,
                "a frame of several planes (\(axes.t * axes.z * axes.c))",
                advice: "tracks of volumes are not read; give frames of a single plane"
            )
        }
        return (source, Size(width: axes.x, height: axes.y))
    }
}

// MARK: - Finding the files

extension CTCFolder {
    /// Whether a path is a folder of this format, as far as the names in it tell.
    public static func isOne(_ url: URL) -> Bool {
        do throws(TrackFileError) {
            _ = try table(in: url)
            return true
        } catch {
            return false
        }
    }

    /// The folder that the table and the label images lie in; nil if a path is no folder of this format.
    ///
    /// It may be the path itself, or a folder in it: of `01_GT` it is `01_GT/TRA`.
    public static func labelFolder(of url: URL) -> URL? {
        do throws(TrackFileError) {
            return try URL(filePath: table(in: url).folder, directoryHint: .isDirectory)
        } catch {
            return nil
        }
    }

    private static func table(
        in url: URL
    ) throws(TrackFileError) -> (folder: String, table: String, names: CTCNames) {
        let path = FileName.trimmed(url.path)
        if let names = CTCNames.allCases.first(where: { $0.table == FileName.last(of: path) }),
            FileStatus(of: path)?.isFolder == false
        {
            return (FileName.folder(of: path), path, names)
        }
        for folder in [path, FileName.join(path, "TRA")] {
            let found = CTCNames.allCases.filter {
                FileStatus(of: FileName.join(folder, $0.table))?.isFolder == false
            }
            guard found.count < 2 else {
                throw TrackFileError(
                    .damaged,
                    path: folder,
                    "it has both \(CTCNames.result.table) and \(CTCNames.reference.table)",
                    advice: "name the table that is meant"
                )
            }
            if let names = found.first {
                return (folder, FileName.join(folder, names.table), names)
            }
        }
        throw TrackFileError(
            .cannotOpen,
            path: path,
            "no table of tracks (neither \(CTCNames.result.table) nor \(CTCNames.reference.table))",
            advice: "name a folder of the Cell Tracking Challenge, such as 01_RES or 01_GT/TRA"
        )
    }

    private static func frames(
        in folder: String,
        named names: CTCNames
    ) throws(TrackFileError) -> (names: CTCNames, files: [String], first: Int) {
        let contents: [String]
        do throws(FileError) {
            contents = try FolderContents.names(in: folder).sorted()
        } catch {
            throw TrackFileError(.cannotOpen, path: folder, error.problem, advice: error.advice)
        }
        // A result may lie under the names of a reference, and the other way round.
        for names in [names] + CTCNames.allCases.filter({ $0 != names }) {
            let found = contents.compactMap { name in names.frame(of: name).map { ($0, name) } }
                .sorted { $0 < $1 }
            if found.isEmpty { continue }
            try checkComplete(found, folder)
            return (names, found.map { FileName.join(folder, $0.1) }, found[0].0)
        }
        throw TrackFileError(
            .cannotOpen,
            path: folder,
            "no label images beside the table",
            advice: "they are called \(names.labels(frame: 0, digits: 3)) and so on"
        )
    }

    /// Every frame between the first and the last has one file.
    private static func checkComplete(
        _ found: [(frame: Int, name: String)],
        _ folder: String
    ) throws(TrackFileError) {
        for (one, next) in zip(found, found.dropFirst()) where next.frame != one.frame + 1 {
            guard next.frame != one.frame else {
                throw TrackFileError(
                    .usedTwice,
                    path: folder,
                    "frame \(one.frame) has two files, \(one.name) and \(next.name)",
                    advice: "remove one of them"
                )
            }
            throw TrackFileError(
                .cannotOpen,
                path: folder,
                "frame \(one.frame + 1) is missing: \(next.name) follows \(one.name)",
                advice: "copy the folder again, with all frames"
            )
        }
    }
}
