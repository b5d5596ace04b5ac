import Files
import Foundation
import ImageFormats
import Imaging
import Prompting
import TrackFiles
import Tracking

/// Writes all results of a movie frame by frame.
final class TrackWriter {
    private let tracked: TrackedMovie
    private let kinds: Set<TrackResultKind>
    private let folder: String
    private let records: LineageRecords
    private let isWide: Bool
    private var stack: TIFFWriter?
    private var challenge: CTCFolderWriter?
    private var report: TrackReport?

    /// Begins the results in a folder.
    ///
    /// - Parameter facts: What the report says of the run.
    init(
        _ tracked: TrackedMovie,
        _ kinds: [TrackResultKind],
        in folder: String,
        facts: [(name: String, value: String)]
    ) throws {
        (self.tracked, self.kinds, self.folder) = (tracked, Set(kinds), folder)
        let (movie, graph) = (tracked.movie, tracked.graph)
        records = try graph.records()
        isWide = (graph.trackNumbers.last ?? 0) > UInt32(UInt16.max)
        func place(_ kind: TrackResultKind) -> URL? {
            kinds.contains(kind) ? Self.place(kind, in: folder) : nil
        }
        stack = try Self.stack(place(.labels), movie, isWide: isWide)
        challenge = try Self.challenge(place(.challenge), records.records, movie)
        report = place(.report).map { _ in
            TrackReport(
                title: "Tracks of \(FileName.last(of: movie.name))",
                frames: movie.count,
                facts: facts
            )
        }
    }

    private static func stack(_ url: URL?, _ movie: Movie, isWide: Bool) throws -> TIFFWriter? {
        guard let url else { return nil }
        return try TIFFWriter(
            creating: url,
            axes: ImageAxes(t: movie.count, y: movie.size.height, x: movie.size.width),
            sampleType: isWide ? .uint32 : .uint16,
            options: .init(usesPredictor: false, physicalSize: movie.physicalSize)
        )
    }

    private static func challenge(
        _ url: URL?,
        _ records: [TrackRecord],
        _ movie: Movie
    ) throws -> CTCFolderWriter? {
        guard let url else { return nil }
        return try CTCFolderWriter(creating: url, records: records, frameCount: movie.count)
    }

    /// Adds the next frame to all results.
    func append(_ frame: Int, _ work: Work) throws {
        let found = try tracked.found(frame, work)
        if challenge != nil {
            try challenge?.append(found.relabeled(records.numbers(inFrame: frame)))
        }
        let labels = tracked.tracks(of: found, frame)
        if stack != nil {
            let raster = try Raster(size: labels.size, samples: labels.labels)
            try stack?.append(
                isWide
                    ? .uint32(raster) : .uint16(raster.map { UInt16(truncatingIfNeeded: $0) })
            )
        }
        if report?.shows(frame) == true {
            try report?.add(labels, on: tracked.movie.plane(frame), frame: frame)
        }
    }

    /// Writes what needs all frames, and ends the files.
    func finish() throws {
        try stack.take()?.finish()
        if let challenge = challenge.take() { try challenge.finish() }
        if let report {
            try FileReplacement.write(report.html, to: Self.place(.report, in: folder).path)
        }
    }

    private static func place(_ kind: TrackResultKind, _ number: Int = 0, in folder: String) -> URL
    {
        URL(filePath: FileName.join(folder, kind.names[number]))
    }
}
