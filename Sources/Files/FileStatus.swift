#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the file system says of a path.
public struct FileStatus: Hashable, Sendable {
    /// A file, however it is reached: hard and symbolic links to it are equal.
    public struct Identity: Hashable, Sendable {
        /// The device that it lies on.
        public let device: UInt64
        /// Its number on the device.
        public let number: UInt64
    }

    /// The file itself, whatever it is called.
    public let identity: Identity
    /// Whether it is a folder.
    public let isFolder: Bool

    /// Size in bytes.
    public let byteCount: Int

    /// When it was changed last, in seconds since 1970, to the microsecond.
    public let modified: Double

    /// Nil if nothing is there, or it cannot be looked at.
    public init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        identity = Identity(
            device: UInt64(truncatingIfNeeded: status.st_dev),
            number: UInt64(truncatingIfNeeded: status.st_ino)
        )
        isFolder = status.st_mode & S_IFMT == S_IFDIR
        byteCount = Int(status.st_size)
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        modified = Double(time.tv_sec) + Double(time.tv_nsec / 1000) * 1e-6
    }
}

extension FileStatus {
    /// Whether the path is a symbolic link, also one that leads nowhere.
    public static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }
}
