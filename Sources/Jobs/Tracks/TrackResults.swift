import Files
public import Foundation
import ImageFormats
import Imaging
import Plots
public import Prompting
public import TrackFiles
import Tracking

/// The folder of results of a movie.
///
/// It is written beside its place and gets its name when all results are complete.
public struct TrackResults: Sendable {
    /// The folder.
    public let folder: String

    /// What is written.
    public let kinds: [TrackResultKind]

    private let replaces: Bool

    /// Plans the results; nothing is written yet.
    ///
    /// - Parameters:
    ///   - inputs: Files that must not lie in the folder that is replaced.
    ///   - replaces: Whether an older folder of results may be replaced.
    /// - Throws: ``TrackResultsError`` if something has the name, or a file would; ``OutputPlanError`` if nothing can be written there.
    public init(
        in folder: String,
        _ kinds: [TrackResultKind],
        besides inputs: [String],
        replacing replaces: Bool
    ) throws {
        (self.folder, self.kinds, self.replaces) = (FileName.trimmed(folder), kinds, replaces)
        try requireFree(besides: inputs)
        try OutputPlan.makeFolder(for: self.folder)
    }

    /// Checks that a folder of the Cell Tracking Challenge can have its name; what else lies in a folder of this name is looked at
    /// when it is replaced.
    ///
    /// - Throws: ``TrackResultsError`` if something has the name.
    public static func requireFree(_ folder: String, replacing replaces: Bool) throws {
        guard let status = FileStatus(of: folder) else { return }
        guard status.isFolder else { throw TrackResultsError.otherContent(path: folder) }
        guard try replaces || FolderContents.names(in: folder).isEmpty else {
            throw TrackResultsError.existing(folder: folder)
        }
    }

    private func requireFree(besides inputs: [String]) throws {
        guard let status = FileStatus(of: folder) else {
            if ResultKind.recognized(in: folder) != nil {
                throw TrackResultsError.namedAsFile(path: folder)
            }
            return
        }
        guard status.isFolder else { throw TrackResultsError.otherContent(path: folder) }
        guard try !FolderContents.names(in: folder).isEmpty else { return }
        guard TrackRecordFile.isIn(folder) else {
            throw TrackResultsError.otherContent(path: folder)
        }
        guard replaces else { throw TrackResultsError.existing(folder: folder) }
        let inside = inputs.first {
            URL(filePath: $0).resolvingSymlinksInPath().path
                .hasPrefix(URL(filePath: folder).resolvingSymlinksInPath().path + "/")
        }
        if let inside { throw TrackResultsError.holdsInput(folder: folder, input: inside) }
    }

    /// The files and folders in the folder, in their order.
    public var names: [String] { kinds.flatMap(\.names) + [TrackRecordFile.name] }

    /// Where the labels of frames lie until the results are complete.
    public var workingFolder: URL { URL(filePath: folder + ".usam-frames") }

    /// Writes the results.
    ///
    /// - Parameters:
    ///   - model: The name of the model, for tables; nil for labels that were given.
    ///   - receive: Told how many frames are written.
    /// - Throws: What writing throws; `CancellationError`. Then nothing is written.
    public func write(
        _ tracked: TrackedMovie,
        settings: TrackingRun.Settings,
        model: String?,
        _ work: Work,
        telling receive: (Int) -> Void = { _ in }
    ) throws {
        let place = try FolderReplacement(of: folder) { [replaces] in
            replaces && TrackRecordFile.isIn($0)
        }
        let record = TrackRecordFile(tracked, settings, model: model)
        let writer = try TrackResultWriter(
            of: tracked.graph,
            tracked.movie.described,
            kinds,
            in: place.temporaryPath,
            scores: tracked.scores,
            facts: record.facts(tracked)
        )
        for frame in 0..<tracked.movie.count {
            try work.checkpoint()
            try writer.append(frame, tracked.found(frame, work)) {
                try tracked.movie.plane(frame).read()
            }
            receive(frame + 1)
        }
        try writer.finish()
        try record.write(in: place.temporaryPath)
        try place.commit()
    }
}

extension Movie {
    /// The movie as results describe it.
    fileprivate var described: TrackResultWriter.Movie {
        get throws {
            let channels = try channels
            return TrackResultWriter.Movie(
                name: name,
                size: size,
                frameCount: count,
                physicalSize: physicalSize,
                channelCount: channels.count,
                channelNames: channels.names
            )
        }
    }
}

/// What the results were made of, in the folder of results: `tracking.json`.
struct TrackRecordFile: Codable {
    static let name = "tracking.json"

    let program: String
    let movie: [String]
    let model: String?
    let tracks: String?
    let settings: TrackingRun.Settings

    init(_ tracked: TrackedMovie, _ settings: TrackingRun.Settings, model: String?) {
        (program, movie) = (ProgramVersion.text, tracked.movie.files)
        (self.model, self.settings, tracks) = (model, settings, tracked.givenTracks)
    }

    /// What the report says.
    func facts(_ tracked: TrackedMovie) -> [(name: String, value: String)] {
        let tracks = tracked.graph.tracks()
        var facts = [
            ("frames", "\(tracked.movie.count)"),
            ("objects in all frames", "\(tracked.graph.count)"),
            ("tracks", "\(tracks.count)"),
            ("divisions", "\(tracks.count { !$0.children.isEmpty })"),
            ("model", model ?? "none: the objects were given"),
            ("version", program),
        ]
        if let links = self.tracks { facts.append(("links", "those of \(links)")) }
        return facts.map { (name: $0.0, value: $0.1) }
    }

    func write(in folder: String) throws {
        try FileReplacement.write(JSONText.encode(self), to: FileName.join(folder, Self.name))
    }

    /// Whether a folder is one of results, so that nothing else is lost with it.
    static func isIn(_ folder: String) -> Bool {
        FileStatus(of: FileName.join(folder, name)) != nil
    }
}
