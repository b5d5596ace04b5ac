import Files
import Foundation
import Testing

@Suite("Replacement of files")
struct ReplacementTests {
    @Test(
        "The old file is there until the new one is complete",
        arguments: [Durability.atomic, .durable]
    )
    func replacement(durability: Durability) throws {
        let place = try TemporaryFolder()
        try place.write(Array("old".utf8), to: "a.txt")
        var file = try FileReplacement(of: place.path("a.txt"), durability)
        try file.append("new")
        try file.append([UInt8](" text".utf8))
        #expect(try place.read("a.txt") == Array("old".utf8))
        try file.commit()
        #expect(try place.read("a.txt") == Array("new text".utf8))
        #expect(try place.names() == ["a.txt"])
    }

    @Test("Large pieces and small ones come in their order")
    func order() throws {
        let place = try TemporaryFolder()
        var expected: [UInt8] = []
        var file = try FileReplacement(of: place.path("a.bin"), .atomic)
        for (index, count) in [3, 300_000, 1, 262_143, 262_144, 7, 0, 600_001].enumerated() {
            let piece = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ index) }
            expected += piece
            try file.append(piece)
        }
        try file.commit()
        #expect(try place.read("a.bin") == expected)
    }

    @Test("What is not committed leaves neither a file nor a fragment")
    func abandonment() throws {
        let place = try TemporaryFolder()
        try place.write([1], to: "a.bin")
        func abandon() throws {
            var file = try FileReplacement(of: place.path("a.bin"))
            try file.append([UInt8](repeating: 2, count: 1 << 20))
            #expect(try place.names().count == 2)
        }
        try abandon()
        #expect(try place.names() == ["a.bin"])
        #expect(try place.read("a.bin") == [1])
    }

    @Test("The file in the making has a hidden name that is known as a fragment")
    func fragments() throws {
        let place = try TemporaryFolder()
        let file = try FileReplacement(of: place.path("a.bin"))
        let name = try #require(place.names().first)
        #expect(name.hasPrefix(".a.bin.") && name.hasSuffix(".part"))
        #expect(FileReplacement.isFragment(name))
        for name in ["a.bin", "a.part", ".zarray"] { #expect(!FileReplacement.isFragment(name)) }
        try file.commit()
    }

    @Test("A fragment of a program that was killed hinders nobody")
    func leftovers() throws {
        let place = try TemporaryFolder()
        try place.write([9], to: ".a.bin.1x2y3z.part")
        try FileReplacement.write([1, 2], to: place.path("a.bin"))
        #expect(try place.read("a.bin") == [1, 2])
        #expect(try place.names() == [".a.bin.1x2y3z.part", "a.bin"])
    }

    @Test("A library may write to the temporary name itself")
    func foreignWriter() throws {
        let place = try TemporaryFolder()
        let file = try FileReplacement(of: place.path("a.bin"))
        let handle = try FileHandle(forWritingTo: URL(filePath: file.temporaryPath))
        try handle.write(contentsOf: Data([4, 5, 6]))
        try handle.close()
        try file.commit()
        #expect(try place.read("a.bin") == [4, 5, 6])
    }

    @Test(
        "A folder of the name, and a folder that is missing, are errors that leave nothing behind"
    )
    func failures() throws {
        let place = try TemporaryFolder()
        try FileManager.default.createDirectory(
            at: place.url.appending(path: "a"),
            withIntermediateDirectories: false
        )
        let folder = #expect(throws: FileError.self) {
            try FileReplacement.write([1], to: place.path("a"))
        }
        #expect(folder?.kind == .isFolder && folder?.path == place.path("a"))
        let missing = #expect(throws: FileError.self) {
            try FileReplacement.write([1], to: place.path("b/c"))
        }
        #expect(missing?.kind == .cannotWrite)
        #expect(missing?.description.contains("no such file or directory; check free") == true)
        #expect(try place.names() == ["a"])
    }

    @Test("A full disk is an error that keeps the old file", .enabled(if: Self.hasFullDevice))
    func fullDisk() throws {
        let descriptor = open("/dev/full", O_WRONLY)
        defer { close(descriptor) }
        let error = #expect(throws: FileError.self) {
            try [UInt8](repeating: 0, count: 100).withUnsafeBytes {
                try OpenFile.write($0, to: descriptor, path: "a.bin")
            }
        }
        #expect(error?.path == "a.bin")
        #expect(error?.problem.contains("no space left") == true)
    }

    @Test("Bytes are appended from a position on, in place of what was there")
    func appending() throws {
        let place = try TemporaryFolder()
        try FileReplacement.write("one\ntw", to: place.path("a"))
        let descriptor = open(place.path("a"), O_RDWR)
        defer { close(descriptor) }
        try OpenFile.append([UInt8]("two\n".utf8), at: 4, to: descriptor, path: "a")
        #expect(try place.read("a") == [UInt8]("one\ntwo\n".utf8))
        try OpenFile.append([UInt8]("3".utf8), at: 8, to: descriptor, path: "a")
        #expect(try place.read("a") == [UInt8]("one\ntwo\n3".utf8))
    }

    @Test("A folder takes its name like a file, and a name that is refused is an error")
    func naming() throws {
        let place = try TemporaryFolder()
        try FileManager.default.createDirectory(
            at: place.url.appending(path: ".a.part"),
            withIntermediateDirectories: false
        )
        try OpenFile.rename(place.path(".a.part"), to: place.path("a"), .durable)
        #expect(try place.names() == ["a"])
        let error = #expect(throws: FileError.self) {
            try OpenFile.rename(place.path("none"), to: place.path("b"), .atomic)
        }
        #expect(error?.kind == .cannotWrite && error?.path == place.path("b"))
    }

    private static let hasFullDevice = FileManager.default.fileExists(atPath: "/dev/full")

    @Test("A sink in memory collects the same bytes")
    func memory() throws {
        func fill<Sink: ByteSink & ~Copyable>(_ sink: inout Sink) throws(FileError) {
            try sink.append("one, ")
            try sink.append([UInt8]("two".utf8))
        }
        let place = try TemporaryFolder()
        var memory = MemorySink()
        try fill(&memory)
        var file = try FileReplacement(of: place.path("a"))
        try fill(&file)
        try file.commit()
        #expect(try memory.bytes == place.read("a"))
        #expect(memory.bytes == Array("one, two".utf8))
    }

    @Test("A folder is locked by one value at a time, and free again when that ends")
    func lock() throws {
        let place = try TemporaryFolder()
        func work() throws {
            let lock = try FileLock(folder: place.url.path)
            let error = #expect(throws: FileError.self) { try FileLock(folder: place.url.path) }
            #expect(error?.kind == .isLocked)
            withExtendedLifetime(lock) {}
        }
        try work()
        _ = try FileLock(folder: place.url.path)
        #expect(throws: FileError.self) { try FileLock(folder: place.path("missing")) }
    }

    @Test("Links to a file have its identity")
    func status() throws {
        let place = try TemporaryFolder()
        let path = try place.write([1, 2, 3], to: "a")
        try FileManager.default.linkItem(atPath: path, toPath: place.path("b"))
        let status = try #require(FileStatus(of: path))
        #expect(status.byteCount == 3 && !status.isFolder)
        #expect(FileStatus(of: place.path("b"))?.identity == status.identity)
        #expect(FileStatus(of: place.path("c")) == nil)
    }
}
