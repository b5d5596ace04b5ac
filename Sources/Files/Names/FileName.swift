import Foundation

/// Paths as texts: their parts, and how they are put together.
///
/// Nothing here makes a path absolute, so that messages name files as the user wrote them.
public enum FileName {
    /// A path without slashes at its end; `/` stays.
    public static func trimmed(_ path: String) -> String {
        var path = Substring(path)
        while path.count > 1, path.last == "/" { path.removeLast() }
        return String(path)
    }

    /// A path that leads to the same place after the folders in it are made: `new/../a` is `a` while there is
    /// no `new`.
    ///
    /// The parent of a folder that is there stays as it is, because the folder may be a link.
    static func settled(_ path: String) -> String {
        guard path.contains("..") else { return path }
        var kept: [Substring] = []
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            let before = kept.joined(separator: "/")
            let isNew = !(before.isEmpty || part != "..") && FileStatus(of: before) == nil
            if isNew, kept.last != ".." {
                kept.removeLast()
            } else {
                kept.append(part)
            }
        }
        return kept.isEmpty ? "." : kept.joined(separator: "/")
    }

    /// The folder that a file lies in; `.` for a name alone.
    public static func folder(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : trimmed(String(file[..<slash]))
    }

    /// The last component of a path.
    public static func last(of path: String) -> String {
        let path = trimmed(path)
        guard let slash = path.lastIndex(of: "/"), path.count > 1 else { return path }
        return String(path[path.index(after: slash)...])
    }

    /// The path of a file in a folder.
    public static func join(_ folder: String, _ name: String) -> String {
        folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }

    /// The file or folder that an input names, without the data set behind a `#`.
    ///
    /// A file whose name has the sign is taken as it is.
    public static func container(of path: String) -> String {
        guard FileStatus(of: path) == nil, let sign = path.lastIndex(of: "#"),
            sign > path.startIndex
        else { return path }
        return String(path[..<sign])
    }

    /// What becomes of the data set behind a `#` in a ``stem(_:dataset:)``.
    public enum Dataset: Hashable, Sendable {
        /// It is left out: results are named by the file alone.
        case dropped
        /// It follows the name, so that several of one file differ: `a_raw_0` for `a.h5#raw/0`.
        case kept
    }

    /// The last component of a path without its ending; `.ome.tif` counts as one ending.
    public static func stem(_ path: String, dataset: Dataset = .dropped) -> String {
        let file = container(of: path)
        let name = URL(filePath: last(of: file)).deletingPathExtension().lastPathComponent
        let stem =
            name.lowercased().hasSuffix(".ome") && name.count > 4
            ? String(name.dropLast(4)) : name
        guard dataset == .kept, file.count < path.count else { return stem }
        let inner = trimmed(path).dropFirst(file.count + 1)
        return "\(stem)_\(inner.replacing("/", with: "_"))"
    }
}
