/// A place that bytes are written to from the first to the last: a file, or memory.
///
/// Writers of formats append to a sink, and so need not know which of the two it is.
public protocol ByteSink: ~Copyable {
    /// Adds bytes at the end.
    ///
    /// - Throws: ``FileError`` if there is no space for them.
    // Safe because no pointer is kept after the call.
    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(FileError)
}

extension ByteSink where Self: ~Copyable {
    /// Adds bytes at the end.
    public mutating func append(_ bytes: [UInt8]) throws(FileError) {
        // Safe because the array outlives the call, after which no pointer is kept.
        try bytes.withUnsafeBufferPointer { buffer throws(FileError) in
            try append(UnsafeRawBufferPointer(buffer))
        }
    }

    /// Adds text as UTF-8.
    public mutating func append(_ text: String) throws(FileError) { try append(Array(text.utf8)) }
}

/// Bytes that are collected in memory.
public struct MemorySink: ByteSink, Hashable, Sendable {
    /// All that was appended.
    public private(set) var bytes: [UInt8] = []

    /// Creates an empty sink.
    public init() {}

    /// Adds bytes at the end; this never fails.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        // Safe because the bytes are copied.
        self.bytes.append(contentsOf: bytes)
    }
}
