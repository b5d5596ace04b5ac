import Files
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A download in progress: `<destination>.part`, locked against other programs.
///
/// What has arrived stays on disk when the download stops, so that the next attempt goes on from there.
final class PartialFile: @unchecked Sendable {
    // Safe because a download uses it from one place at a time: the fetching task, or while that waits,
    // the serial queue of the transfer.

    let destination: URL
    private let path: String
    private let descriptor: Int32
    private(set) var byteCount: Int

    /// Opens or creates the file if no other program is writing it; nil if one is.
    init?(for destination: URL) throws(ModelZooError) {
        self.destination = destination
        path = destination.path + ".part"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .fileFailure(
                file: path,
                reason: "cannot be written: \(SystemMessage.last())"
            )
        }
        byteCount = 0
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, isStillNamed() else {
            close(descriptor)
            return nil
        }
        byteCount = max(0, Int(lseek(descriptor, 0, SEEK_END)))
    }

    deinit {
        close(descriptor)
    }

    /// Adds bytes at the end.
    ///
    /// If that fails, for example because the disk is full, the file is removed to give the space back.
    func append(_ data: Data) throws(ModelZooError) {
        // Safe because the data outlive the call, and no pointer is kept.
        let failure = data.withUnsafeBytes { bytes -> FileError? in
            do throws(FileError) {
                try OpenFile.write(bytes, to: descriptor, path: destination.path)
                return nil
            } catch {
                return error
            }
        }
        if let failure {
            unlink(path)
            throw ModelZooError(writing: failure)
        }
        byteCount += data.count
    }

    /// Throws away what has arrived.
    func clear() throws(ModelZooError) {
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw .fileFailure(
                file: path,
                reason: "cannot be written: \(SystemMessage.last())"
            )
        }
        byteCount = 0
    }

    /// The hash of what has arrived.
    func digest(_ algorithm: FileDigest.Algorithm) throws(ModelZooError) -> FileDigest {
        try FileDigest(ofModel: URL(fileURLWithPath: path), algorithm: algorithm)
    }

    /// Makes the file durable and gives it its name.
    func finish() throws(ModelZooError) {
        do throws(FileError) {
            try OpenFile.rename(descriptor, at: path, to: destination.path, .durable)
        } catch {
            throw ModelZooError(writing: error)
        }
    }

    /// Removes the file.
    func discard() {
        unlink(path)
    }

    /// Whether the name still leads to the open file; another program may have finished it meanwhile.
    private func isStillNamed() -> Bool {
        var named = stat()
        var opened = stat()
        return stat(path, &named) == 0 && fstat(descriptor, &opened) == 0
            && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev
    }
}
