internal import CZlib

/// Writes a zip archive of entries that are stored as they are.
///
/// Entries have no date of their own (1980-01-01), so that the same content gives the same archive. The
/// 64-bit form of the end is used where there are many entries; an archive has at most 4 GiB.
public struct ZipWriter<Sink: ByteSink & ~Copyable>: ~Copyable {
    private var sink: Sink
    private let file: String
    private let alignment: Int
    private var directory: [UInt8] = []
    private var count = 0
    private var offset = 0

    /// Begins an archive.
    ///
    /// - Parameters:
    ///   - sink: Where the archive goes; nothing may have been written to it.
    ///   - file: Its name in messages.
    ///   - alignment: The content of each entry begins at a multiple of so many bytes, at most 64, so
    ///     that it can be mapped; 1 for no gaps.
    public init(to sink: consuming Sink, file: String, alignment: Int = 1) {
        precondition((1...64).contains(alignment), "an alignment of \(alignment) bytes")
        self.sink = sink
        self.file = file
        self.alignment = alignment
    }

    /// Appends an entry.
    ///
    /// - Throws: ``ZipError`` if it cannot be written, or the archive would exceed 4 GiB.
    public mutating func append(_ name: String, _ bytes: [UInt8]) throws(ZipError) {
        let path = Array(name.utf8)
        let extra = padding(from: offset + 30 + path.count)
        let common = entry(path.count, checksum(of: bytes), bytes.count)
        let header = little(0x0403_4B50, 4) + common + little(extra.count, 2) + path + extra
        let end = offset + header.count + bytes.count
        try check(end, what: "the size of the archive", of: name)
        try write(header)
        try write(bytes)
        // Made on no particular system, by version 0 for aligned archives, as PyTorch has it.
        directory += little(0x0201_4B50, 4) + little(alignment > 1 ? 0 : 20, 2) + common
        directory += [UInt8](repeating: 0, count: 12) + little(offset, 4) + path
        offset = end
        count += 1
    }

    /// Writes the directory, and gives back the sink, which the caller completes.
    public consuming func finish() throws(ZipError) -> Sink {
        try check(offset + directory.count, what: "the size of the archive", of: file)
        try write(directory)
        if count > 0xFFFE {
            let end = offset + directory.count
            try write(
                little(0x0606_4B50, 4) + little(44, 8) + little(45, 2) + little(45, 2)
                    + little(0, 8) + little(count, 8) + little(count, 8)
                    + little(directory.count, 8) + little(offset, 8)
            )
            try write(little(0x0706_4B50, 4) + little(0, 4) + little(end, 8) + little(1, 4))
        }
        let shown = count > 0xFFFE ? 0xFFFF : count
        try write(
            little(0x0605_4B50, 4) + little(0, 4) + little(shown, 2) + little(shown, 2)
                + little(directory.count, 4) + little(offset, 4) + little(0, 2)
        )
        return sink
    }

    /// A private field, as PyTorch's own, that takes the place up to the next multiple.
    private func padding(from position: Int) -> [UInt8] {
        guard alignment > 1 else { return [] }
        let start = position + 4
        let count = (alignment - start % alignment) % alignment
        return little(0x4246, 2) + little(count, 2)
            + [UInt8](repeating: UInt8(ascii: "Z"), count: count)
    }

    /// What both headers of an entry have in common: version, UTF-8 names, no compression, a fixed
    /// date, checksum, sizes, length of the name.
    private func entry(_ nameLength: Int, _ checksum: UInt32, _ size: Int) -> [UInt8] {
        little(20, 2) + little(0x0800, 2) + little(0, 2) + little(0, 2) + little(0x21, 2)
            + little(Int(checksum), 4) + little(size, 4) + little(size, 4) + little(nameLength, 2)
    }

    /// Offsets have 32 bits.
    private func check(_ size: Int, what: String, of file: String) throws(ZipError) {
        let limit = Int(UInt32.max)
        guard size <= limit else {
            throw .limitExceeded(file: file, what: what, limit: limit, found: size)
        }
    }

    private mutating func write(_ bytes: [UInt8]) throws(ZipError) {
        do throws(FileError) {
            try sink.append(bytes)
        } catch {
            throw .file(error)
        }
    }
}

extension ZipWriter where Sink == FileReplacement {
    /// Begins an archive that replaces a file when it is complete.
    ///
    /// - Throws: ``ZipError`` if the file cannot be made.
    public init(replacing path: String, alignment: Int = 1) throws(ZipError) {
        do throws(FileError) {
            let file = try FileReplacement(of: path)
            self.init(to: file, file: path, alignment: alignment)
        } catch {
            throw .file(error)
        }
    }

    /// Writes the directory and gives the file its name.
    ///
    /// - Throws: ``ZipError``; then nothing is left behind, and an older file is untouched.
    public consuming func commit() throws(ZipError) {
        let file = try finish()
        do throws(FileError) {
            try file.commit()
        } catch {
            throw .file(error)
        }
    }
}

/// The low bytes of a number, lowest first.
private func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

/// The checksum of zip (ISO 3309).
private func checksum(of bytes: [UInt8]) -> UInt32 {
    // Safe because zlib reads as many bytes as the array has, and keeps no pointer.
    UInt32(
        truncatingIfNeeded: bytes.withUnsafeBufferPointer {
            crc32_z(0, $0.baseAddress, $0.count)
        }
    )
}
