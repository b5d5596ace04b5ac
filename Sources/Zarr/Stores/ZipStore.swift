import Files
import Foundation
import Synchronization

/// A zip archive that is a container as a whole, for reading.
///
/// A path leads through the archive as through a folder: `image.zarr.zip/0/.zarray`. The archives that were
/// used last stay open.
struct ZipStore: Sendable {
    private let archive: ZipArchive

    /// The names in each folder, which ends without a slash; the top is the empty name.
    private let folders: [String: [String]]

    private init(_ archive: ZipArchive) {
        self.archive = archive
        var folders: [String: Set<String>] = [:]
        for entry in archive.entries {
            var name = entry.name[...]
            while name.last == "/" { name.removeLast() }
            while !name.isEmpty {
                let slash = name.lastIndex(of: "/")
                let folder = slash.map { String(name[..<$0]) } ?? ""
                let last = slash.map { name[name.index(after: $0)...] } ?? name
                let isNew = folders[folder, default: []].insert(String(last)).inserted
                // What lies above was added with the first name in the folder.
                guard isNew, let slash else { break }
                name = name[..<slash]
            }
        }
        self.folders = folders.mapValues { $0.sorted() }
    }

    /// The archive that a path leads through, and the rest of the path; nil if it leads through none.
    static func find(_ path: String) throws(ZarrError) -> (store: ZipStore, inner: String)? {
        var file = FileName.trimmed(path)
        while FileStatus(of: file) == nil {
            let folder = FileName.folder(of: file)
            guard folder != file, folder != "." || file.contains("/") else { return nil }
            file = folder
        }
        guard let status = FileStatus(of: file), !status.isFolder, status.byteCount >= 22 else {
            return nil
        }
        guard let store = try opened(file, status) else { return nil }
        let inner = path.dropFirst(file.count).drop { $0 == "/" }
        return (store, FileName.trimmed(String(inner)))
    }

    /// The names in a folder; nil if there is no such folder.
    func names(in folder: String) -> [String]? { folders[folder == "/" ? "" : folder] }

    /// The size of a file; nil if there is none.
    func size(of name: String) -> Int? { archive[name]?.size }

    /// The content of a file; nil if there is none.
    func content(of name: String, limit: Int) throws(ZarrError) -> ZipArchive.Content? {
        guard let entry = archive[name] else { return nil }
        var budget = limit
        do throws(ZipError) {
            return try archive.content(of: entry, budget: &budget)
        } catch {
            throw ZarrError(.damaged, path: error.path, error.problem, advice: error.advice)
        }
    }

    // MARK: - Open archives

    private struct Opened: Sendable {
        let path: String
        let status: FileStatus
        let store: ZipStore?
    }

    private static let opened = Mutex<[Opened]>([])
    private static let mostOpened = 4

    /// An archive, opened anew if it has changed; nil for a file of another kind.
    private static func opened(_ path: String, _ status: FileStatus) throws(ZarrError) -> ZipStore?
    {
        if let found = opened.withLock({ $0.first { $0.path == path && $0.status == status } }) {
            return found.store
        }
        let store = try open(path)
        opened.withLock { list in
            list.removeAll { $0.path == path }
            list.append(Opened(path: path, status: status, store: store))
            if list.count > mostOpened { list.removeFirst() }
        }
        return store
    }

    private static func open(_ path: String) throws(ZarrError) -> ZipStore? {
        guard let start = try FileStore().read(path, range: 0..<4, limit: 4),
            start.starts(with: [0x50, 0x4B])
        else { return nil }
        do {
            return ZipStore(try ZipArchive(ByteStorage(mapping: path), repeatedNames: .kept))
        } catch let error as ZipError {
            throw ZarrError(.damaged, path: path, error.problem, advice: error.advice)
        } catch {
            throw ZarrError(.cannotOpen, path: path, "\(error)")
        }
    }
}
