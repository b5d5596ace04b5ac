package import Foundation

/// Writes a zip archive of entries that are stored as they are (with the 64-bit form of the end where
/// there are many).
package struct ZipWriter: ~Copyable {
    private var file: ByteOutput
    private var directory: [UInt8] = []
    private var count = 0
    private var offset = 0

    package init(replacing url: URL) throws(ImageFormatError) {
        file = try ByteOutput(replacing: url)
    }

    package mutating func append(_ name: String, _ bytes: [UInt8]) throws(ImageFormatError) {
        let checksum = CRC32.checksum(bytes)
        let common = entry(Array(name.utf8).count, checksum, bytes.count)
        let header = little(0x0403_4B50, 4) + common + Array(name.utf8)
        try file.append(header)
        try file.append(bytes)
        directory += little(0x0201_4B50, 4) + little(20, 2) + common
        directory += [UInt8](repeating: 0, count: 10) + little(offset, 4) + Array(name.utf8)
        offset += header.count + bytes.count
        count += 1
    }

    package consuming func finish() throws(ImageFormatError) {
        try file.append(directory)
        if count > 0xFFFE {
            let end = offset + directory.count
            try file.append(
                little(0x0606_4B50, 4) + little(44, 8) + little(45, 2) + little(45, 2)
                    + little(0, 8) + little(count, 8) + little(count, 8)
                    + little(directory.count, 8) + little(offset, 8)
            )
            try file.append(little(0x0706_4B50, 4) + little(0, 4) + little(end, 8) + little(1, 4))
        }
        let shown = count > 0xFFFE ? 0xFFFF : count
        try file.append(
            little(0x0605_4B50, 4) + little(0, 4) + little(shown, 2) + little(shown, 2)
                + little(directory.count, 4) + little(offset, 4) + little(0, 2)
        )
        try file.finish()
    }

    /// What both headers of an entry have in common: version, UTF-8 names, no compression, a fixed
    /// date (1980-01-01, so that the same objects give the same archive), checksum, sizes.
    private func entry(_ nameLength: Int, _ checksum: UInt32, _ size: Int) -> [UInt8] {
        little(20, 2) + little(0x0800, 2) + little(0, 2) + little(0, 2) + little(0x21, 2)
            + little(Int(checksum), 4) + little(size, 4) + little(size, 4) + little(nameLength, 2)
            + little(0, 2)
    }
}

/// The low bytes of a number, lowest first.
private func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

/// The checksum of zip and PNG (ISO 3309).
private enum CRC32 {
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var value: UInt32 = ~0
        for byte in bytes {
            value = table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] ^ value >> 8
        }
        return ~value
    }

    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in
            value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
        }
    }
}
