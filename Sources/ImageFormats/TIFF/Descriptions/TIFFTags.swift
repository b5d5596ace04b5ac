/// The tags of one page as they lie in the file, for those that libtiff does not know.
struct TIFFTags {
    /// Where the values of a tag are.
    struct Entry {
        let type: UInt16
        let count: Int
        /// Offset of the first value in the file.
        let offset: UInt64
    }

    private let entries: [UInt16: Entry]
    private let directory: UInt64

    /// Offset of the next directory; 0 behind the last.
    let next: UInt64
    private let isBigEndian: Bool

    /// More values of one tag are not read: what is wanted here is short.
    private static let mostValues = 1 << 20

    /// Reads the entries of the directory at `offset`.
    init(
        _ raw: borrowing RawFile,
        at offset: UInt64,
        isBig: Bool,
        isBigEndian: Bool
    ) throws(ImageFormatError) {
        self.isBigEndian = isBigEndian
        directory = offset
        let countBytes = isBig ? 8 : 2
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { Self.number(bytes, isBigEndian) }
        // A directory has a few dozen entries.
        let count = min(number(try raw.bytes(at: offset, count: countBytes)[...]), 4096)
        let size = isBig ? 20 : 12
        let length = Int(count) * size
        let linkBytes = isBig ? 8 : 4
        let table = try raw.bytes(at: offset + UInt64(countBytes), count: length + linkBytes)
        next = number(table[length...])
        var found: [UInt16: Entry] = [:]
        for index in 0..<Int(count) {
            let entry = table[index * size..<(index + 1) * size]
            let start = entry.startIndex
            let type = UInt16(number(entry[start + 2..<start + 4]))
            let values = number(entry[start + 4..<start + size - (isBig ? 8 : 4)])
            guard let bytes = Self.width(of: type), values <= Self.mostValues else { continue }
            let place = start + size - (isBig ? 8 : 4)
            let isInline = Int(values) * bytes <= (isBig ? 8 : 4)
            found[UInt16(number(entry[start..<start + 2]))] = Entry(
                type: type,
                count: Int(values),
                offset: isInline
                    ? offset + UInt64(countBytes + place) : number(entry[place..<start + size])
            )
        }
        entries = found
    }

    /// Where the directory or the values of a tag begin behind the pixels at `offset`; nil if all are
    /// before them.
    func firstByte(behind offset: UInt64) -> UInt64? {
        (entries.values.map(\.offset) + [directory]).filter { $0 > offset }.min()
    }

    /// A tag; nil if the page does not have it.
    subscript(tag: UInt16) -> Entry? { entries[tag] }

    /// An unsigned number in the byte order of the file.
    func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { Self.number(bytes, isBigEndian) }

    private static func number(_ bytes: ArraySlice<UInt8>, _ isBigEndian: Bool) -> UInt64 {
        (isBigEndian ? bytes : ArraySlice(bytes.reversed())).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Unsigned numbers of four bytes.
    func longs(
        _ raw: borrowing RawFile,
        at offset: UInt64,
        count: Int
    ) throws(ImageFormatError) -> [UInt32] {
        let bytes = try raw.bytes(at: offset, count: 4 * count)
        return (0..<count).map { UInt32(truncatingIfNeeded: number(bytes[4 * $0..<4 * $0 + 4])) }
    }

    /// A number of eight bytes with a fraction.
    func double(_ bytes: ArraySlice<UInt8>) -> Double { Double(bitPattern: number(bytes)) }

    /// Bytes of one value of a type; nil for unknown types.
    private static func width(of type: UInt16) -> Int? {
        switch type {
        case 1, 2, 6, 7: 1
        case 3, 8: 2
        case 4, 9, 11, 13: 4
        case 5, 10, 12, 16, 17, 18: 8
        default: nil
        }
    }
}

extension RawFile {
    /// A few bytes.
    func bytes(at offset: UInt64, count: Int) throws(ImageFormatError) -> [UInt8] {
        // Safe because the temporary bytes live as long as this call, and are all written.
        let buffer = TemporaryBytes(count)
        try read(at: offset, 0, into: buffer.bytes)
        return Array(buffer.bytes)
    }
}
