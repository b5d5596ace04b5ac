internal import CZlib

/// The zip archive of a PyTorch file: entries stored as they are, in the folder `archive`.
struct TorchArchiveOutput {
    private var directory: [UInt8] = []
    private var count = 0
    private var offset = 0

    /// Where PyTorch lets storages begin.
    private static let alignment = 64

    /// Offsets have 32 bits; ViT-H takes 2.6 GB.
    private static let limit = Int(UInt32.max)

    /// Appends an entry; its content begins at a multiple of 64 bytes.
    mutating func append(
        _ name: String,
        _ bytes: [UInt8],
        to file: borrowing AtomicFile
    ) throws(CheckpointError) {
        let path = Array("archive/\(name)".utf8)
        // A private field, as PyTorch's own, takes the place up to the next multiple.
        let start = offset + 30 + path.count + 4
        let padding = (Self.alignment - start % Self.alignment) % Self.alignment
        let extra =
            Self.little(0x4246, 2) + Self.little(padding, 2)
            + [UInt8](repeating: UInt8(ascii: "Z"), count: padding)
        let checksum = Self.checksum(bytes)
        let header =
            Self.little(0x0403_4B50, 4) + Self.common(checksum, bytes.count, path.count)
            + Self.little(extra.count, 2) + path + extra
        guard offset + header.count + bytes.count <= Self.limit else {
            throw .limitExceeded(
                file: "archive/\(name)",
                what: "the size of the archive",
                limit: Self.limit,
                found: offset + header.count + bytes.count
            )
        }
        try file.append(header)
        try file.append(bytes)
        directory +=
            Self.little(0x0201_4B50, 4) + Self.little(0, 2)
            + Self.common(checksum, bytes.count, path.count) + Self.little(0, 2)
            + [UInt8](repeating: 0, count: 10) + Self.little(offset, 4) + path
        offset += header.count + bytes.count
        count += 1
    }

    /// Writes the directory.
    func finish(_ file: borrowing AtomicFile, name: String) throws(CheckpointError) {
        guard count < 0xFFFF, offset + directory.count <= Self.limit else {
            throw .limitExceeded(
                file: name,
                what: "the number of tensors",
                limit: 0xFFFE,
                found: count
            )
        }
        try file.append(directory)
        try file.append(
            Self.little(0x0605_4B50, 4) + Self.little(0, 4) + Self.little(count, 2)
                + Self.little(count, 2) + Self.little(directory.count, 4) + Self.little(offset, 4)
                + Self.little(0, 2)
        )
    }

    /// What both headers of an entry share: version, no compression, 1980-01-01, checksum, sizes, name.
    private static func common(_ checksum: UInt32, _ size: Int, _ nameLength: Int) -> [UInt8] {
        little(20, 2) + little(0x0800, 2) + little(0, 2) + little(0, 2) + little(0x21, 2)
            + little(Int(checksum), 4) + little(size, 4) + little(size, 4) + little(nameLength, 2)
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var value = crc32(0, nil, 0)
        var position = 0
        bytes.withUnsafeBufferPointer { buffer in
            while position < buffer.count {
                let part = UnsafeBufferPointer(
                    rebasing: buffer[position..<min(position + 1 << 30, buffer.count)]
                )
                value = crc32(value, part.baseAddress, UInt32(part.count))
                position += part.count
            }
        }
        return UInt32(truncatingIfNeeded: value)
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
