import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file open for reading bytes at any place.
struct RawFile: ~Copyable {
    private let descriptor: Int32
    private let path: String

    init(path: String) throws(ImageFormatError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ImageFormatError(.cannotOpen, path: path, systemMessage(errno))
        }
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Fills `buffer` from byte `base + offset` on.
    func read(
        at base: UInt64,
        _ offset: Int,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(ImageFormatError) {
        // Safe because the system is told how much room there is, and the rest shrinks by what was
        // read.
        let (start, overflow) = base.addingReportingOverflow(UInt64(offset))
        guard !overflow, var position = off_t(exactly: start) else { throw ended() }
        var remaining = buffer[...]
        while !remaining.isEmpty {
            let part = UnsafeMutableRawBufferPointer(rebasing: remaining)
            let count = pread(descriptor, part.baseAddress, part.count, position)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw ImageFormatError(.cannotOpen, path: path, systemMessage(errno))
            }
            guard count > 0 else { throw ended() }
            remaining = remaining.dropFirst(count)
            position += off_t(count)
        }
    }

    /// All bytes of a file whose size is known.
    func readAll(_ count: Int) throws(ImageFormatError) -> [UInt8] {
        // Safe because all bytes are said to be initialized only after all were read.
        guard MachineMemory.holds(count) else {
            throw .outOfMemory("\(count) bytes of a file", path: path)
        }
        var failure: ImageFormatError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(ImageFormatError) {
                try read(at: 0, 0, into: UnsafeMutableRawBufferPointer(buffer))
                initialized = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    private func ended() -> ImageFormatError {
        ImageFormatError(
            .damaged,
            path: path,
            "the file ends before its pixels do",
            advice: "the file is cut short; copy or export it again"
        )
    }
}
