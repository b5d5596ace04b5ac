import Foundation

/// The links from one page of a TIFF file to the next, without what the pages hold.
enum TIFFChain {
    /// The number of pages; 0 for what cannot be read as TIFF.
    ///
    /// - Parameter limit: Further pages are not counted, so that a chain that is closed ends, too.
    static func pageCount(of path: String, upTo limit: Int) -> Int {
        var found = 0
        // What cannot be read ends the chain.
        _ = try? count(path, upTo: limit, &found)
        return found
    }

    private static func count(
        _ path: String,
        upTo limit: Int,
        _ found: inout Int
    ) throws(ImageFormatError) {
        _ = try InputFile(url: URL(filePath: path))
        let raw = try RawFile(path: path)
        let head = try raw.bytes(at: 0, count: 8)
        let isBigEndian = head.starts(with: [0x4D, 0x4D])
        guard isBigEndian || head.starts(with: [0x49, 0x49]) else { return }
        func number(at offset: UInt64, bytes: Int) throws(ImageFormatError) -> UInt64 {
            let bytes = try raw.bytes(at: offset, count: bytes)
            return (isBigEndian ? bytes : bytes.reversed()).reduce(0) { $0 << 8 | UInt64($1) }
        }
        let version = try number(at: 2, bytes: 2)
        guard version == 42 || version == 43 else { return }
        // BigTIFF counts entries, and links, in 8 bytes.
        let (countBytes, entryBytes, linkBytes) = version == 43 ? (8, 20, 8) : (2, 12, 4)
        var next = try number(at: version == 43 ? 8 : 4, bytes: linkBytes)
        while next != 0, found < limit {
            let entries = try number(at: next, bytes: countBytes)
            guard entries <= 1 << 16 else { return }
            let link = next + UInt64(countBytes) + entries * UInt64(entryBytes)
            found += 1
            next = try number(at: link, bytes: linkBytes)
        }
    }
}
