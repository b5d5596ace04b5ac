import Files
public import Foundation
import ImageFormats
public import Imaging
public import Tracking

/// Writes a folder of the Cell Tracking Challenge frame by frame.
///
/// Only the frame at hand is in memory. The folder appears under its name when ``finish()`` returns; if the writer ends before,
/// nothing remains. An empty result is a folder, too: an empty table, and label images of background.
///
/// ```swift
/// var writer = try CTCFolderWriter(creating: url, records: records, frameCount: 100)
/// for labels in frames { try writer.append(labels) }
/// try writer.finish()
/// ```
public struct CTCFolderWriter: ~Copyable {
    /// How the folder is written.
    public struct Options: Hashable, Sendable {
        /// What the files are called.
        public var names: CTCNames

        /// The number of the first frame in names and table.
        public var firstFrame: Int

        /// Whether an older folder of this format may be replaced.
        public var replaces: Bool

        /// Creates options.
        public init(names: CTCNames = .result, firstFrame: Int = 0, replaces: Bool = false) {
            (self.names, self.firstFrame, self.replaces) = (names, firstFrame, replaces)
        }
    }

    private let folder: FolderReplacement
    private let records: [TrackRecord]
    private let options: Options
    private let frameCount: Int
    private let isNarrow: Bool
    private var check: RecordCheck
    private var written = 0
    private var size: Size?

    /// Begins a folder beside its destination.
    ///
    /// - Parameters:
    ///   - url: The destination.
    ///   - records: The tracks, frames counted from 0.
    ///   - frameCount: The number of frames that will be appended, at least 1.
    /// - Throws: ``TrackFileError`` if the records contradict themselves, or the folder cannot be made.
    public init(
        creating url: URL,
        records: [TrackRecord],
        frameCount: Int,
        options: Options = Options()
    ) throws(TrackFileError) {
        guard frameCount > 0, options.firstFrame >= 0,
            frameCount + options.firstFrame <= 999_999_999
        else {
            throw TrackFileError(
                .outOfRange,
                path: url.path,
                "a movie of \(frameCount) frames from \(options.firstFrame) on",
                advice: "a movie has at least one frame"
            )
        }
        let records = records.sorted { $0.id < $1.id }
        let check = try RecordCheck(records, frameCount: frameCount, path: url.path)
        folder = try Self.begin(url.path, replaces: options.replaces)
        self.check = check
        // 16 bits if all numbers fit, as most programs expect; the same in every frame.
        isNarrow = (records.last?.id ?? 0) <= UInt32(UInt16.max)
        (self.records, self.options, self.frameCount) = (records, options, frameCount)
    }

    private static func begin(
        _ path: String,
        replaces: Bool
    ) throws(TrackFileError) -> FolderReplacement {
        do throws(FileError) {
            return try FolderReplacement(of: path) { path in replaces && holdsOnlyThis(path) }
        } catch {
            throw TrackFileError(writing: error)
        }
    }

    /// Writes the labels of the next frame; each object has the number of its track.
    ///
    /// - Throws: ``TrackFileError`` if the objects are not those of the records, the frame has another size than the first, or there
    ///   are more frames than announced; `ImageFormatError` if it cannot be written.
    public mutating func append(_ labels: LabelImage) throws {
        guard written < frameCount else {
            throw TrackFileError(
                .outOfRange,
                path: folder.path,
                "more frames than the \(frameCount) that were announced"
            )
        }
        if let size, size != labels.size {
            throw TrackFileError(
                .mismatch,
                path: folder.path,
                "frame \(written) has \(labels.size) pixels, but the first has \(size)"
            )
        }
        size = labels.size
        try check.add(labels.objectLabels())
        let frame = options.firstFrame + written
        let file = folder.file(options.names.labels(frame: frame, digits: digits))
        let plane: AnyRaster =
            isNarrow
            ? .uint16(
                try Raster(
                    size: labels.size,
                    samples: labels.labels.map { UInt16(truncatingIfNeeded: $0) }
                )
            )
            : .uint32(try Raster(size: labels.size, samples: labels.labels))
        try plane.writeTIFF(to: URL(filePath: file), options: .init(usesPredictor: false))
        written += 1
    }

    /// Writes the table, and gives the folder its name.
    ///
    /// - Throws: ``TrackFileError`` if frames are missing, or the folder cannot be written.
    public consuming func finish() throws(TrackFileError) {
        guard written == frameCount else {
            throw TrackFileError(
                .outOfRange,
                path: folder.path,
                "\(written) frames were written, but \(frameCount) were announced"
            )
        }
        let table = CTCTable(
            records.map {
                var record = $0
                record.first += options.firstFrame
                record.last += options.firstFrame
                return record
            }
        )
        do throws(FileError) {
            try FileReplacement.write(table.text, to: folder.file(options.names.table))
            try folder.commit()
        } catch {
            throw TrackFileError(writing: error)
        }
    }

    /// Three digits, and four where the frames need them.
    private var digits: Int { max(3, "\(options.firstFrame + frameCount - 1)".count) }

    /// Whether a folder holds nothing but what a writer makes, so that nothing else is lost with it.
    private static func holdsOnlyThis(_ path: String) -> Bool {
        do throws(FileError) {
            return try FolderContents.names(in: path).allSatisfy { name in
                CTCNames.allCases.contains { $0.table == name || $0.frame(of: name) != nil }
            }
        } catch {
            return false
        }
    }
}

/// Compares the objects of frame after frame with what the records promise.
private struct RecordCheck {
    private let path: String
    private let places: [UInt32: TrackRecord]
    private var beginning: [Int: [UInt32]] = [:]
    private var ending: [Int: [UInt32]] = [:]
    private var frame = 0

    init(_ records: [TrackRecord], frameCount: Int, path: String) throws(TrackFileError) {
        // What would not be read again is not written: the same rules as for a table.
        let table = CTCTable(records)
        _ = try CTCTable(parsing: Array(table.text.utf8), file: path)
        for record in records where record.last >= frameCount {
            throw TrackFileError(
                .outOfRange,
                path: path,
                "track \(record.id) ends in frame \(record.last), but there are \(frameCount) frames"
            )
        }
        self.path = path
        places = Dictionary(uniqueKeysWithValues: records.map { ($0.id, $0) })
        for record in records {
            beginning[record.first, default: []].append(record.id)
            ending[record.last, default: []].append(record.id)
        }
    }

    mutating func add(_ labels: [UInt32]) throws(TrackFileError) {
        for label in labels {
            guard let record = places[label], (record.first...record.last).contains(frame) else {
                throw TrackFileError(
                    .mismatch,
                    path: path,
                    "object \(label) of frame \(frame) belongs to no track",
                    advice: "every object has the number of a track that is there in this frame"
                )
            }
        }
        let found = Set(labels)
        let expected = beginning[frame, default: []] + ending[frame, default: []]
        if let missing = expected.first(where: { !found.contains($0) }) {
            throw TrackFileError(
                .mismatch,
                path: path,
                "track \(missing) begins or ends in frame \(frame), but has no pixels there"
            )
        }
        frame += 1
    }
}
