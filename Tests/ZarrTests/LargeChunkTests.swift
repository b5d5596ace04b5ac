import Files
import Foundation
import Testing
import Zarr

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("Chunks that are large")
struct LargeChunkTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(
        "A part of a large chunk is read without the whole of it",
        arguments: [
            ZarrCompression.none, .gzip(level: 1), .zstd(level: 1), .bz2(level: 1),
            .blosc(.init(compressor: "lz4", level: 1)),
        ]
    )
    func parts(compression: ZarrCompression) throws {
        let group = try ZarrGroup.create(at: folder.url.appending(path: "a"), format: .v2)
        let shape = [33, 1024, 1024]
        let array = try group.createArray(
            "a",
            shape: shape,
            dataType: .uint16,
            options: .init(compression: compression)
        )
        // All zeros but for some rows, so that compressing takes no time.
        var bytes = [UInt8](repeating: 0, count: 33 << 21)
        for (z, y) in [(0, 0), (15, 900), (32, 1023)] {
            let start = (z * 1024 + y) * 2048
            for x in 0..<2048 { bytes[start + x] = UInt8(truncatingIfNeeded: x * 7 + z + y) }
        }
        try array.write(bytes)
        for region in [
            ZarrRegion(start: [0, 0, 0], shape: [1, 1, 1]),
            ZarrRegion(start: [15, 899, 1000], shape: [2, 3, 24]),
            ZarrRegion(start: [31, 1020, 1], shape: [2, 4, 1023]),
            ZarrRegion(start: [0, 0, 5], shape: [33, 1024, 1]),
        ] {
            let part = try array.read(region)
            let isSame = (0..<region.count).allSatisfy { index in
                let x = index % region.shape[2] + region.start[2]
                let y = index / region.shape[2] % region.shape[1] + region.start[1]
                let z = index / (region.shape[2] * region.shape[1]) + region.start[0]
                let place = ((z * 1024 + y) * 1024 + x) * 2
                return part[2 * index] == bytes[place] && part[2 * index + 1] == bytes[place + 1]
            }
            #expect(isSame, "\(region)")
        }
        #expect(try array.read() == bytes)
        // A stream that is cut, or shorter than the chunk.
        let file = array.url.appending(path: "0.0.0")
        let size = try Data(contentsOf: file).count
        truncate(file.path, off_t(size / 2))
        #expect(throws: ZarrError.self) {
            try array.read(ZarrRegion(start: [32, 1020, 0], shape: [1, 4, 1024]))
        }
    }

    /// Writes the metadata of one chunk of 3 GB, and a file without content on the disk.
    private func hugeChunk(_ entries: String, fileBytes: Int) throws -> ZarrArray {
        let url = folder.url.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        let json = """
            {"zarr_format": 2, "shape": [3000, 1000, 1000], "chunks": [3000, 1000, 1000], "dtype": "|u1",
             "fill_value": 0, \(entries)}
            """
        try Data(json.utf8).write(to: url.appending(path: ".zarray"))
        let file = url.appending(path: "0.0.0").path
        try Data().write(to: URL(filePath: file))
        #expect(truncate(file, off_t(fileBytes)) == 0)
        return try ZarrArray(opening: url)
    }

    @Test("Of a chunk of 3 GB only what is asked for is read")
    func uncompressed() throws {
        let array = try hugeChunk(
            #""order": "C", "compressor": null, "filters": null"#,
            fileBytes: 3_000_000_000
        )
        let part = try array.read(ZarrRegion(start: [2999, 999, 990], shape: [1, 1, 10]))
        #expect(part == [UInt8](repeating: 0, count: 10))
    }

    @Test(
        "A chunk of 3 GB that can only be decoded as a whole is refused with the reason",
        arguments: [
            #""order": "F", "compressor": null, "filters": null"#,
            #""order": "C", "compressor": {"id": "lz4"}, "filters": null"#,
            #""order": "C", "compressor": null, "filters": [{"id": "delta", "dtype": "|u1"}]"#,
        ]
    )
    func refused(entries: String) throws {
        let array = try hugeChunk(entries, fileBytes: 3_000_000_000)
        let error = #expect(throws: ZarrError.self) {
            try array.read(ZarrRegion(start: [0, 0, 0], shape: [1, 1, 1]))
        }
        #expect(error?.kind == .unsupported)
        #expect(error?.problem.contains("as a whole") == true)
    }
}
