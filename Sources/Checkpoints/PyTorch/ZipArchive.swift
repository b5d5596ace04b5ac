internal import CZlib

/// The directory of a zip archive over mapped bytes, with zip64.
///
/// Stored entries are read in place. Compressed ones are inflated when asked for, with a bound on what
/// one archive may grow to. Checksums are compared for compressed entries only: PyTorch can be told to
/// write archives without valid ones, and adding up gigabytes would undo the mapping.
package struct ZipArchive {
    /// One file in the archive.
    package struct Entry {
        let name: String
        let method: UInt16
        let isEncrypted: Bool
        let checksum: UInt32
        let compressedSize: Int
        let size: Int
        let headerOffset: Int
    }

    /// Where the content of an entry lies.
    struct Content {
        let storage: ByteStorage
        let range: Range<Int>
    }

    let storage: ByteStorage
    package private(set) var entries: [String: Entry] = [:]
    package private(set) var names: [String] = []

    static let maximumEntryCount = 1 << 20

    /// Reads the directory at the end of the archive.
    package init(_ storage: ByteStorage) throws(CheckpointError) {
        self.storage = storage
        let directory = try ZipArchive.directory(of: storage)
        var position = directory.offset
        for _ in 0..<directory.count {
            let (entry, next) = try ZipArchive.entry(at: position, in: storage)
            if entries.updateValue(entry, forKey: entry.name) != nil {
                throw .malformed(
                    file: storage.name,
                    what: "the archive holds '\(entry.name)' twice"
                )
            }
            names.append(entry.name)
            position = next
        }
    }

    /// The content of an entry: in place, or inflated into memory of its own.
    ///
    /// - Parameter budget: Bytes that may still be inflated; reduced by what this entry takes.
    func content(of entry: Entry, budget: inout Int) throws(CheckpointError) -> Content {
        guard !entry.isEncrypted else {
            throw .unsupported(
                file: storage.name,
                what: "an encrypted archive",
                advice: "Unpack and save it again."
            )
        }
        let header = try storage.slice(entry.headerOffset, count: 30, for: "'\(entry.name)'")
        guard header.integer(UInt32.self, at: 0) == 0x0403_4B50 else {
            throw .malformed(file: storage.name, what: "the header of '\(entry.name)' is damaged")
        }
        let start =
            entry.headerOffset + 30 + Int(header.integer(UInt16.self, at: 26))
            + Int(header.integer(UInt16.self, at: 28))
        let packed = try storage.slice(start, count: entry.compressedSize, for: "'\(entry.name)'")
        switch entry.method {
        case 0:
            guard entry.size == entry.compressedSize else {
                throw .malformed(
                    file: storage.name,
                    what: "'\(entry.name)' has two different sizes"
                )
            }
            return Content(storage: storage, range: start..<(start + entry.size))
        case 8:
            guard entry.size <= budget else {
                throw .limitExceeded(
                    file: storage.name,
                    what: "the unpacked size of '\(entry.name)'",
                    limit: budget,
                    found: entry.size
                )
            }
            budget -= entry.size
            let unpacked = try inflate(packed, entry)
            return Content(storage: unpacked, range: 0..<unpacked.count)
        default:
            throw .unsupported(
                file: storage.name,
                what: "compression method \(entry.method) of '\(entry.name)'",
                advice: "Save the file with torch.save, or zip it without compression."
            )
        }
    }

    /// Gives access to the unpacked content of an entry during a call.
    package func withBytes(
        of entry: Entry,
        budget: inout Int,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let content = try content(of: entry, budget: &budget)
        defer { withExtendedLifetime(content.storage) {} }
        try body(UnsafeRawBufferPointer(rebasing: content.storage.bytes[content.range]))
    }

    // MARK: - The directory

    private struct Directory {
        let offset: Int
        let count: Int
    }

    private static func directory(of storage: ByteStorage) throws(CheckpointError) -> Directory {
        let end = try endRecord(of: storage)
        let record = try storage.slice(end, count: 22, for: "the end of the archive")
        var count = Int(record.integer(UInt16.self, at: 10))
        var offset = Int(record.integer(UInt32.self, at: 16))
        if count == 0xFFFF || offset == 0xFFFF_FFFF, end >= 20 {
            let locator = try storage.slice(end - 20, count: 20, for: "the zip64 locator")
            if locator.integer(UInt32.self, at: 0) == 0x0706_4B50 {
                let position = try int(locator.integer(UInt64.self, at: 8), storage)
                let large = try storage.slice(position, count: 56, for: "the zip64 directory")
                guard large.integer(UInt32.self, at: 0) == 0x0606_4B50 else {
                    throw .malformed(file: storage.name, what: "the zip64 directory is damaged")
                }
                count = try int(large.integer(UInt64.self, at: 32), storage)
                offset = try int(large.integer(UInt64.self, at: 48), storage)
            }
        }
        guard count <= maximumEntryCount else {
            throw .limitExceeded(
                file: storage.name,
                what: "the number of archive entries",
                limit: maximumEntryCount,
                found: count
            )
        }
        return Directory(offset: offset, count: count)
    }

    /// Offset of the end record, searched backwards because a comment may follow it.
    private static func endRecord(of storage: ByteStorage) throws(CheckpointError) -> Int {
        let bytes = storage.bytes
        var position = storage.count - 22
        let first = max(0, position - 0xFFFF)
        while position >= first {
            if bytes.integer(UInt32.self, at: position) == 0x0605_4B50,
                Int(bytes.integer(UInt16.self, at: position + 20)) <= storage.count - position - 22
            {
                return position
            }
            position -= 1
        }
        throw .malformed(
            file: storage.name,
            what: "the archive has no directory at its end; it seems cut off"
        )
    }

    private static func entry(at position: Int, in storage: ByteStorage) throws(CheckpointError)
        -> (Entry, next: Int)
    {
        let what = "the directory of the archive"
        let record = try storage.slice(position, count: 46, for: what)
        guard record.integer(UInt32.self, at: 0) == 0x0201_4B50 else {
            throw .malformed(file: storage.name, what: "the directory of the archive is damaged")
        }
        let nameLength = Int(record.integer(UInt16.self, at: 28))
        let extraLength = Int(record.integer(UInt16.self, at: 30))
        let commentLength = Int(record.integer(UInt16.self, at: 32))
        let name = try storage.slice(position + 46, count: nameLength, for: what)
        let extra = try storage.slice(position + 46 + nameLength, count: extraLength, for: what)
        var fields = [
            UInt64(record.integer(UInt32.self, at: 24)),
            UInt64(record.integer(UInt32.self, at: 20)),
            UInt64(record.integer(UInt32.self, at: 42)),
        ]
        widen(&fields, from: extra)
        let flags = record.integer(UInt16.self, at: 8)
        let entry = Entry(
            name: String(decoding: name, as: UTF8.self),
            method: record.integer(UInt16.self, at: 10),
            isEncrypted: flags & 1 != 0,
            checksum: record.integer(UInt32.self, at: 16),
            compressedSize: try int(fields[1], storage),
            size: try int(fields[0], storage),
            headerOffset: try int(fields[2], storage)
        )
        return (entry, position + 46 + nameLength + extraLength + commentLength)
    }

    /// Replaces the sizes and the offset that did not fit 32 bits by those of the zip64 extra field.
    private static func widen(_ fields: inout [UInt64], from extra: UnsafeRawBufferPointer) {
        var position = 0
        while position + 4 <= extra.count {
            let tag = extra.integer(UInt16.self, at: position)
            let end = position + 4 + Int(extra.integer(UInt16.self, at: position + 2))
            if tag == 1 {
                var cursor = position + 4
                for index in fields.indices where fields[index] == 0xFFFF_FFFF {
                    guard cursor + 8 <= min(end, extra.count) else { return }
                    fields[index] = extra.integer(UInt64.self, at: cursor)
                    cursor += 8
                }
                return
            }
            position = end
        }
    }

    private static func int(_ value: UInt64, _ storage: ByteStorage) throws(CheckpointError) -> Int
    {
        guard let result = Int(exactly: value) else {
            throw .malformed(
                file: storage.name,
                what: "the archive has an impossible size \(value)"
            )
        }
        return result
    }

    // MARK: - Compressed entries

    private func inflate(_ packed: UnsafeRawBufferPointer, _ entry: Entry) throws(CheckpointError)
        -> ByteStorage
    {
        // Deflate shrinks by 1032 at most, so a larger promise is a lie, told to make us allocate.
        guard entry.size / 1040 <= packed.count, packed.count <= Int(UInt32.max),
            entry.size <= Int(UInt32.max)
        else {
            throw .malformed(
                file: storage.name,
                what: "'\(entry.name)' cannot unpack from \(packed.count) to \(entry.size) bytes"
            )
        }
        return try ByteStorage(count: entry.size, name: storage.name) {
            target throws(CheckpointError) in
            var stream = z_stream()
            let version = ZLIB_VERSION
            guard
                inflateInit2_(&stream, -MAX_WBITS, version, Int32(MemoryLayout<z_stream>.size))
                    == Z_OK
            else { throw .unreadable(file: storage.name, reason: "zlib could not be started") }
            defer { inflateEnd(&stream) }
            // Safe because zlib only reads through `next_in`; its declaration lacks the `const`.
            stream.next_in = UnsafeMutablePointer(
                mutating: packed.bindMemory(to: UInt8.self).baseAddress
            )
            stream.avail_in = UInt32(packed.count)
            stream.next_out = target.bindMemory(to: UInt8.self).baseAddress
            stream.avail_out = UInt32(target.count)
            guard CZlib.inflate(&stream, Z_FINISH) == Z_STREAM_END, stream.avail_out == 0 else {
                throw .malformed(
                    file: storage.name,
                    what: "the compressed data of '\(entry.name)' is damaged"
                )
            }
            let checksum = crc32_z(0, target.bindMemory(to: UInt8.self).baseAddress, target.count)
            guard UInt32(truncatingIfNeeded: checksum) == entry.checksum else {
                throw .malformed(
                    file: storage.name,
                    what: "the checksum of '\(entry.name)' is wrong"
                )
            }
        }
    }
}

extension UnsafeRawBufferPointer {
    /// A little-endian integer at a byte offset, which must lie inside.
    func integer<T: FixedWidthInteger>(_ type: T.Type, at offset: Int) -> T {
        T(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
    }
}
