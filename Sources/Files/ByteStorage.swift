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

    // Safe because the memory is not written after the initializer; this object alone frees it.
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
    /// - Throws: ``FileError`` if it cannot be opened or is not a file.
    public init(mapping path: String) throws(FileError) {
        // Safe because the mapping has as many bytes as the file, is only read, and lives as long
        // as this object.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw .cannotRead(path, code: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .cannotRead(path, code: errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            throw FileError(
                isFolder ? .isFolder : .cannotRead,
                path: path,
                isFolder ? "it is a folder, not a file" : "it is not a regular file"
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
            throw .cannotRead(path, code: errno)
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

    /// Makes storage of `count` bytes and lets `fill` write them once.
    public init<E: Error>(
        count: Int,
        name: String,
        fill: (UnsafeMutableRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        // Safe because the memory is filled before anybody else sees it, and freed if filling
        // fails.
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
        // Safe because nobody reads any more: readers hold this object while they use its bytes.
        switch origin {
        case .mapping: base.map { _ = munmap(UnsafeMutableRawPointer(mutating: $0), count) }
        case .allocation: base?.deallocate()
        case .nothing: break
        }
    }

    /// All bytes.
    ///
    /// The pointer is valid as long as this object lives.
    public var bytes: UnsafeRawBufferPointer {
        // Safe because base and count belong together; callers hold this object while they use the
        // bytes.
        UnsafeRawBufferPointer(start: base, count: count)
    }

    /// A part of the bytes; nil if it leaves the storage.
    ///
    /// - Parameters:
    ///   - offset: Where the part begins, in bytes.
    ///   - length: Its number of bytes.
    public func slice(_ offset: Int, count length: Int) -> UnsafeRawBufferPointer? {
        // Safe because the bounds were checked; callers hold this object while they use the bytes.
        guard offset >= 0, length >= 0, offset <= count, length <= count - offset else {
            return nil
        }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + length)])
    }

    /// A part of the bytes.
    ///
    /// - Parameter failure: The error for a part that leaves the storage, made from the number of bytes
    ///   that follow the offset.
    public func slice<Failure: Error>(
        _ offset: Int,
        count length: Int,
        orThrow failure: (_ available: Int) -> Failure
    ) throws(Failure) -> UnsafeRawBufferPointer {
        // Safe because the slice was checked against the count; callers hold this object while they
        // use the bytes.
        guard let part = slice(offset, count: length) else {
            throw failure(max(0, count - max(0, offset)))
        }
        return part
    }
}

extension UnsafeRawBufferPointer {
    /// A little-endian integer at a byte offset, which must lie inside.
    public func integer<T: FixedWidthInteger>(_ type: T.Type, at offset: Int) -> T {
        // Safe because callers keep the offset inside, and no alignment is needed.
        T(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
    }
}
