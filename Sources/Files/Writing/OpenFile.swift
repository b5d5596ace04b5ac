#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Operations on files that are open, for which the caller owns the descriptor.
public enum OpenFile {
    /// Writes all bytes at the present position, however often the system takes only a part.
    ///
    /// - Parameter path: The name of the file in messages.
    public static func write(
        _ bytes: UnsafeRawBufferPointer,
        to descriptor: Int32,
        path: String
    ) throws(FileError) {
        // Safe because the rest begins within the bytes, and the system writes no more than it
        // has.
        var position = 0
        while position < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
            // Systems refuse, or cut, what is larger than 2 GiB.
            let count = systemWrite(descriptor, rest.baseAddress, min(rest.count, 1 << 30))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .cannotWrite(path, code: errno) }
            position += count
        }
    }

    /// Waits until the content of the file is on the disk.
    public static func synchronize(_ descriptor: Int32, path: String) throws(FileError) {
        guard fsync(descriptor) == 0 else { throw .cannotWrite(path, code: errno) }
    }

    /// Gives a complete file its name; one that had the name before is replaced.
    ///
    /// - Parameters:
    ///   - descriptor: The open file, of which all is written.
    ///   - temporaryPath: Its present name, in the folder of the new one.
    ///   - path: The new name.
    ///   - durability: What a loss of power may undo.
    public static func rename(
        _ descriptor: Int32,
        at temporaryPath: String,
        to path: String,
        _ durability: Durability
    ) throws(FileError) {
        if durability == .durable { try synchronize(descriptor, path: path) }
        try rename(temporaryPath, to: path, durability)
    }

    /// Gives a file or folder, whose content is where its durability wants it, its name.
    ///
    /// A file that had the name before is replaced.
    public static func rename(
        _ temporaryPath: String,
        to path: String,
        _ durability: Durability
    ) throws(FileError) {
        guard systemRename(temporaryPath, path) == 0 else { throw .cannotWrite(path, code: errno) }
        if durability == .durable { synchronizeFolder(of: path) }
    }

    /// Writes bytes from a position on, in place of what was there, and waits for the disk.
    ///
    /// - Throws: ``FileError`` if they cannot be written; the file then ends at the position.
    public static func append(
        _ bytes: [UInt8],
        at position: Int,
        to descriptor: Int32,
        path: String
    ) throws(FileError) {
        // Safe because the array outlives the call, after which no pointer is kept.
        do throws(FileError) {
            guard ftruncate(descriptor, off_t(position)) == 0,
                lseek(descriptor, off_t(position), SEEK_SET) == off_t(position)
            else { throw .cannotWrite(path, code: errno) }
            try bytes.withUnsafeBufferPointer { bytes throws(FileError) in
                try write(UnsafeRawBufferPointer(bytes), to: descriptor, path: path)
            }
            try synchronize(descriptor, path: path)
        } catch {
            ftruncate(descriptor, off_t(position))
            throw error
        }
    }

    /// Makes the names in the folder of a file durable.
    ///
    /// File systems that cannot do this keep the file all the same, so there is no error.
    public static func synchronizeFolder(of path: String) {
        let descriptor = open(FileName.folder(of: path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}

/// The system's `write`, which the type's own function of that name would hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    // Safe because the caller says no more bytes than there are behind the pointer.
    write(descriptor, bytes, count)
}

/// The system's `rename`, which the type's own function of that name would hide.
private func systemRename(_ old: String, _ new: String) -> Int32 { rename(old, new) }
