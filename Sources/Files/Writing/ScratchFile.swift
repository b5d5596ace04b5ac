#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file without a name for what does not fit into memory; the system removes it with this value, even if the program is killed.
public struct ScratchFile: ~Copyable {
    /// Number of bytes so far.
    public private(set) var count = 0

    private let folder: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    /// Many small pieces are written together.
    private static let bufferSize = 1 << 18

    /// Creates an empty file.
    ///
    /// - Parameter folder: Where the disk has space for it; nothing is seen there.
    /// - Throws: ``FileError`` if it cannot be made.
    public init(in folder: String) throws(FileError) {
        let tag = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        let path = FileName.join(folder, ".scratch.\(tag).part")
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .cannotWrite(path, code: errno) }
        unlink(path)
        (self.folder, self.descriptor) = (folder, descriptor)
    }

    deinit { close(descriptor) }

    /// Adds bytes at the end.
    ///
    /// - Throws: ``FileError`` if there is no space for them.
    public mutating func append(_ bytes: [UInt8]) throws(FileError) {
        buffer += bytes
        count += bytes.count
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Bytes that were appended.
    ///
    /// - Parameter range: At most ``count``.
    /// - Throws: ``FileError`` if they cannot be read.
    public mutating func read(_ range: Range<Int>) throws(FileError) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "bytes that are not there")
        try flush()
        var bytes = [UInt8](repeating: 0, count: range.count)
        let code = bytes.withUnsafeMutableBytes { bytes -> Int32 in
            // Safe because the rest begins within the bytes, and the system reads no more than it has.
            var position = 0
            while position < bytes.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[position...])
                let place = off_t(range.lowerBound + position)
                let read = pread(descriptor, rest.baseAddress, rest.count, place)
                if read < 0, errno == EINTR { continue }
                guard read > 0 else { return read == 0 ? EIO : errno }
                position += read
            }
            return 0
        }
        guard code == 0 else { throw .cannotRead(folder, code: code) }
        return bytes
    }

    private mutating func flush() throws(FileError) {
        guard !buffer.isEmpty else { return }
        // Safe because the buffer is not changed while it is written.
        try buffer.withUnsafeBufferPointer { [descriptor, folder] bytes throws(FileError) in
            try OpenFile.write(UnsafeRawBufferPointer(bytes), to: descriptor, path: folder)
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
