internal import CZlib

/// The directory of a zip archive over mapped bytes, with zip64.
///
/// Stored entries are read in place. Compressed ones are inflated when asked for, with a bound on what
/// one archive may grow to. Checksums are compared for compressed entries only: PyTorch can be told to
/// write archives without valid ones, and adding up gigabytes would undo the mapping.
public struct ZipArchive: Sendable {
    /// One file in the archive.
    public struct Entry: Hashable, Sendable {
        /// Its name, with `/` between folders; not checked, so it may lead out of a folder.
        public let name: String
        /// The number of its bytes when it is unpacked, as the directory promises.
        public let size: Int

        fileprivate let method: UInt16
        fileprivate let isEncrypted: Bool
        fileprivate let checksum: UInt32
        fileprivate let compressedSize: Int
        fileprivate let headerOffset: Int
    }

    /// Where the content of an entry lies.
    public struct Content: Sendable {
        /// The archive itself, or memory that holds what was inflated.
        public let storage: ByteStorage
        /// Where the content lies in the storage.
        public let range: Range<Int>

        /// Names a part of a storage, which must lie inside.
        public init(storage: ByteStorage, range: Range<Int>) {
            self.storage = storage
            self.range = range
        }
    }

    /// What happens where two entries have the same name.
    public enum RepeatedNames: Hashable, Sendable {
        /// The archive is refused: readers that take one or the other would see different things.
        case refused
        /// Both are listed; a search by name finds the last.
        case kept
    }

    /// The archive.
    public let storage: ByteStorage

    /// All entries, in the order of the directory.
    public private(set) var entries: [Entry] = []

    private var places: [String: Int] = [:]

    /// Archives of more entries are refused.
    public static let maximumEntryCount = 1 << 20

    /// Reads the directory at the end of the archive.
    ///
    /// - Throws: ``ZipError`` if this is no archive, or its directory is damaged or too long.
    public init(
        _ storage: ByteStorage,
        repeatedNames: RepeatedNames = .refused
    ) throws(ZipError) {
        self.storage = storage
        let directory = try ZipArchive.directory(of: storage)
        var position = directory.offset
        for _ in 0..<directory.count {
            let (entry, next) = try ZipArchive.entry(at: position, in: storage)
            let old = places.updateValue(entries.count, forKey: entry.name)
            if old != nil, repeatedNames == .refused {
                throw .malformed(
                    file: storage.name,
                    what: "the archive holds '\(entry.name)' twice"
                )
            }
            entries.append(entry)
            position = next
        }
    }

    /// The entry of a name; nil if there is none.
    public subscript(name: String) -> Entry? { places[name].map { entries[$0] } }

