import Files
import Foundation
import Testing

@Suite("Zip archives")
struct ZipTests {
    /// An archive of stored entries.
    private func archive(
        _ entries: [(String, [UInt8])],
        alignment: Int = 1
    ) throws -> [UInt8] {
        var writer = ZipWriter(to: MemorySink(), file: "test", alignment: alignment)
        for (name, bytes) in entries { try writer.append(name, bytes) }
        return try writer.finish().bytes
    }

    private func read(_ bytes: [UInt8]) throws(ZipError) -> ZipArchive {
        try ZipArchive(ByteStorage(copying: bytes, name: "test"))
    }

    private let entries: [(String, [UInt8])] = [
        ("b.txt", Array("some text".utf8)), ("folder/ä", []), ("a", [0, 1, 2, 255]),
    ]

    @Test("What is written is read back in its order", arguments: [1, 4, 64])
    func roundTrip(alignment: Int) throws {
        let archive = try read(archive(entries, alignment: alignment))
        #expect(archive.entries.map(\.name) == entries.map(\.0))
        var budget = 1000
        for (name, bytes) in entries {
            let entry = try #require(archive[name])
            #expect(try archive.bytes(of: entry, budget: &budget) == bytes)
            let content = try archive.content(of: entry, budget: &budget)
            #expect(content.range.lowerBound.isMultiple(of: alignment))
        }
        #expect(budget == 1000 - 13)
    }

    @Test("A file and memory get the same bytes")
    func sinks() throws {
        let place = try TemporaryFolder()
        var writer = try ZipWriter(replacing: place.path("a.zip"))
        for (name, bytes) in entries { try writer.append(name, bytes) }
        try writer.commit()
        #expect(try place.read("a.zip") == archive(entries))
        let mapped = try ZipArchive(ByteStorage(mapping: place.path("a.zip")))
        #expect(mapped.entries.count == 3)
        #expect(try place.names() == ["a.zip"])
    }

    @Test("More entries than 16 bits count are listed")
    func manyEntries() throws {
        let names = (0..<70_000).map { "\($0)" }
        let archive = try read(archive(names.map { ($0, []) }))
        #expect(archive.entries.map(\.name) == names)
    }

    @Test("No archive that is cut off anywhere is read, nor one with bytes in front of nothing")
    func truncation() throws {
        let whole = try archive(entries)
        for count in 0..<whole.count {
            #expect(throws: ZipError.self, "\(count)") { try read(Array(whole[..<count])) }
        }
    }

    @Test("Damaged bytes end in an error or in the content of another entry, never in a crash")
    func damage() throws {
        let whole = try archive(entries)
        for position in whole.indices {
            for value: UInt8 in [0, 0x7F, 0xFF] where whole[position] != value {
                var bytes = whole
                bytes[position] = value
                guard let archive = try? read(bytes) else { continue }
                for entry in archive.entries {
                    var budget = 1 << 16
                    let content = try? archive.bytes(of: entry, budget: &budget)
                    #expect((content?.count ?? 0) <= whole.count)
                }
            }
        }
    }

    @Test("A name that occurs twice is refused, or both entries are listed")
    func repeatedNames() throws {
        let bytes = try archive([("a", [1]), ("a", [2])])
        let error = #expect(throws: ZipError.self) { try read(bytes) }
        #expect(error?.problem.contains("'a' twice") == true)
        let storage = ByteStorage(copying: bytes, name: "test")
        let archive = try ZipArchive(storage, repeatedNames: .kept)
        var budget = 10
        let contents = try archive.entries.map { try archive.bytes(of: $0, budget: &budget) }
        #expect(contents == [[1], [2]])
    }

    @Test("A deflated entry is inflated within the budget, and its checksum counts")
    func deflated() throws {
        let place = try TemporaryFolder()
        let path = try place.write(Self.deflatedBytes, to: "a.zip")
        let archive = try ZipArchive(ByteStorage(mapping: path))
        let entry = try #require(archive["zeros"])
        #expect(entry.size == 1000)
        var budget = 1000
        #expect(try archive.bytes(of: entry, budget: &budget) == [UInt8](repeating: 0, count: 1000))
        #expect(budget == 0)
        budget = 999
        #expect(throws: ZipError.self) { try archive.bytes(of: entry, budget: &budget) }
        #expect(budget == 999)

        var bytes = Self.deflatedBytes
        // The checksum in the directory, which begins behind the entry.
        bytes[Self.directoryStart + 16] ^= 1
        let damaged = try read(bytes)
        budget = 1000
        let error = #expect(throws: ZipError.self) {
            try damaged.bytes(of: damaged.entries[0], budget: &budget)
        }
        #expect(error?.problem.contains("checksum") == true)
    }

    @Test("A size that deflate cannot reach is refused before memory is taken")
    func bomb() throws {
        var bytes = Self.deflatedBytes
        // 2 GiB of a few bytes.
        bytes.replaceSubrange(
            Self.directoryStart + 24..<Self.directoryStart + 28,
            with: [0, 0, 0, 0x80]
        )
        let archive = try read(bytes)
        var budget = Int.max
        let error = #expect(throws: ZipError.self) {
            try archive.content(of: archive.entries[0], budget: &budget)
        }
        #expect(error?.problem.contains("cannot unpack") == true)
    }

    @Test("Encrypted entries and other methods are named")
    func unsupported() throws {
        var bytes = Self.deflatedBytes
        bytes[Self.directoryStart + 8] |= 1
        var budget = 1000
        let encrypted = try read(bytes)
        #expect(throws: ZipError.encrypted(file: "test", entry: "zeros")) {
            try encrypted.content(of: encrypted.entries[0], budget: &budget)
        }
        bytes = Self.deflatedBytes
        bytes[Self.directoryStart + 10] = 12
        let bzip = try read(bytes)
        #expect(throws: ZipError.unknownMethod(file: "test", entry: "zeros", method: 12)) {
            try bzip.content(of: bzip.entries[0], budget: &budget)
        }
    }

    /// 1000 zeros under the name `zeros`, deflated by Python's `zipfile`.
    private static let deflatedBytes: [UInt8] = [
        0x50, 0x4b, 0x03, 0x04, 0x14, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x21, 0x00,
        0x80, 0x17, 0x0b, 0x06, 0x0b, 0x00, 0x00, 0x00, 0xe8, 0x03, 0x00, 0x00, 0x05, 0x00,
        0x00, 0x00, 0x7a, 0x65, 0x72, 0x6f, 0x73, 0x63, 0x60, 0x18, 0x05, 0xa3, 0x60, 0x14,
        0x0c, 0x77, 0x00, 0x00, 0x50, 0x4b, 0x01, 0x02, 0x14, 0x03, 0x14, 0x00, 0x00, 0x00,
        0x08, 0x00, 0x00, 0x00, 0x21, 0x00, 0x80, 0x17, 0x0b, 0x06, 0x0b, 0x00, 0x00, 0x00,
        0xe8, 0x03, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x80, 0x01, 0x00, 0x00, 0x00, 0x00, 0x7a, 0x65, 0x72, 0x6f, 0x73, 0x50,
        0x4b, 0x05, 0x06, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x33, 0x00, 0x00,
        0x00, 0x2e, 0x00, 0x00, 0x00, 0x00, 0x00,
    ]

    /// Where the directory of ``deflatedBytes`` begins.
    private static let directoryStart = 46
}
