import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the file system says of a path.
public struct FileStatus: Sendable {
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

    /// Whether a path is a folder that is an image as a whole: a Zarr or N5 container.
    public static func isContainer(_ path: String) -> Bool {
        guard let status = FileStatus(of: path), status.isFolder else { return false }
        let ending = URL(filePath: path).pathExtension.lowercased()
        return ["zarr", "n5"].contains(ending)
            || ["zarr.json", ".zgroup", ".zarray"].contains {
                FileStatus(of: "\(path)/\($0)") != nil
            } || isN5(path)
    }

    /// Whether a folder without the ending of N5 describes itself as such.
    private static func isN5(_ folder: String) -> Bool {
        let file = "\(folder)/attributes.json"
        guard let status = FileStatus(of: file), !status.isFolder, status.byteCount < 1 << 20,
            let text = try? String(contentsOfFile: file, encoding: .utf8)
        else { return false }
        return text.contains("\"n5\"") || text.contains("\"dimensions\"")
    }

    /// Nil if nothing is there, or it can not be looked at.
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
