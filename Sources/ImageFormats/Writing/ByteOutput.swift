import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file of bytes that is written piece by piece and takes its name when it is complete.
struct ByteOutput: ~Copyable {
    private var destination: AtomicFile
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(replacing url: URL) throws(ImageFormatError) {
        let destination = try AtomicFile(replacing: url)
        let descriptor = open(destination.temporaryPath, O_WRONLY | O_TRUNC | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .cannotWrite(url.path, because: systemMessage(errno))
        }
        self.destination = destination
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    mutating func append(_ text: String) throws(ImageFormatError) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= 1 << 18 { try flush() }
    }

    mutating func append(_ bytes: [UInt8]) throws(ImageFormatError) {
        buffer += bytes
        if buffer.count >= 1 << 18 { try flush() }
    }

    /// Brings everything to the disk and gives the file its name.
    consuming func finish() throws(ImageFormatError) {
        try flush()
        guard fsync(descriptor) == 0 else {
            throw .cannotWrite(destination.path, because: systemMessage(errno))
        }
        try destination.commit()
    }

    private mutating func flush() throws(ImageFormatError) {
        let code = buffer.withUnsafeBytes { bytes -> Int32 in
            var position = 0
            while position < bytes.count {
                let part = UnsafeRawBufferPointer(rebasing: bytes[position...])
                let count = write(descriptor, part.baseAddress, part.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return errno }
                position += count
            }
            return 0
        }
        guard code == 0 else { throw .cannotWrite(destination.path, because: systemMessage(code)) }
        buffer.removeAll(keepingCapacity: true)
    }
}
