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

    init(url: URL) throws(ImageFormatError) {
        path = url.path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw ImageFormatError(
                .cannotOpen,
                path: path,
                systemMessage(errno),
                advice: "check the path and the permissions"
            )
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
    }
}

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String {
    SystemMessage.text(of: code).lowercased()
}
