public import Files
public import Foundation
import Synchronization

/// A container in memory, for one that is sent and not kept.
///
/// ```swift
/// let store = MemoryStore()
/// let group = try ZarrGroup.create(at: store.root, in: store, format: .v2)
/// …
/// let bytes = try store.archive()
/// ```
public final class MemoryStore: ZarrStore {
    /// Where the container begins; no folder of the file system.
    public let root: URL

    private let contents = Mutex<[String: [UInt8]]>([:])

    /// Creates an empty store.
    ///
    /// - Parameter name: What the container is called in messages.
    public init(name: String = "container in memory") {
        root = URL(filePath: "/" + name)
    }

    /// All files by their paths inside the container, `0/.zarray`.
    public var files: [String: [UInt8]] {
        let start = root.path.count + 1
        let all = contents.withLock { $0 }
        return Dictionary(
            uniqueKeysWithValues: all.map { (String($0.key.dropFirst(start)), $0.value) }
        )
    }

    /// The bytes of a file, or of a part of it; nil if there is no such file.
    public func read(
        _ path: String,
        range: Range<Int>?,
        limit: Int
    ) throws(ZarrError) -> [UInt8]? {
        guard let bytes = contents.withLock({ $0[path] }) else { return nil }
        return Array(bytes[try checkedRange(range, size: bytes.count, limit: limit, of: path)])
    }

    /// The size of a file in bytes; nil if there is none.
    public func size(of path: String) -> Int? { contents.withLock { $0[path]?.count } }

    /// Replaces a file; this never fails, and nothing outlives the store.
    public func replace(_ path: String, with bytes: [UInt8], _ durability: Durability) {
        contents.withLock { $0[path] = bytes }
    }

    /// The names of the files and folders in a folder; none if nothing lies there.
    public func names(in folder: String) -> [String] {
        let start = folder + "/"
        let paths = contents.withLock { Array($0.keys) }
        let names = paths.filter { $0.hasPrefix(start) }.map { path in
            String(path.dropFirst(start.count).prefix { $0 != "/" })
        }
        return Array(Set(names))
    }

    /// The container as a zip archive, whose entries are the files of a folder: the same content gives the
    /// same bytes.
    ///
    /// - Throws: ``ZipError`` if it would exceed 4 GiB.
    public func archive() throws(ZipError) -> [UInt8] {
        var archive = ZipWriter(to: MemorySink(), file: root.lastPathComponent)
        for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
            try archive.append(path, bytes)
        }
        return try archive.finish().bytes
    }
}
