public import Files
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Containers that are folders of the local file system, or, for reading, zip archives in it.
public struct FileStore: ZarrStore {
    /// Creates the store; there is only one file system, so all are the same.
    public init() {}

    /// The bytes of a file, or of a part of it; nil if there is no such file.
    public func read(
        _ path: String,
        range: Range<Int>?,
        limit: Int
    ) throws(ZarrError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            // A file in the place of a folder may be an archive.
            if errno == ENOTDIR { return try readArchived(path, range, limit) }
            if errno == ENOENT { return nil }
            throw ZarrError(.cannotOpen, path: path, Self.message(errno))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ZarrError(.cannotOpen, path: path, "not a regular file")
        }
        let size = Int(status.st_size)
        let range = try checkedRange(range, size: size, limit: limit, of: path)
        return try Self.read(descriptor, range, path)
    }

    private static func read(
        _ descriptor: Int32,
        _ range: Range<Int>,
        _ path: String
    ) throws(ZarrError) -> [UInt8] {
        // Safe because the system is told how much room is left, and only what was read counts as
        // initialized.
        var failure: ZarrError?
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            while count < range.count, failure == nil {
                let part = UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]
                )
                let read = pread(
                    descriptor,
                    part.baseAddress,
                    range.count - count,
                    off_t(range.lowerBound + count)
                )
                if read > 0 {
                    count += read
                } else if read == 0 {
                    failure = .damaged(path, "the file ends early")
                } else if errno != EINTR {
                    failure = ZarrError(.cannotOpen, path: path, message(errno))
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }

    private func readArchived(
        _ path: String,
        _ range: Range<Int>?,
        _ limit: Int
    ) throws(ZarrError) -> [UInt8]? {
        // Safe because the range lies in that of the content, which lives until the bytes are copied.
        guard let (store, inner) = try ZipStore.find(path), let size = store.size(of: inner) else {
            return nil
        }
        let range = try checkedRange(range, size: size, limit: limit, of: path)
        guard let content = try store.content(of: inner, limit: Self.largestEntry) else {
            return nil
        }
        defer { withExtendedLifetime(content.storage) {} }
        let start = content.range.lowerBound + range.lowerBound
        return Array(content.storage.bytes[start..<start + range.count])
    }

    /// The bytes of a file without a copy of them; nil if there is no such file.
    func map(_ path: String) throws(ZarrError) -> ZipArchive.Content? {
        guard FileStatus(of: path) != nil else {
            guard let (store, inner) = try ZipStore.find(path) else { return nil }
            return try store.content(of: inner, limit: Self.largestEntry)
        }
        do throws(FileError) {
            let storage = try ByteStorage(mapping: path)
            return ZipArchive.Content(storage: storage, range: 0..<storage.count)
        } catch {
            throw ZarrError(.cannotOpen, path: path, error.problem, advice: error.advice)
        }
    }

    /// The most bytes of one compressed entry of an archive.
    private static let largestEntry = 1 << 30

    /// The size of a file in bytes; nil if there is none.
    public func size(of path: String) -> Int? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOTDIR else { return nil }
            do throws(ZarrError) {
                return try ZipStore.find(path).flatMap { $0.store.size(of: $0.inner) }
            } catch {
                return nil
            }
        }
        return status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
    }

    /// Whether a path is a folder, also one in an archive.
    func isFolder(_ path: String) -> Bool {
        if let status = FileStatus(of: path) { return status.isFolder }
        do throws(ZarrError) {
            return try ZipStore.find(path).map { $0.store.names(in: $0.inner) != nil } ?? false
        } catch {
            return false
        }
    }

    /// Replaces a file, and makes its folder if there is none: a reader, or a process that begins after
    /// this one was killed, sees the old file or the whole new one.
    public func replace(
        _ path: String,
        with bytes: [UInt8],
        _ durability: Durability
    ) throws(ZarrError) {
        try Self.createFolder(FileName.folder(of: path))
        do throws(FileError) {
            try FileReplacement.write(bytes, to: path, durability)
        } catch {
            throw ZarrError(
                .cannotWrite,
                path: path,
                error.problem,
                advice: error.advice
            )
        }
    }

    /// The names of the files and folders in a folder, in any order.
    public func names(in folder: String) throws(ZarrError) -> [String] {
        if FileStatus(of: folder)?.isFolder != true, let (store, inner) = try ZipStore.find(folder),
            let names = store.names(in: inner)
        {
            return names
        }
        do throws(FileError) {
            return try FolderContents.names(in: folder)
        } catch {
            throw ZarrError(.cannotOpen, path: folder, "the folder cannot be listed")
        }
    }

    private static func createFolder(_ path: String) throws(ZarrError) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true
            )
        } catch {
            throw ZarrError(
                .cannotWrite,
                path: path,
                "the folder cannot be created: \(message(errno))",
                advice: "check free space and the permissions"
            )
        }
    }

    private static func message(_ code: Int32) -> String {
        SystemMessage.text(of: code).lowercased()
    }
}

/// The bytes of a file that are asked for, if it has them and they are not too many.
func checkedRange(
    _ range: Range<Int>?,
    size: Int,
    limit: Int,
    of path: String
) throws(ZarrError) -> Range<Int> {
    let range = range ?? 0..<size
    guard range.lowerBound >= 0, range.upperBound <= size else {
        throw .damaged(path, "the file has only \(size) bytes")
    }
    guard range.count <= limit else {
        throw .damaged(path, "\(range.count) bytes where at most \(limit) were expected")
    }
    guard MachineMemory.holds(range.count) else {
        throw .unsupported(path, "\(range.count) bytes are more than the memory that is free")
    }
    return range
}
