import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that appears under its name only when it is complete.
struct AtomicFile: ~Copyable {
    private let descriptor: Int32
    private let file: String

    /// Writes a file beside `url`, makes it durable, and renames it.
    ///
    /// - Parameter content: Writes the bytes. If it throws, nothing is left behind.
    static func write(
        to url: URL,
        _ content: (borrowing AtomicFile) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        let path = url.path
        let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .unwritable(file: path, reason: ByteStorage.lastSystemError())
        }
        do throws(CheckpointError) {
            try fill(AtomicFile(descriptor: descriptor, file: path), content)
            guard rename(temporary, path) == 0 else {
                throw .unwritable(file: path, reason: ByteStorage.lastSystemError())
            }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    private static func fill(
        _ file: borrowing AtomicFile,
        _ content: (borrowing AtomicFile) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        do throws(CheckpointError) {
            try content(file)
            guard fsync(file.descriptor) == 0 else {
                throw .unwritable(file: file.file, reason: ByteStorage.lastSystemError())
            }
        } catch {
            close(file.descriptor)
            throw error
        }
        // Some file systems report a full disk only here.
        guard close(file.descriptor) == 0 else {
            throw .unwritable(file: file.file, reason: ByteStorage.lastSystemError())
        }
    }

    /// Appends bytes.
    borrowing func append(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
        var position = 0
        while position < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
            let written = systemWrite(descriptor, rest.baseAddress, min(rest.count, 1 << 30))
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                throw .unwritable(file: file, reason: ByteStorage.lastSystemError())
            }
            position += written
        }
    }

    /// Appends bytes.
    borrowing func append(_ bytes: [UInt8]) throws(CheckpointError) {
        try bytes.withUnsafeBufferPointer { buffer throws(CheckpointError) in
            try append(UnsafeRawBufferPointer(buffer))
        }
    }
}

/// The system's `write`, which the type's own function of that name would hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
