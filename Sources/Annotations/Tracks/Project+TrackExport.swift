import Files
import Foundation
import ImageFormats
import Imaging
public import Prompting
public import TrackFiles
import Tracking

extension Project {
    /// Writes the tracks of a movie, in the forms of `usam track`, into a folder of its own.
    ///
    /// Each result replaces an older one when all are complete.
    ///
    /// - Parameters:
    ///   - image: The movie.
    ///   - kinds: The forms.
    ///   - folder: The folder; it is made if it is not there.
    ///   - work: Is told of the time points, and may be cancelled between them.
    /// - Returns: The names in the folder.
    /// - Throws: ``ProjectError/badGesture(_:)`` unless the image is a movie of one slice; ``ExchangeError``; errors of `TrackFiles` and
    ///   `ImageFormats`; `CancellationError`.
    @discardableResult
    public func exportTracks(
        _ image: Int64,
        as kinds: [TrackResultKind],
        to folder: String,
        _ work: Work = Work()
    ) throws -> [String] {
        let names = kinds.flatMap(\.names)
        try requireNoImage(in: names.map { FileName.join(folder, $0) })
        let (graph, noted) = try notedLineage(image: image)
        let entry = try self.image(image).entry
        let source = AnnotatedSource(entry, path: path(of: entry))
        let first = try source.read(PlaneIndex())
        let movie = TrackResultWriter.Movie(
            name: path(of: entry),
            size: entry.shape.size,
            frameCount: entry.shape.t,
            physicalSize: source.physicalSize,
            channelCount: first.channels,
            channelNames: source.channelNames(of: first)
        )
        let draft = FileName.join(folder, ".tracks-\(UUID().uuidString.prefix(8)).part")
        try FileManager.default.createDirectory(atPath: draft, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: draft) }
        let writer = try TrackResultWriter(
            of: graph,
            movie,
            kinds,
            in: draft,
            scores: linkScores(image: image, in: graph),
            noted: noted,
            facts: Self.facts(graph, entry)
        )
        for t in 0..<entry.shape.t {
            try work.advance(t, of: entry.shape.t)
            let labels = try labelImage(image: image, t: t)
            try writer.append(t, labels) { try source.read(PlaneIndex(t: t)) }
        }
        try writer.finish()
        for name in names {
            let place = FileName.join(folder, name)
            if FileStatus(of: place) != nil { try FileManager.default.removeItem(atPath: place) }
            try FileManager.default.moveItem(atPath: FileName.join(draft, name), toPath: place)
        }
        return names
    }

    /// Throws if an image of the project is one of these files, or lies in one of these folders.
    private func requireNoImage(in places: [String]) throws {
        func resolved(_ path: String) -> String {
            URL(filePath: path).resolvingSymlinksInPath().path
        }
        let sources = try images().flatMap { files(of: $0.entry).map(resolved) }
        let taken = places.first { place in
            let place = resolved(place)
            return sources.contains { $0 == place || $0.hasPrefix(place + "/") }
        }
        if let taken { throw ExchangeError.replacesImage(file: taken) }
    }

    /// What the report says.
    private static func facts(
        _ graph: LineageGraph,
        _ entry: ImageEntry
    ) -> [(name: String, value: String)] {
        let tracks = graph.tracks()
        return [
            ("frames", "\(entry.shape.t)"), ("objects in all frames", "\(graph.count)"),
            ("tracks", "\(tracks.count)"),
            ("divisions", "\(tracks.count { !$0.children.isEmpty })"),
            ("source", "an annotation project"), ("version", ProgramVersion.text),
        ]
    }
}
