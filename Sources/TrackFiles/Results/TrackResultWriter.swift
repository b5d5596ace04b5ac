import Files
import Foundation
public import ImageFormats
public import Imaging
public import Tracking

/// Writes all results of a movie frame by frame.
///
/// Only the frame at hand is in memory. The files lie in a folder that is there already, under the names of ``TrackResultKind``.
public final class TrackResultWriter {
    /// The movie that the results belong to.
    public struct Movie: Hashable, Sendable {
        /// Its path, or its name.
        public var name: String

        /// The size of its frames.
        public var size: Size

        /// The number of its frames.
        public var frameCount: Int

        /// Size of a pixel and time between frames.
        public var physicalSize: PhysicalSize

        /// The number of channels that intensities are measured in.
        public var channelCount: Int

        /// Their names.
        public var channelNames: [String]

        /// Describes a movie.
        public init(
            name: String,
            size: Size,
            frameCount: Int,
            physicalSize: PhysicalSize = PhysicalSize(),
            channelCount: Int = 1,
            channelNames: [String] = []
        ) {
            (self.name, self.size, self.frameCount) = (name, size, frameCount)
            (self.physicalSize, self.channelCount) = (physicalSize, channelCount)
            self.channelNames = channelNames
        }
    }

    private let movie: Movie

    /// The graph, with the numbers of tracks as labels.
    private let graph: LineageGraph
    private let scores: LinkScores?
    private let noted: [NotedMother]
    private let kinds: Set<TrackResultKind>
    private let folder: String
    private let records: LineageRecords
    private let numbers: [Int: [UInt32: UInt32]]
    private let isWide: Bool
    private var stack: TIFFWriter?
    private var challenge: CTCFolderWriter?
    private var trackMate: TrackMateWriter?
    private var objects: TrackedObjectTable?
    private var report: TrackReport?

    /// Begins the results in a folder.
    ///
    /// - Parameters:
    ///   - graph: The tracks; its labels are those of the label images that will be appended.
    ///   - kinds: What is written.
    ///   - folder: The folder, which must exist.
    ///   - scores: How good a linker said links to be, for the table of places that look wrong; nil if there was none.
    ///   - noted: Mothers that could not be linked with their daughters, for the same table.
    ///   - facts: What the report says of the run.
    /// - Throws: ``TrackFileError``, errors of `ImageFormats` and of the graph.
    public init(
        of graph: LineageGraph,
        _ movie: Movie,
        _ kinds: [TrackResultKind],
        in folder: String,
        scores: LinkScores? = nil,
        noted: [NotedMother] = [],
        facts: [(name: String, value: String)] = []
    ) throws {
        (self.movie, self.kinds, self.folder, self.scores) = (movie, Set(kinds), folder, scores)
        (self.graph, self.noted) = (graph.labelledByTrack(), noted)
        records = try graph.records()
        numbers = graph.trackNumbersByFrame()
        isWide = (graph.trackNumbers.last ?? 0) > UInt32(UInt16.max)
        for kind in kinds { try begin(kind, facts) }
    }

    private func begin(_ kind: TrackResultKind, _ facts: [(name: String, value: String)]) throws {
        switch kind {
        case .labels:
            stack = try TIFFWriter(
                creating: place(kind),
                axes: ImageAxes(t: movie.frameCount, y: movie.size.height, x: movie.size.width),
                sampleType: isWide ? .uint32 : .uint16,
                options: .init(usesPredictor: false, physicalSize: movie.physicalSize)
            )
        case .challenge:
            challenge = try CTCFolderWriter(
                creating: place(kind),
                records: records.records,
                frameCount: movie.frameCount
            )
        case .trackMate:
            trackMate = try TrackMateWriter(
                creating: place(kind),
                of: graph,
                movie: .init(
                    name: FileName.last(of: movie.name),
                    folder: FileName.folder(of: movie.name),
                    size: movie.size,
                    frameCount: movie.frameCount,
                    physicalSize: movie.physicalSize
                ),
                channelCount: movie.channelCount
            )
        case .tables:
            objects = try TrackedObjectTable(
                creating: place(kind, 1),
                of: graph,
                physicalSize: movie.physicalSize,
                channelNames: movie.channelNames,
                channelCount: movie.channelCount
            )
        case .report:
            report = TrackReport(
                title: "Tracks of \(FileName.last(of: movie.name))",
                frames: movie.frameCount,
                facts: facts
            )
        case .graph, .trees: break
        }
    }

    /// Adds the next frame to all results.
    ///
    /// - Parameters:
    ///   - frame: Its number, counted from 0.
    ///   - found: Its label image, with the labels of the graph; what is in no track becomes background.
    ///   - image: Reads its pixels, with all channels; not called for results that do not need them.
    /// - Throws: What writing throws, and what `image` throws.
    public func append(
        _ frame: Int,
        _ found: LabelImage,
        image: () throws -> AnyRaster
    ) throws {
        if challenge != nil {
            try challenge?.append(found.relabeled(records.numbers(inFrame: frame)))
        }
        let labels = found.relabeled(numbers[frame] ?? [:])
        if stack != nil {
            let raster = try Raster(size: labels.size, samples: labels.labels)
            try stack?.append(
                isWide
                    ? .uint32(raster) : .uint16(raster.map { UInt16(truncatingIfNeeded: $0) })
            )
        }
        guard trackMate != nil || objects != nil || report?.shows(frame) == true else { return }
        let image = try image()
        if trackMate != nil || objects != nil {
            let measured = try labels.measurements(of: image)
            try trackMate?.append(labels, measured: measured)
            try objects?.append(measured)
        }
        if report?.shows(frame) == true { try report?.add(labels, on: image, frame: frame) }
    }

    /// Writes what needs all frames, and ends the files.
    ///
    /// - Throws: What writing throws.
    public func finish() throws {
        try stack.take()?.finish()
        if let challenge = challenge.take() { try challenge.finish() }
        if let trackMate = trackMate.take() { try trackMate.finish() }
        if let objects = objects.take() {
            try objects.finish()
            let size = movie.physicalSize
            let tracks = TrackTable(graph, physicalSize: size)
            try FileReplacement.write(tracks.csv, to: place(.tables).path)
            let suspicions = graph.suspicionTable(scores, noted)
            try FileReplacement.write(suspicions.text, to: place(.tables, 2).path)
        }
        if kinds.contains(.graph) {
            let labels = kinds.contains(.labels) ? "../" + TrackResultKind.labels.names[0] : nil
            try GEFFWriter(physicalSize: movie.physicalSize, labelImages: labels)
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
    fileprivate func suspicionTable(
        _ scores: LinkScores?,
        _ noted: [NotedMother]
    ) -> CSVTable {
        var table = CSVTable(header: ["frame", "track", "kind", "x", "y"])
        table.rows = suspicions(SuspicionLimits(), scores, noted: noted).map { place in
            let centroid = self[place.node]?.centroid
            let position = [centroid?.x, centroid?.y].map {
                $0.map { String(format: "%.1f", $0) } ?? ""
            }
            return ["\(place.frame)", "\(place.track)", place.kind.rawValue] + position
        }
        return table
    }
}
