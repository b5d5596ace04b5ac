import CImageCodecs
import Foundation

/// The entries of a zip archive, stored or deflated, of bounded size.
struct ZipReader {
    struct Entry {
        let name: String
        let bytes: [UInt8]
    }

    private let bytes: [UInt8]
    private let path: String

    /// One entry may have this many bytes; regions of interest are far smaller.
    private static let maximumEntryBytes = 64 << 20

    /// All entries together; several may claim the same bytes of the file.
    private static let maximumTotalBytes = 256 << 20

    init(_ bytes: [UInt8], path: String) {
        self.bytes = bytes
        self.path = path
    }

    /// All entries whose names end in `suffix`, in the order of the directory.
    func entries(endingIn suffix: String) throws(ImageFormatError) -> [Entry] {
        guard let end = endOfDirectory() else { throw damaged("there is no directory") }
        var position = number(end + 16, 4)
        var entries: [Entry] = []
        var total = 0
        while position + 46 <= bytes.count, number(position, 4) == 0x0201_4B50 {
            let nameLength = number(position + 28, 2)
            let next =
                position + 46 + nameLength + number(position + 30, 2)
                + number(position + 32, 2)
            guard position + 46 + nameLength <= bytes.count else { throw damaged("a name") }
            let name = String(
                decoding: bytes[position + 46..<position + 46 + nameLength],
                as: UTF8.self
            )
            if name.hasSuffix(suffix) {
                let entry = Entry(name: name, bytes: try content(of: position, name))
                total += entry.bytes.count
                guard total <= Self.maximumTotalBytes else {
                    throw damaged("its entries have more than \(Self.maximumTotalBytes) bytes")
                }
                entries.append(entry)
            }
            position = next
        }
        return entries
    }

    /// The end record is the last thing in the file, but for a comment.
    private func endOfDirectory() -> Int? {
        guard bytes.count >= 22 else { return nil }
        let lowest = max(0, bytes.count - 22 - 0xFFFF)
        return stride(from: bytes.count - 22, through: lowest, by: -1).first {
            number($0, 4) == 0x0605_4B50
        }
    }

    private func content(of entry: Int, _ name: String) throws(ImageFormatError) -> [UInt8] {
        let method = number(entry + 10, 2)
        let stored = number(entry + 20, 4)
        let size = number(entry + 24, 4)
        let local = number(entry + 42, 4)
        guard local + 30 <= bytes.count, number(local, 4) == 0x0403_4B50 else {
            throw damaged("the entry \(name)")
        }
        let start = local + 30 + number(local + 26, 2) + number(local + 28, 2)
        guard stored <= bytes.count, start <= bytes.count - stored,
            size <= ZipReader.maximumEntryBytes
        else { throw damaged("the entry \(name)") }
        let content = Array(bytes[start..<start + stored])
        if method == 0, stored == size { return content }
        guard method == 8, size <= stored * 1032 + 1024, let inflated = inflated(content, size)
        else { throw damaged("the entry \(name)") }
        return inflated
    }

    private func inflated(_ content: [UInt8], _ size: Int) -> [UInt8]? {
        var code: Int32 = -1
        let result = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
            code = mic_inflate_raw(content, content.count, buffer.baseAddress, size)
            initialized = code == 0 ? size : 0
        }
        return code == 0 ? result : nil
    }

    /// A little-endian number; what lies beyond the end counts as 0.
    private func number(_ position: Int, _ count: Int) -> Int {
        guard position + count <= bytes.count else { return 0 }
        return (0..<count).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
    }

    private func damaged(_ what: String) -> ImageFormatError {
        ImageFormatError(
            .damaged,
            path: path,
            "the archive can not be read: \(what)",
            advice: "save the regions again"
        )
    }
}
