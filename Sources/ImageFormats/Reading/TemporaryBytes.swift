/// A buffer that lives as long as this value.
struct TemporaryBytes: ~Copyable {
    // Safe because this value owns the memory, and callers use `bytes` only while they hold it.
    let bytes: UnsafeMutableRawBufferPointer

    init(_ count: Int) {
        bytes = .allocate(byteCount: count, alignment: 16)
    }

    deinit { bytes.deallocate() }
}
