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

    /// The graph, with the numbers of tracks as labels.
    private let graph: LineageGraph
    private let kinds: Set<TrackResultKind>
    private let folder: String
    private let records: LineageRecords
    private let isWide: Bool
    private var stack: TIFFWriter?
    private var challenge: CTCFolderWriter?
    private var trackMate: TrackMateWriter?
    private var objects: TrackedObjectTable?
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
        graph = tracked.graph.labelledByTrack()
        records = try tracked.graph.records()
        isWide = (graph.trackNumbers.last ?? 0) > UInt32(UInt16.max)
        for kind in kinds { try begin(kind, facts) }
    }

    private func begin(_ kind: TrackResultKind, _ facts: [(name: String, value: String)]) throws {
        let movie = tracked.movie
        switch kind {
        case .labels:
            stack = try TIFFWriter(
                creating: place(kind),
                axes: ImageAxes(t: movie.count, y: movie.size.height, x: movie.size.width),
                sampleType: isWide ? .uint32 : .uint16,
                options: .init(usesPredictor: false, physicalSize: movie.physicalSize)
            )
        case .challenge:
            challenge = try CTCFolderWriter(
                creating: place(kind),
                records: records.records,
                frameCount: movie.count
            )
        case .trackMate:
            trackMate = try TrackMateWriter(
                creating: place(kind),
                of: graph,
                movie: .init(
                    name: FileName.last(of: movie.name),
                    folder: FileName.folder(of: movie.name),
                    size: movie.size,
                    frameCount: movie.count,
                    physicalSize: movie.physicalSize
                ),
                channelCount: try movie.channels.count
            )
        case .tables:
            let channels = try movie.channels
            objects = try TrackedObjectTable(
                creating: place(kind, 1),
                of: graph,
                physicalSize: movie.physicalSize,
                channelNames: channels.names,
                channelCount: channels.count
            )
        case .report:
            report = TrackReport(
                title: "Tracks of \(FileName.last(of: movie.name))",
                frames: movie.count,
                facts: facts
            )
        case .graph, .trees: break
        }
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
        guard trackMate != nil || objects != nil || report?.shows(frame) == true else { return }
        let plane = try tracked.movie.plane(frame)
        let image = try plane.read()
        if trackMate != nil || objects != nil {
            let measured = try labels.measurements(of: image)
            try trackMate?.append(labels, measured: measured)
            try objects?.append(measured)
        }
        if report?.shows(frame) == true { try report?.add(labels, on: image, frame: frame) }
    }

    /// Writes what needs all frames, and ends the files.
    func finish() throws {
        try stack.take()?.finish()
        if let challenge = challenge.take() { try challenge.finish() }
        if let trackMate = trackMate.take() { try trackMate.finish() }
        if let objects = objects.take() {
            try objects.finish()
            let size = tracked.movie.physicalSize
            let tracks = TrackTable(graph, physicalSize: size)
            try FileReplacement.write(tracks.csv, to: place(.tables).path)
            try FileReplacement.write(graph.suspicionTable.text, to: place(.tables, 2).path)
        }
        if kinds.contains(.graph) {
            let labels = kinds.contains(.labels) ? "../" + TrackResultKind.labels.names[0] : nil
            try GEFFWriter(physicalSize: tracked.movie.physicalSize, labelImages: labels)
                .write(graph, to: place(.graph))
        }
        let trees = kinds.contains(.trees) || report != nil ? graph.treesAsSVG() : ""
        if kinds.contains(.trees) { try FileReplacement.write(trees, to: place(.trees).path) }
        if var report {
            report.trees = trees
            try FileReplacement.write(report.html, to: place(.report).path)
        }
    }

    private func place(_ kind: TrackResultKind, _ number: Int = 0) -> URL {
        URL(filePath: FileName.join(folder, kind.names[number]))
    }
}

extension LineageGraph {
    /// Places that look wrong, one a row.
    fileprivate var suspicionTable: CSVTable {
        var table = CSVTable(header: ["frame", "track", "kind", "x", "y"])
        table.rows = suspicions().map { place in
            let centroid = self[place.node]?.centroid
            let position = [centroid?.x, centroid?.y].map {
                $0.map { String(format: "%.1f", $0) } ?? ""
            }
            return ["\(place.frame)", "\(place.track)", place.kind.rawValue] + position
        }
        return table
    }
}
