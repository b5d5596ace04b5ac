import Files
import Foundation
public import Prompting
public import TrackFiles

/// Which results of a project are written, and where.
public struct ExportPlan {
    /// The images that something is written of.
    public let images: [ProjectImage]

    /// What was left out, in sentences without a final full stop.
    public let notes: [String]

    private let project: Project
    private let kinds: [ResultKind]
    private let tracks: [TrackResultKind]
    private let stems: [Int64: String]

    /// Chooses the images; nothing is written yet.
    ///
    /// - Parameters:
    ///   - chosen: Images of the project.
    ///   - areNamed: Whether a user named them; otherwise those without objects that are not marked as done are left out.
    ///   - kinds: The forms of the objects.
    ///   - tracks: The forms of the tracks, which go into a folder `NAME-tracks` for each movie.
    ///   - folder: Where all results go.
    /// - Throws: ``ExchangeError/noTracks(images:)`` if tracks are wanted, and no image has some; ``ProjectError``.
    public init(
        _ project: Project,
        _ chosen: [ProjectImage],
        areNamed: Bool,
        as kinds: [ResultKind],
        tracks: [TrackResultKind],
        to folder: String
    ) throws {
        (self.project, self.kinds, self.tracks) = (project, kinds, tracks)
        let names = try project.resultNames()
        stems = names.mapValues { FileName.join(folder, $0) }
        let movies = chosen.filter(\.hasTracks)
        if !tracks.isEmpty, movies.isEmpty { throw ExchangeError.noTracks(images: chosen.count) }
        let filled = chosen.filter { areNamed || $0.objectCount > 0 || $0.status == .done }
        images = kinds.isEmpty ? movies : filled
        var notes: [String] = []
        func note(_ count: Int, _ words: String) {
            if count > 0 {
                notes.append("\(Wording.count(count, "image")) without \(words) left out")
            }
        }
        if !kinds.isEmpty { note(chosen.count - filled.count, "objects") }
        if !tracks.isEmpty { note(filled.count - movies.count, "tracks") }
        self.notes = notes
    }

    /// The first result that is there already; nil if there is none.
    public var existing: String? {
        images.lazy.flatMap { places($0) }.first { FileStatus(of: $0) != nil }
    }

    /// Writes all results of an image; older ones are replaced.
    ///
    /// - Returns: The files and folders.
    /// - Throws: As ``Project/export(_:as:to:_:)`` and ``Project/exportTracks(_:as:to:_:)``.
    public func write(_ image: ProjectImage, _ work: Work = Work()) throws -> [String] {
        let stem = stems[image.id] ?? "\(image.id)"
        let files = try project.export(image.id, as: kinds, to: stem, work).map(\.path)
        guard image.hasTracks, !tracks.isEmpty else { return files }
        let folder = Self.trackFolder(stem)
        return try files
            + project.exportTracks(image.id, as: tracks, to: folder, work)
            .map { FileName.join(folder, $0) }
    }

    private func places(_ image: ProjectImage) -> [String] {
        let stem = stems[image.id] ?? "\(image.id)"
        let files = kinds.map { stem + $0.ending }
        let folder = Self.trackFolder(stem)
        let names = image.hasTracks ? tracks.flatMap(\.names) : []
        return files + names.map { FileName.join(folder, $0) }
    }

    /// The folder of the tracks of a movie.
    ///
    /// - Parameter stem: Folder and name of its other results.
    public static func trackFolder(_ stem: String) -> String { stem + "-tracks" }
}

extension ProjectImage {
    /// Whether it is a movie of one slice that has objects.
    public var hasTracks: Bool { entry.shape.t > 1 && entry.shape.z == 1 && objectCount > 0 }
}
