#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A folder that one program at a time works in, until this value ends.
public final class FileLock: Sendable {
    private let descriptor: Int32

    /// How long a lock is tried for.
    private static let patience = Duration.seconds(3)

    /// Takes the lock of a folder, which must exist.
    ///
    /// - Throws: ``FileError`` of the kind `isLocked` if another program has it, or if the folder can
    ///   not be opened.
    public init(folder path: String) throws(FileError) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotRead(path, code: errno) }
        guard Self.take(descriptor) else {
            close(descriptor)
            throw FileError(
                .isLocked,
                path: path,
                "another program works in this folder",
                advice: "wait until it ends, or name another"
            )
        }
    }

    deinit { close(descriptor) }

    /// Takes the lock of an open file or folder for this descriptor alone, until it is closed.
    ///
    /// A program that this one starts holds its locks, too, for the moment until it closes what is not its
    /// own, so a lock that is taken is tried again for a while.
    ///
    /// - Returns: Whether nobody else has it.
    public static func take(_ descriptor: Int32) -> Bool {
        let end = ContinuousClock.now + patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR, ContinuousClock.now < end else {
                return false
            }
            usleep(20_000)
        }
        return true
    }
}