    /// The content of an entry: in place, or inflated into memory of its own.
    ///
    /// - Parameter budget: Bytes that may still be inflated; reduced by what this entry takes.
    /// - Throws: ``ZipError`` if the entry is damaged, encrypted, of an unknown method or too large.
    public func content(of entry: Entry, budget: inout Int) throws(ZipError) -> Content {
        guard !entry.isEncrypted else {
            throw .encrypted(file: storage.name, entry: entry.name)
        }
        let header = try storage.part(entry.headerOffset, count: 30, for: "'\(entry.name)'")
        guard header.integer(UInt32.self, at: 0) == 0x0403_4B50 else {
            throw .malformed(file: storage.name, what: "the header of '\(entry.name)' is damaged")
        }
        let start =
            entry.headerOffset + 30 + Int(header.integer(UInt16.self, at: 26))
            + Int(header.integer(UInt16.self, at: 28))
        let packed = try storage.part(start, count: entry.compressedSize, for: "'\(entry.name)'")
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
            budget = try rest(of: budget, after: entry)
            let unpacked = try inflate(packed, entry)
            return Content(storage: unpacked, range: 0..<unpacked.count)
        default:
            throw .unknownMethod(
                file: storage.name,
                entry: entry.name,
                method: Int(entry.method)
            )
        }
    }

    /// What is left of a budget when an entry is unpacked.
    private func rest(of budget: Int, after entry: Entry) throws(ZipError) -> Int {
        guard entry.size <= budget else {
            throw .limitExceeded(
                file: storage.name,
                what: "the unpacked size of '\(entry.name)'",
                limit: budget,
                found: entry.size
            )
        }
        return budget - entry.size
    }

    /// The unpacked content of an entry, copied.
    ///
    /// - Parameter budget: Bytes that may still be unpacked, for stored entries too: several may claim
    ///   the same bytes of the archive. Reduced by what this entry takes.
    public func bytes(of entry: Entry, budget: inout Int) throws(ZipError) -> [UInt8] {
        let rest = try rest(of: budget, after: entry)
        let content = try content(of: entry, budget: &budget)
        budget = rest
        defer { withExtendedLifetime(content.storage) {} }
        return Array(content.storage.bytes[content.range])
    }

    /// Gives access to the unpacked content of an entry during a call.
    public func withBytes(
        of entry: Entry,
        budget: inout Int,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        // Safe because the range of the content was checked, and the storage outlives the call.
        let content = try content(of: entry, budget: &budget)
        defer { withExtendedLifetime(content.storage) {} }
        try body(UnsafeRawBufferPointer(rebasing: content.storage.bytes[content.range]))
    }

    // MARK: - The directory

    private struct Directory {
        let offset: Int
        let count: Int
    }

    private static func directory(of storage: ByteStorage) throws(ZipError) -> Directory {
        let end = try endRecord(of: storage)
        let record = try storage.part(end, count: 22, for: "the end of the archive")
        var count = Int(record.integer(UInt16.self, at: 10))
        var offset = Int(record.integer(UInt32.self, at: 16))
        if count == 0xFFFF || offset == 0xFFFF_FFFF, end >= 20 {
            let locator = try storage.part(end - 20, count: 20, for: "the zip64 locator")
            if locator.integer(UInt32.self, at: 0) == 0x0706_4B50 {
                let position = try int(locator.integer(UInt64.self, at: 8), storage)
                let large = try storage.part(position, count: 56, for: "the zip64 directory")
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
    private static func endRecord(of storage: ByteStorage) throws(ZipError) -> Int {
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

    private static func entry(at position: Int, in storage: ByteStorage) throws(ZipError)
        -> (Entry, next: Int)
    {
        let what = "the directory of the archive"
        let record = try storage.part(position, count: 46, for: what)
        guard record.integer(UInt32.self, at: 0) == 0x0201_4B50 else {
            throw .malformed(file: storage.name, what: "the directory of the archive is damaged")
        }
        let nameLength = Int(record.integer(UInt16.self, at: 28))
        let extraLength = Int(record.integer(UInt16.self, at: 30))
        let commentLength = Int(record.integer(UInt16.self, at: 32))
        let name = try storage.part(position + 46, count: nameLength, for: what)
        let extra = try storage.part(position + 46 + nameLength, count: extraLength, for: what)
        var fields = [
            UInt64(record.integer(UInt32.self, at: 24)),
            UInt64(record.integer(UInt32.self, at: 20)),
            UInt64(record.integer(UInt32.self, at: 42)),
        ]
        widen(&fields, from: extra)
        let flags = record.integer(UInt16.self, at: 8)
        let entry = Entry(
            name: String(decoding: name, as: UTF8.self),
            size: try int(fields[0], storage),
            method: record.integer(UInt16.self, at: 10),
            isEncrypted: flags & 1 != 0,
            checksum: record.integer(UInt32.self, at: 16),
            compressedSize: try int(fields[1], storage),
            headerOffset: try int(fields[2], storage)
        )
        return (entry, position + 46 + nameLength + extraLength + commentLength)
    }

    /// Replaces the sizes and the offset that did not fit 32 bits by those of the zip64 extra field.
    private static func widen(_ fields: inout [UInt64], from extra: UnsafeRawBufferPointer) {
        // Safe because every number is read only after its end was compared with the count.
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

    private static func int(_ value: UInt64, _ storage: ByteStorage) throws(ZipError) -> Int {
        guard let result = Int(exactly: value) else {
            throw .malformed(
                file: storage.name,
                what: "the archive has an impossible size \(value)"
            )
        }
        return result
    }

    // MARK: - Compressed entries

    private func inflate(_ packed: UnsafeRawBufferPointer, _ entry: Entry) throws(ZipError)
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
        guard MachineMemory.holds(entry.size) else {
            throw .file(
                FileError(
                    .cannotRead,
                    path: storage.name,
                    "'\(entry.name)' unpacks to \(entry.size) bytes, more memory than is free"
                )
            )
        }
        return try ByteStorage(count: entry.size, name: storage.name) {
            target throws(ZipError) in
            var stream = z_stream()
            let version = ZLIB_VERSION
            guard
                inflateInit2_(&stream, -MAX_WBITS, version, Int32(MemoryLayout<z_stream>.size))
                    == Z_OK
            else {
                throw .file(FileError(.cannotRead, path: storage.name, "zlib could not be started"))
            }
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

extension ByteStorage {
    /// A part of the archive, checked against its bounds.
    fileprivate func part(_ offset: Int, count length: Int, for what: String) throws(ZipError)
        -> UnsafeRawBufferPointer
    {
        // Safe because the slice is checked against the count; the archive holds the storage.
        try slice(offset, count: length) {
            ZipError.truncated(file: name, what: what, needed: length, available: $0)
        }
    }
}
