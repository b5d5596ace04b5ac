#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A folder, or a file, that one program at a time works with, until this value ends.
public final class FileLock: Sendable {
    private let descriptor: Int32
    /// A file that was made for the lock, and is removed with it.
    private let file: String?

    /// How long a lock is tried for.
    private static let patience = Duration.seconds(3)

    /// How long another program may have a lock before that is worth a word.
    private static let wordlessPatience = Duration.milliseconds(300)

    /// Takes the lock of a folder, which must exist.
    ///
    /// - Parameter waiting: Called if another program has the lock, before it is waited for.
    /// - Throws: ``FileError`` of the kind `isLocked` if another program has it, or if the folder cannot
    ///   be opened.
    public init(folder path: String, waiting: () -> Void = {}) throws(FileError) {
        file = nil
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotRead(path, code: errno) }
        guard Self.take(descriptor, waiting: waiting) else {
            close(descriptor)
            throw FileError(
                .isLocked,
                path: path,
                "another program is using this folder",
                advice: "wait until it ends, or name another folder"
            )
        }
    }

    /// Takes a lock that is a file of its own, which is made, and removed when the lock ends.
    ///
    /// For what cannot be locked itself, because others lock it in another way. A program that is killed leaves
    /// the file behind, which does no harm.
    ///
    /// - Parameter waiting: Called if another program has the lock, before it is waited for.
    /// - Throws: ``FileError`` of the kind `isLocked` if another program has it, or if the file cannot be
    ///   made.
    public init(file path: String, waiting: () -> Void = {}) throws(FileError) {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw .cannotWrite(path, code: errno) }
            guard Self.take(descriptor, waiting: waiting) else {
                close(descriptor)
                throw FileError(
                    .isLocked,
                    path: path,
                    "another program is using this file",
                    advice: "wait until it ends"
                )
            }
            // The file that was waited for may have been removed with its lock.
            var (own, named) = (stat(), stat())
            if fstat(descriptor, &own) == 0, stat(path, &named) == 0, own.st_ino == named.st_ino {
                self.descriptor = descriptor
                file = path
                return
            }
            close(descriptor)
        }
    }

    deinit {
        if let file { unlink(file) }
        close(descriptor)
    }

    /// Takes the lock of an open file or folder for this descriptor alone, until it is closed.
    ///
    /// A program that this one starts holds its locks, too, for the moment until it closes what is not its
    /// own, so a lock that is taken is tried again for a while.
    ///
    /// - Parameter waiting: Called once if somebody else has it for longer than such a moment.
    /// Some file systems of clusters have no locks; there nobody is kept out.
    ///
    /// - Returns: Whether nobody else has it.
    public static func take(_ descriptor: Int32, waiting: () -> Void = {}) -> Bool {
        let start = ContinuousClock.now
        let end = start + patience
        var isSaid = false
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { return true }
            guard ContinuousClock.now < end else { return false }
            if !isSaid, ContinuousClock.now > start + wordlessPatience {
                waiting()
                isSaid = true
            }
            usleep(20_000)
        }
        return true
    }
}
