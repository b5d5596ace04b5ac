import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Bytes that never change: a memory-mapped file, or a block of memory.
///
/// A mapped file costs address space, not memory: pages are read when they are touched. The file must
/// not be shortened by another program while it is mapped; replacing it (as every writer of this
/// project does, by renaming) is harmless.
public final class ByteStorage: @unchecked Sendable {
    // Safe because `base` points to memory that this object owns alone, that is never written after the
    // initializer has returned, and that lives until `deinit`.

    /// What the bytes are called in error messages, usually the path of the file.
    public let name: String
    /// The number of bytes.
    public let count: Int

    private let base: UnsafeRawPointer?
    private let origin: Origin

    private enum Origin {
        case mapping
        case allocation
        case nothing
    }

    /// Maps a file for reading.
    ///
    /// - Parameter path: Path of a regular file.
    /// - Throws: ``CheckpointError/unreadable(file:reason:)`` if it cannot be opened or is not a file.
    public init(mapping path: String) throws(CheckpointError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw .unreadable(file: path, reason: ByteStorage.lastSystemError())
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .unreadable(file: path, reason: ByteStorage.lastSystemError())
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            throw .unreadable(
                file: path,
                reason: isFolder ? "it is a folder, not a file" : "it is not a regular file"
            )
        }
        name = path
        count = Int(status.st_size)
        guard count > 0 else {
            base = nil
            origin = .nothing
            return
        }
        guard let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
            address != MAP_FAILED
        else {
            throw .unreadable(file: path, reason: ByteStorage.lastSystemError())
        }
        base = UnsafeRawPointer(address)
        origin = .mapping
    }

    /// Copies bytes into memory of their own.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - name: What error messages call it.
    public convenience init(copying bytes: some Collection<UInt8>, name: String) {
        self.init(count: bytes.count, name: name) { buffer in
            buffer.copyBytes(from: bytes)
        }
    }

    /// Makes storage of `count` zero bytes and lets `fill` write them once.
    init<E: Error>(
        count: Int,
        name: String,
        fill: (UnsafeMutableRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        self.name = name
        self.count = count
        guard count > 0 else {
            base = nil
            origin = .nothing
            return
        }
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
        do throws(E) {
            try fill(memory)
        } catch {
            memory.deallocate()
            throw error
        }
        base = UnsafeRawPointer(memory.baseAddress)
        origin = .allocation
    }

    deinit {
        switch origin {
        case .mapping: base.map { _ = munmap(UnsafeMutableRawPointer(mutating: $0), count) }
        case .allocation: base?.deallocate()
        case .nothing: break
        }
    }

    /// All bytes.
    ///
    /// The pointer is valid as long as this object lives.
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base, count: count)
    }

    /// A part of the bytes, checked against the bounds.
    ///
    /// - Parameters:
    ///   - range: Offsets in bytes.
    ///   - what: What lies there, for the error message.
    /// - Throws: ``CheckpointError/truncated(file:what:needed:available:)`` if the range leaves the storage.
    func slice(_ offset: Int, count length: Int, for what: String) throws(CheckpointError)
        -> UnsafeRawBufferPointer
    {
        guard offset >= 0, length >= 0, offset <= count, length <= count - offset else {
            throw .truncated(
                file: name,
                what: what,
                needed: length,
                available: max(0, count - max(0, offset))
            )
        }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + length)])
    }

    /// The message of the system for the last failed call of this thread.
    static func lastSystemError() -> String {
        String(cString: strerror(errno))
    }
}
