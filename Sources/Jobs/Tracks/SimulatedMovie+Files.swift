import Foundation
import ImageFormats
public import Imaging
import TrackFiles
import Tracking

extension SimulatedMovie {
    /// Writes the movie as a stack of time points, and its true tracks as a folder of the Cell Tracking Challenge.
    ///
    /// - Returns: Number of tracks.
    /// - Throws: An error that names the file that cannot be written.
    public func write(to movie: String, truth: String, replacing replaces: Bool) throws -> Int {
        guard let size = frames.first?.image.size else { return 0 }
        var writer = try TIFFWriter(
            creating: URL(filePath: movie),
            axes: ImageAxes(t: frames.count, y: size.height, x: size.width),
            sampleType: .uint16
        )
        for frame in frames { try writer.append(.uint16(frame.image)) }
        try writer.finish()
        let records = records
        var folder = try CTCFolderWriter(
            creating: URL(filePath: truth),
            records: records,
            frameCount: frames.count,
            options: .init(names: .reference, replaces: replaces)
        )
        for frame in frames { try folder.append(frame.labels) }
        try folder.finish()
        return records.count
    }

    /// The table of the tracks that can be seen.
    private var records: [TrackRecord] {
        var found: [UInt32: TrackRecord] = [:]
        for (number, frame) in frames.enumerated() {
            for label in frame.labels.objectLabels() {
                found[label, default: TrackRecord(id: label, first: number, last: number)].last =
                    number
            }
        }
        return found.values.sorted { $0.id < $1.id }.map { record in
            var record = record
            record.parent = parents[record.id].flatMap { found[$0]?.id }
            return record
        }
    }
}
