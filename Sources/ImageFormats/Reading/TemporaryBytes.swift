import Files

/// A buffer that lives as long as this value.
struct TemporaryBytes: ~Copyable {
    // Safe because this value owns the memory, and callers use `bytes` only while they hold it.
    let bytes: UnsafeMutableRawBufferPointer

    init(_ count: Int) {
        bytes = .allocate(byteCount: count, alignment: 16)
    }

    /// A buffer whose size a file decides; an error where memory does not hold it.
    init(_ count: Int, path: String) throws(ImageFormatError) {
        guard MachineMemory.holds(count) else {
            throw .outOfMemory("\(count) bytes", path: path)
        }
        self.init(count)
    }

    deinit { bytes.deallocate() }
}
