import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads and replaces the files of a container in the local file system.
enum FileStore {
    /// The bytes of a file, or of a part of it; nil if there is no such file.
    static func read(
        _ path: String,
        range: Range<Int>? = nil,
        limit: Int
    ) throws(ZarrError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw ZarrError(.cannotOpen, path: path, message(errno))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ZarrError(.cannotOpen, path: path, "not a regular file")
        }
        let size = Int(status.st_size)
        let range = range ?? 0..<size
        guard range.lowerBound >= 0, range.upperBound <= size else {
            throw .damaged(path, "the file has only \(size) bytes")
        }
        guard range.count <= limit else {
            throw .damaged(path, "\(range.count) bytes where at most \(limit) were expected")
        }
        return try read(descriptor, range, path)
    }

    private static func read(
        _ descriptor: Int32,
        _ range: Range<Int>,
        _ path: String
    ) throws(ZarrError) -> [UInt8] {
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

    /// The size of a file; nil if there is none.
    static func size(of path: String) -> Int? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Writes a file beside its destination and renames it: a reader, or a process that begins after
    /// this one was killed, sees the old file or the whole new one.
    ///
    /// - Parameter isDurable: Whether to wait until the bytes are on the disk.
    static func replace(
        _ path: String,
        with bytes: [UInt8],
        isDurable: Bool = false
    ) throws(ZarrError) {
        let url = URL(filePath: path)
        let tag = String(UInt32.random(in: 0...UInt32.max), radix: 36)
        let folder = url.deletingLastPathComponent().path
        let temporary = "\(folder)/.\(url.lastPathComponent).\(tag).part"
        try createFolder(folder)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw cannotWrite(path) }
        var isWritten = writeAll(bytes, to: descriptor)
        if isWritten, isDurable { isWritten = fsync(descriptor) == 0 }
        let code = errno
        let isClosed = close(descriptor) == 0
        if isWritten, isClosed, rename(temporary, path) == 0 { return }
        let reason = isWritten ? errno : code
        unlink(temporary)
        errno = reason
        throw cannotWrite(path)
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var position = 0
            while position < buffer.count {
                let part = UnsafeRawBufferPointer(rebasing: buffer[position...])
                let written = write(descriptor, part.baseAddress, part.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return false }
                position += written
            }
            return true
        }
    }

    static func createFolder(_ path: String) throws(ZarrError) {
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
                "the folder can not be created: \(message(errno))",
                advice: "check free space and the permissions"
            )
        }
    }

    private static func cannotWrite(_ path: String) -> ZarrError {
        ZarrError(
            .cannotWrite,
            path: path,
            "can not be written: \(message(errno))",
            advice: "check free space and the permissions of the folder"
        )
    }

    private static func message(_ code: Int32) -> String {
        String(cString: strerror(code)).lowercased()
    }

    /// The JSON value of a file; nil if there is no such file.
    static func readJSON(_ path: String) throws(ZarrError) -> JSONValue? {
        guard let bytes = try read(path, limit: 64 << 20) else { return nil }
        var parser = JSONParser(bytes)
        do throws(JSONParser.Failure) {
            return try parser.parse()
        } catch {
            throw .damaged(path, "no valid JSON at byte \(error.position): \(error.problem)")
        }
    }

    /// Writes metadata so that it survives a loss of power.
    static func writeJSON(_ value: JSONValue, to path: String) throws(ZarrError) {
        try replace(path, with: Array((value.text + "\n").utf8), isDurable: true)
    }
}
