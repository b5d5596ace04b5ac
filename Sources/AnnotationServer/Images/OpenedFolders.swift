import Files
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folders that the user opened; no other file is read or written.
struct OpenedFolders: Sendable {
    /// Real paths, without links.
    private let roots: [String]

    /// - Parameter paths: Folders, or files whose folders are meant.
    init(_ paths: [String]) {
        roots = paths.compactMap { path in
            guard let real = Self.real(path), let status = FileStatus(of: real) else { return nil }
            return status.isFolder ? real : FileName.folder(of: real)
        }
    }

    /// The real path of a file inside the folders.
    ///
    /// - Parameters:
    ///   - path: Absolute, or relative to `base`; a data set after `#` is kept.
    ///   - base: A folder.
    /// - Throws: ``ServerError`` for what is not there or lies outside, where links lead, too.
    func url(of path: String, in base: URL) throws(ServerError) -> URL {
        let full = path.hasPrefix("/") ? path : FileName.join(base.path, path)
        let container = FileName.container(of: full)
        guard !path.utf8.contains(0), let real = Self.real(container) else {
            throw .fileMissing(FileName.last(of: path))
        }
        guard roots.contains(where: { real == $0 || real.hasPrefix($0 == "/" ? "/" : $0 + "/") })
        else { throw .outsideFolders(FileName.last(of: path)) }
        return URL(filePath: real + full.dropFirst(container.count))
    }

    private static func real(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
