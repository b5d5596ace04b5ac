import Files
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A regular file that exists and can be read, its size, and its first bytes.
struct InputFile: Sendable {
    let path: String
    let byteCount: Int
    let beginning: [UInt8]

    /// Whether it is an HDF5 file whose first bytes another program has for itself, as MATLAB.
    let hasHDF5AfterUserBlock: Bool

    init(url: URL) throws(ImageFormatError) {
        path = url.path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw .cannotOpen(path, systemMessage(errno))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ImageFormatError(
                .cannotOpen,
                path: path,
                "not a regular file",
                advice: "name an image file"
            )
        }
        byteCount = Int(status.st_size)
        guard byteCount > 0 else {
            throw ImageFormatError(
                .damaged,
                path: path,
                "the file is empty (0 bytes)",
                advice: "copy or export the image again"
            )
        }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else {
            throw ImageFormatError(.cannotOpen, path: path, systemMessage(errno))
        }
        beginning = Array(bytes[..<count])
        hasHDF5AfterUserBlock = Self.hasHDF5AfterUserBlock(descriptor, byteCount)
    }

    /// The first bytes of an HDF5 file.
    static let hdf5Signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Whether HDF5 begins where it may after a block that belongs to another program.
    ///
    /// That is at 512 bytes, or at twice as many, and so on.
    private static func hasHDF5AfterUserBlock(_ descriptor: Int32, _ byteCount: Int) -> Bool {
        var place = 512
        while place + hdf5Signature.count <= byteCount {
            var bytes = [UInt8](repeating: 0, count: hdf5Signature.count)
            let count = pread(descriptor, &bytes, bytes.count, off_t(place))
            if count == bytes.count, bytes == hdf5Signature { return true }
            place *= 2
        }
        return false
    }
}

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String {
    SystemMessage.text(of: code).lowercased()
}

extension ImageFormatError {
    /// A file that the system does not open, for a reason that is often another than the system says.
    fileprivate static func cannotOpen(_ path: String, _ reason: String) -> ImageFormatError {
        let isMissing = FileStatus(of: path) == nil
        if isMissing, FileStatus.isLink(path) {
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
            return ImageFormatError(
                .cannotOpen,
                path: path,
                "a link to '\(target ?? "?")', which does not exist",
                advice: "correct the link, or name the file itself"
            )
        }
        if isMissing, path.contains("\u{FFFD}") {
            return ImageFormatError(
                .cannotOpen,
                path: path,
                "the file name has characters that are not UTF-8",
                advice: "rename the file"
            )
        }
        return ImageFormatError(
            .cannotOpen,
            path: path,
            reason,
            advice: "check the path and the permissions"
        )
    }
}
