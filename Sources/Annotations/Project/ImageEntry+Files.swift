import Files
import Foundation
import Prompting

extension ImageEntry {
    /// The files of the image, named as its path is: one, or those of the frames of a movie.
    public var files: [String] {
        guard case .files(let names) = selection.frames else { return [path] }
        return names.map { FileName.join(path, $0) }
    }

    /// The path of a file as a project names it.
    ///
    /// - Parameters:
    ///   - file: An absolute path.
    ///   - base: The folder of the project; files in it are named relative to it, so that both can be moved together.
    public static func path(of file: String, relativeTo base: String) -> String {
        if file == FileName.trimmed(base) { return "." }
        let folder = base.hasSuffix("/") ? base : base + "/"
        return file.hasPrefix(folder) ? String(file.dropFirst(folder.count)) : file
    }
}

extension Project {
    /// The place of an image's file, or of the folder of a movie's frames.
    public func path(of entry: ImageEntry) -> String { place(of: entry.path) }

    /// The places of all files of an image.
    public func files(of entry: ImageEntry) -> [String] { entry.files.map(place) }

    private func place(of path: String) -> String {
        let folder = FileName.folder(of: url.path)
        if path == "." { return folder }
        return path.hasPrefix("/") ? path : FileName.join(folder, path)
    }
}
