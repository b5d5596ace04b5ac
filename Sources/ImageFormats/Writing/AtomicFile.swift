import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is written beside its destination and takes its place when it is complete.
///
/// Until ``commit()`` the destination is untouched; if this value ends before, what was written is
/// removed.
struct AtomicFile: ~Copyable {
    /// Where the bytes are written.
    let temporaryPath: String

    /// Where they will be.
    let path: String

    private var isCommitted = false

    /// Creates an empty file in the folder of the destination.
    init(replacing url: URL) throws(ImageFormatError) {
        let path = url.path
        let folder = url.deletingLastPathComponent().path
        let tag = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        let temporaryPath = "\(folder)/.\(url.lastPathComponent).\(tag).part"
        var status = stat()
        guard stat(path, &status) != 0 || status.st_mode & S_IFMT != S_IFDIR else {
            throw ImageFormatError(
                .cannotWrite,
                path: path,
                "a folder of this name exists",
                advice: "choose another name for the output"
            )
        }
        let descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .cannotWrite(path, because: systemMessage(errno)) }
        close(descriptor)
        self.path = path
        self.temporaryPath = temporaryPath
    }

    deinit {
        if !isCommitted { unlink(temporaryPath) }
    }

    /// Moves the file, whose bytes are on the disk, to its destination.
    mutating func commit() throws(ImageFormatError) {
        guard rename(temporaryPath, path) == 0 else {
            throw .cannotWrite(path, because: systemMessage(errno))
        }
        isCommitted = true
        synchronizeFolder(of: path)
    }
}

/// Makes a rename durable.
///
/// File systems that can not do this keep the file all the same.
private func synchronizeFolder(of path: String) {
    let folder = URL(filePath: path).deletingLastPathComponent().path
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
}

extension ImageFormatError {
    /// A failure to write, with the system's reason.
    static func cannotWrite(_ path: String, because reason: String) -> ImageFormatError {
        ImageFormatError(
            .cannotWrite,
            path: path,
            "can not be written: \(reason)",
            advice: "check free space and the permissions of the folder"
        )
    }
}
