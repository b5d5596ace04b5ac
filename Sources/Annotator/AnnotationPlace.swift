public import AnnotationServer
public import Annotations
import Files
import Foundation
import ImageFormats
import Imaging
import Jobs
import ModelZoo
import Prompting

/// Where a project and its images lie.
public struct AnnotationPlace: Sendable {
    /// The project file, absolute.
    public let project: String

    /// The images that were named, absolute.
    public let images: [String]

    /// Whether these images are one movie.
    private let isMovie: Bool

    private static let ending = ".usam"

    /// Finds the images, and the project file that belongs to them.
    ///
    /// - Parameters:
    ///   - inputs: What the user named; nothing for the sample.
    ///   - project: The project file that the user named.
    ///   - isMovie: Whether the inputs are one movie: the files of its frames, or a file whose slices are frames.
    /// - Throws: ``Jobs/InputError`` if nothing is found; an error if the sample cannot be written.
    public init(_ inputs: [String], project: String?, isMovie: Bool = false) throws {
        self.isMovie = isMovie
        let inputs = inputs.isEmpty ? [try Self.sample()] : inputs
        if project == nil, inputs.count == 1, inputs[0].hasSuffix(Self.ending) {
            self.project = Self.absolute(inputs[0])
            images = []
            return
        }
        let list = try InputList(inputs)
        images = list.paths.map(Self.absolute)
        self.project = Self.absolute(project ?? Self.projectFile(of: inputs))
    }

    /// The folders of the images, which may be read beside that of the project.
    public var folders: [String] { images.map { FileName.container(of: $0) } }

    /// By what pages recognise the project.
    ///
    /// - Throws: An error of the digest.
    public func identity() throws -> String {
        try FileDigest(of: Array(project.utf8), algorithm: .xxh128).hexadecimal
    }

    /// The project, made where it is not there yet, with the images in it.
    ///
    /// - Parameters:
    ///   - notice: Told why a file cannot be opened.
    ///   - waiting: Called if another program has the project open, before it is waited for.
    /// - Throws: ``AnnotatorError/noImages``; `ProjectError`.
    public func openProject(
        _ notice: (any Error) -> Void,
        waiting: () -> Void = {}
    ) throws -> Project {
        let url = URL(filePath: project)
        guard FileStatus(of: project) == nil, !images.isEmpty else {
            let opened = try Project.open(at: url, waiting: waiting)
            try extendMovies(of: opened, notice)
            try opened.addImages(entries(besides: opened.images().map(\.entry), notice))
            guard try !opened.images().isEmpty else { throw AnnotatorError.noImages }
            return opened
        }
        // Nothing is made for images that cannot be opened.
        let entries = entries(besides: [], notice)
        guard !entries.isEmpty else { throw AnnotatorError.noImages }
        try OutputPlan.makeFolder(for: project)
        let opened = try Project.create(at: url)
        try opened.addImages(entries)
        return opened
    }

    /// Gives movies of the project the frames that have come to their folder since, behind those that they have.
    ///
    /// A movie that was done is at work again.
    private func extendMovies(of project: Project, _ notice: (any Error) -> Void) throws {
        for movie in try project.images() {
            guard case .files(let names) = movie.entry.selection.frames else { continue }
            let folder = project.path(of: movie.entry)
            let found = images.filter { FileName.folder(of: $0) == folder }.map(FileName.last)
            guard found.count > names.count, found.starts(with: names) else { continue }
            var selection = movie.entry.selection
            selection.frames = .files(found)
            do {
                let base = FileName.folder(of: self.project)
                let entry = try ImageEntry(file: folder, selection, relativeTo: base)
                try project.extendMovie(movie.id, to: entry)
                guard movie.status == .done else { continue }
                _ = try project.apply(Gesture(.setStatus(.work), client: UUID()), to: movie.id)
            } catch {
                notice(error)
            }
        }
    }

    /// The images that the project does not have yet.
    private func entries(
        besides known: [ImageEntry],
        _ notice: (any Error) -> Void
    ) -> [ImageEntry] {
        let base = FileName.folder(of: project)
        func attempt(_ entry: () throws -> ImageEntry?) -> ImageEntry? {
            do {
                return try entry()
            } catch {
                notice(error)
                return nil
            }
        }
        if isMovie, !images.isEmpty {
            return [attempt { try ImageEntry(movie: images, relativeTo: base, besides: known) }]
                .compactMap(\.self)
        }
        let files = Set(known.flatMap(\.files))
        return images.compactMap { image in
            guard !files.contains(ImageEntry.path(of: image, relativeTo: base)) else { return nil }
            return attempt { try ImageEntry(file: image, relativeTo: base) }
        }
    }

    /// What can be made again.
    public var cacheFolder: String { project + "-cache" }

    /// The models that are trained on the project.
    public var modelFolder: String { Self.modelFolder(of: project) }

    /// The models that are trained on a project.
    static func modelFolder(of project: String) -> String {
        FileName.join(FileName.folder(of: project), FileName.stem(project) + "-models")
    }

    /// The secret of the server, which is kept beside what can be made again.
    ///
    /// - Throws: An error if the cache folder cannot be made or its token not be read.
    public func key() throws -> AccessKey {
        try OutputPlan.makeFolder(for: FileName.join(cacheFolder, "token"))
        return try AccessKey(keptIn: FileName.join(cacheFolder, "token"))
    }

    private static func projectFile(of inputs: [String]) -> String {
        let first = FileName.trimmed(inputs[0])
        if inputs.count == 1, FileStatus(of: first)?.isFolder == true {
            let name = URL(filePath: absolute(first)).lastPathComponent
            return FileName.join(first, name + ending)
        }
        let folder = FileName.folder(of: first)
        let name = inputs.count == 1 ? FileName.stem(first) : "annotations"
        return FileName.join(folder, name + ending)
    }

    private static func absolute(_ path: String) -> String {
        URL(filePath: path).standardizedFileURL.path
    }

    /// The simulated sample, in the cache folder of the user.
    private static func sample() throws -> String {
        let folder = CacheFolder.url().appendingPathComponent("annotate-sample").path
        let file = FileName.join(folder, "simulated.tif")
        if FileStatus(of: file) == nil {
            try OutputPlan.makeFolder(for: file)
            try AnyRaster.uint16(SimulatedSample().sample().image).writeTIFF(
                to: URL(filePath: file)
            )
        }
        return file
    }
}
