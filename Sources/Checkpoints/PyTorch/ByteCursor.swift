import Files

/// Reads forward through bytes, with every step checked.
struct ByteCursor {
    let storage: ByteStorage
    private(set) var position: Int
    let end: Int

    /// A cursor over `position..<end`; an end beyond the storage is cut.
    init(storage: ByteStorage, position: Int, end: Int) {
        self.storage = storage
        self.position = position
        self.end = min(end, storage.count)
    }

    /// The next `count` bytes.
    mutating func take(_ count: Int) throws(CheckpointError) -> UnsafeRawBufferPointer {
        // Safe because the slice was checked, and the cursor holds the storage while the machine
        // reads it.
        guard count >= 0, count <= end - position else {
            throw .truncated(
                file: storage.name,
                what: "the pickle",
                needed: count,
                available: max(0, end - position)
            )
        }
        let bytes = try storage.slice(position, count: count, for: "the pickle")
        position += count
        return bytes
    }

    /// The next byte.
    mutating func byte() throws(CheckpointError) -> UInt8 {
        try take(1)[0]
    }

    /// The next little-endian integer.
    mutating func integer<T: FixedWidthInteger>(_ type: T.Type) throws(CheckpointError) -> T {
        try take(type.bitWidth / 8).integer(type, at: 0)
    }

    /// A length of 32 or 64 bits, as an `Int`.
    mutating func length<T: FixedWidthInteger>(_ type: T.Type) throws(CheckpointError) -> Int {
        Int(clamping: try integer(type))
    }

    /// The bytes up to the next line feed, which is skipped.
    mutating func line() throws(CheckpointError) -> UnsafeRawBufferPointer {
        // Safe because the end lies within the storage, and the cursor holds the storage while the
        // machine reads it.
        var length = 0
        let bytes = storage.bytes
        while position + length < end, bytes[position + length] != 0x0A { length += 1 }
        let line = try take(length)
        _ = try byte()
        return line
    }
}
