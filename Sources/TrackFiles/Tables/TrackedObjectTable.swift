import Files
public import Foundation
public import ImageFormats
public import Imaging
public import Tracking

/// Writes a table of all objects of a movie with their tracks, one a row, frame by frame, as CSV.
///
/// The columns are `frame` and `track`, and then those of ``ImageFormats/ObjectTable``. Only the frame at hand is in memory.
/// The file appears under its name when ``finish()`` returns.
public struct TrackedObjectTable: ~Copyable {
    private let numbers: [Int: [UInt32: UInt32]]
    private var table: ObjectTable
    private var file: FileReplacement
    private var frame = 0

    /// Begins a table beside its destination.
    ///
    /// - Parameters:
    ///   - url: The destination; an existing file is replaced when the table is complete.
    ///   - graph: The tracks.
    ///   - physicalSize: Size of a pixel.
    ///   - channelNames: Names of the channels that intensities are measured in.
    ///   - channelCount: The number of these channels.
    public init(
        creating url: URL,
        of graph: LineageGraph,
        physicalSize: PhysicalSize = PhysicalSize(),
        channelNames: [String] = [],
        channelCount: Int = 0
    ) throws(TrackFileError) {
        let table = ObjectTable(
            [],
            physicalSize: physicalSize,
            channelNames: channelNames,
            channelCount: channelCount
        )
        file = try Self.begin(url, ["frame", "track"] + table.columns)
        (numbers, self.table) = (graph.trackNumbersByFrame(), table)
    }

    private static func begin(
        _ url: URL,
        _ columns: [String]
    ) throws(TrackFileError) -> FileReplacement {
        do throws(FileError) {
            var file = try FileReplacement(of: url.path)
            try file.append(CSVTable.line(columns) + "\n")
            return file
        } catch {
            throw TrackFileError(writing: error)
        }
    }

    /// Writes the objects of the next frame; those that are in no track have no number.
    ///
    /// - Throws: ``TrackFileError`` if the file cannot be written.
    public mutating func append(_ objects: [ObjectMeasurement]) throws(TrackFileError) {
        let numbers = numbers[frame] ?? [:]
        table.objects = objects
        let lines = zip(objects, table.rows).map { object, cells in
            let track = numbers[object.label].map { "\($0)" } ?? ""
            return CSVTable.line(["\(frame)", track] + cells) + "\n"
        }
        do throws(FileError) {
            try file.append(lines.joined())
        } catch {
            throw TrackFileError(writing: error)
        }
        frame += 1
    }

    /// Completes the file and gives it its name.
    ///
    /// - Throws: ``TrackFileError`` if it cannot be written.
    public consuming func finish() throws(TrackFileError) {
        do throws(FileError) {
            try file.commit()
        } catch {
            throw TrackFileError(writing: error)
        }
    }
}
