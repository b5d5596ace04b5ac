import AnnotationServer
import Annotations
import Files
import Foundation
import ImageFormats
import Prompting

extension ImageEntry {
    /// The files of one movie as an entry of a project; nil if it has the movie already.
    ///
    /// - Parameters:
    ///   - files: The files of the frames in their order, or one file with time points, or with slices that are frames.
    ///   - base: The folder of the project.
    ///   - known: What the project has.
    /// - Throws: ``AnnotatorError`` if the files are no movie, or others than those of a movie with some of the same frames;
    ///   `ImageFormatError`.
    init?(movie files: [String], relativeTo base: String, besides known: [ImageEntry]) throws {
        if files.count == 1 {
            try self.init(movieFile: files[0], relativeTo: base)
            let (path, frames) = (path, selection.frames)
            if known.contains(where: { $0.path == path && $0.selection.frames == frames }) {
                return nil
            }
            return
        }
        let folder = FileName.folder(of: files[0])
        if let other = files.lazy.map(FileName.folder).first(where: { $0 != folder }) {
            throw AnnotatorError.framesInFolders(folder, other)
        }
        let names = files.map { FileName.last(of: $0) }
        let paths = Set(files.map { Self.path(of: $0, relativeTo: base) })
        for movie in known where !paths.isDisjoint(with: movie.files) {
            guard case .files(let others) = movie.selection.frames else { continue }
            if others == names { return nil }
            throw AnnotatorError.otherFrames(
                movie: movie.name,
                known: others.count,
                found: names.count
            )
        }
        var selection = PlaneSelection()
        selection.frames = .files(names)
        try self.init(file: folder, selection, relativeTo: base)
    }

    /// One file as a movie: its time points, or its slices.
    private init(movieFile file: String, relativeTo base: String) throws {
        let axes = try ImageSource(opening: URL(filePath: file)).description.axes
        guard axes.t > 1 ? axes.z == 1 : axes.z > 1 else {
            throw AnnotatorError.noMovie(file: file, timePoints: axes.t, slices: axes.z)
        }
        var selection = PlaneSelection()
        if axes.z > 1 { selection.frames = .slices }
        try self.init(file: file, selection, relativeTo: base)
    }
}
