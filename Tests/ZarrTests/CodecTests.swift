import Files
import Foundation
import Testing
import Zarr

/// Arrays as numcodecs stores them, and zip archives of containers.
@Suite("Codecs of others")
struct CodecTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// An array of one chunk, whose metadata and bytes are given.
    private func array(
        _ shape: [Int],
        _ type: String,
        compressor: JSONValue = nil,
        filters: JSONValue = nil,
        order: String = "C",
        chunk: [UInt8]
    ) throws -> ZarrArray {
        let url = folder.url.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        let sides = JSONValue.array(shape.map { .integer($0) })
        let json: JSONValue = [
            "zarr_format": 2, "shape": sides, "chunks": sides, "dtype": .string(type),
            "compressor": compressor, "filters": filters, "order": .string(order), "fill_value": 0,
        ]
        try Data(json.text.utf8).write(to: url.appending(path: ".zarray"))
        let name = shape.map { _ in "0" }.joined(separator: ".")
        try Data(chunk).write(to: url.appending(path: name))
        return try ZarrArray(opening: url)
    }

    /// The same as an array of Zarr v3.
    private func newArray(
        _ shape: [Int],
        _ type: String,
        codecs: JSONValue,
        chunk: [UInt8]
    ) throws -> ZarrArray {
        let url = folder.url.appending(path: UUID().uuidString)
        let sides = JSONValue.array(shape.map { .integer($0) })
        let json: JSONValue = [
            "zarr_format": 3, "node_type": "array", "shape": sides, "data_type": .string(type),
            "chunk_grid": ["name": "regular", "configuration": ["chunk_shape": sides]],
            "chunk_key_encoding": ["name": "default", "configuration": ["separator": "/"]],
            "fill_value": 0, "codecs": codecs,
        ]
        let file = url.appending(path: "c/" + shape.map { _ in "0" }.joined(separator: "/"))
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(json.text.utf8).write(to: url.appending(path: "zarr.json"))
        try Data(chunk).write(to: file)
        return try ZarrArray(opening: url)
    }

    // Made with numcodecs' rules by hand: size, then literals, matches that overlap, a long length.
    private static let blocks: [([UInt8], [UInt8])] = [
        ([5, 0, 0, 0, 0x50, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5]),
        (
            [14, 0, 0, 0, 0x24, 7, 8, 2, 0, 0x40, 1, 2, 3, 4],
            [7, 8, 7, 8, 7, 8, 7, 8, 7, 8, 1, 2, 3, 4]
        ),
        (
            [26, 0, 0, 0, 0x1F, 9, 1, 0, 1, 0x50, 1, 2, 3, 4, 5],
            [UInt8](repeating: 9, count: 21) + [1, 2, 3, 4, 5]
        ),
        (
            [17, 0, 0, 0, 0xF0, 2] + (0..<17).map { UInt8($0) },
            (0..<17).map { UInt8($0) }
        ),
    ]

    @Test("Blocks of LZ4 are decoded, in both versions of Zarr", arguments: blocks)
    func lz4(stream: [UInt8], content: [UInt8]) throws {
        let old = try array([content.count], "|u1", compressor: ["id": "lz4"], chunk: stream)
        #expect(try old.read() == content)
        #expect(old.metadata.compression == .lz4)
        let codecs: JSONValue = [
            ["name": "bytes"], ["name": "numcodecs.lz4", "configuration": [:]],
        ]
        let new = try newArray([content.count], "uint8", codecs: codecs, chunk: stream)
        #expect(try new.read() == content)
    }

    @Test("Damaged blocks of LZ4 are errors")
    func damagedLZ4() throws {
        for (stream, content) in Self.blocks {
            for length in stride(from: 0, to: stream.count, by: 3) {
                let cut = Array(stream[..<length])
                let array = try array([content.count], "|u1", compressor: ["id": "lz4"], chunk: cut)
                #expect(throws: ZarrError.self) { try array.read() }
            }
            var generator = SystemRandomNumberGenerator()
            for _ in 0..<40 {
                var damaged = stream
                damaged[Int.random(in: 0..<stream.count, using: &generator)] = .random(in: 0...255)
                let array = try array(
                    [content.count],
                    "|u1",
                    compressor: ["id": "lz4"],
                    chunk: damaged
                )
                _ = try? array.read()
            }
        }
    }

    @Test("bzip2 round-trips, and is read in both versions", arguments: [1, 100, 70_001])
    func bz2(count: Int) throws {
        let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }
        let url = folder.url.appending(path: "bz2")
        let group = try ZarrGroup.create(at: url, format: .v2)
        let written = try group.createArray(
            "a",
            shape: [count],
            dataType: .uint8,
            options: .init(compression: .bz2(level: 5))
        )
        try written.write(content)
        #expect(try group.array("a").read() == content)
        let stream = Array(try Data(contentsOf: url.appending(path: "a/0")))
        #expect(stream.starts(with: Array("BZh5".utf8)))
        let codecs: JSONValue = [
            ["name": "bytes"], ["name": "numcodecs.bz2", "configuration": ["level": 5]],
        ]
        #expect(try newArray([count], "uint8", codecs: codecs, chunk: stream).read() == content)
        let cut = try newArray([count], "uint8", codecs: codecs, chunk: Array(stream.dropLast(3)))
        #expect(throws: ZarrError.self) { try cut.read() }
    }

    @Test("Differences are added up, and wrap around as in NumPy")
    func delta() throws {
        let bytes: [UInt8] = [250, 10, 251, 0, 5]
        let filter: JSONValue = [["id": "delta", "dtype": "|u1", "astype": "|u1"]]
        #expect(
            try array([5], "|u1", filters: filter, chunk: bytes).read() == [250, 4, 255, 255, 4]
        )
        // Stored as signed bytes, big-endian numbers.
        let narrow: JSONValue = [["id": "delta", "dtype": ">i4", "astype": "|i1"]]
        let wide = try array([3], ">i4", filters: narrow, chunk: [100, 0xFE, 127]).read()
        #expect(wide.withUnsafeBytes { Array($0.bindMemory(to: Int32.self)) } == [100, 98, 225])
        let reals: JSONValue = [["id": "delta", "dtype": "<f4"]]
        let stored = [Float(1.5), -0.25, 2].withUnsafeBytes(Array.init)
        #expect(
            try array([3], "<f4", filters: reals, chunk: stored).readFloats() == [1.5, 1.25, 3.25]
        )
        let codecs: JSONValue = [
            ["name": "numcodecs.delta", "configuration": ["dtype": "<u2", "astype": "<u2"]],
            ["name": "bytes", "configuration": ["endian": "big"]],
        ]
        let new = try newArray([3], "uint16", codecs: codecs, chunk: [1, 0, 0, 2, 0xFF, 0xFF])
            .read()
        #expect(new.withUnsafeBytes { Array($0.bindMemory(to: UInt16.self)) } == [256, 258, 257])
    }

    @Test("Scaled numbers come back as numcodecs computes them")
    func fixedScaleOffset() throws {
        let filter: JSONValue = [
            [
                "id": "fixedscaleoffset", "offset": 1000, "scale": 10, "dtype": "<f8",
                "astype": "|u1",
            ]
        ]
        let reals = try array([4], "<f8", filters: filter, chunk: [0, 1, 33, 255]).readFloats()
        #expect(reals == [1000, 1000.1, 1003.3, 1025.5])
        let whole: JSONValue = [
            ["id": "fixedscaleoffset", "offset": -2, "scale": 0.5, "dtype": "<i2", "astype": "|u1"]
        ]
        let bytes = try array([3], "<i2", filters: whole, chunk: [0, 1, 200]).read()
        #expect(bytes.withUnsafeBytes { Array($0.bindMemory(to: Int16.self)) } == [-2, 0, 398])
        let chain: JSONValue = [
            ["id": "fixedscaleoffset", "offset": 5, "scale": 1, "dtype": "<f4", "astype": "|i1"],
            ["id": "delta", "dtype": "|i1"],
        ]
        let both = try array([3], "<f4", filters: chain, chunk: [1, 1, 0xFC]).readFloats()
        #expect(both == [6, 7, 3])
    }

    @Test("Shuffled bytes are put in order, also behind a compressor")
    func shuffle() throws {
        let filter: JSONValue = [["id": "shuffle", "elementsize": 2]]
        let bytes = try array([3], "<u2", filters: filter, chunk: [1, 2, 3, 10, 20, 30]).read()
        #expect(bytes == [1, 10, 2, 20, 3, 30])
        let stream: [UInt8] = [6, 0, 0, 0, 0x60, 1, 2, 3, 10, 20, 30]
        let both = try array([3], "<u2", compressor: ["id": "lz4"], filters: filter, chunk: stream)
        #expect(try both.read() == bytes)
        let fortran = try array(
            [3, 1],
            "<u2",
            filters: filter,
            order: "F",
            chunk: [1, 2, 3, 10, 20, 30]
        )
        #expect(try fortran.read() == bytes)
    }

    @Test("Rounded numbers, and those of another type, come back in the type of the array")
    func converted() throws {
        let halves: JSONValue = [
            ["id": "quantize", "digits": 1, "dtype": "<f8", "astype": "<f2"]
        ]
        let bytes: [UInt8] = [0, 0x3C, 0, 0xB8, 0, 0x7C]
        #expect(
            try array([3], "<f8", filters: halves, chunk: bytes).readFloats() == [
                1, -0.5, .infinity,
            ]
        )
        let same: JSONValue = [["id": "quantize", "digits": 2, "dtype": "<f4"]]
        let stored = [Float(0.25), 1.5].withUnsafeBytes(Array.init)
        #expect(try array([2], "<f4", filters: same, chunk: stored).readFloats() == [0.25, 1.5])
        let cast: JSONValue = [["id": "astype", "encode_dtype": "|i1", "decode_dtype": ">i8"]]
        let wide = try array([2], ">i8", filters: cast, chunk: [0xFE, 127]).read()
        #expect(wide.withUnsafeBytes { Array($0.bindMemory(to: Int64.self)) } == [-2, 127])
    }

    // 11 values: 1 0 1 1 0 0 0 1, 0 1 1, and five bits that mean nothing.
    private static let bits: [UInt8] = [5, 0b1011_0001, 0b0110_0000]
    private static let truths: [UInt8] = [1, 0, 1, 1, 0, 0, 0, 1, 0, 1, 1]

    @Test("Packed bits are unpacked, also behind a compressor and in both versions")
    func packBits() throws {
        let filter: JSONValue = [["id": "packbits"]]
        #expect(try array([11], "|b1", filters: filter, chunk: Self.bits).read() == Self.truths)
        let stream: [UInt8] = [3, 0, 0, 0, 0x30] + Self.bits
        let both = try array([11], "|b1", compressor: ["id": "lz4"], filters: filter, chunk: stream)
        #expect(try both.read() == Self.truths)
        let codecs: JSONValue = [["name": "numcodecs.packbits"], ["name": "bytes"]]
        #expect(try newArray([11], "bool", codecs: codecs, chunk: Self.bits).read() == Self.truths)
        for damaged in [[], [5], [9, 1, 1], [5, 1], [5, 1, 1, 1]] as [[UInt8]] {
            let array = try array([11], "|b1", filters: filter, chunk: damaged)
            #expect(throws: ZarrError.self) { try array.read() }
        }
    }

    @Test(
        "Codecs that are not read are named, with the way out",
        arguments: [
            (["id": "lzma", "format": 1], nil, "lzma"), (nil, [["id": "packbits"]], "packbits"),
            (nil, [["id": "categorize", "labels": ["a"], "dtype": "|O"]], "categorize"),
            (nil, [["id": "delta", "dtype": "<M8"]], "delta"), (["id": "pcodec"], nil, "pcodec"),
            (
                nil, [["id": "fixedscaleoffset", "scale": 0, "offset": 1, "dtype": "<f4"]],
                "fixedscaleoffset"
            ),
        ] as [(JSONValue, JSONValue, String)]
    )
    func unknown(compressor: JSONValue, filters: JSONValue, name: String) throws {
        let error = #expect(throws: ZarrError.self) {
            try array([1], "<f4", compressor: compressor, filters: filters, chunk: [0, 0, 0, 0])
        }
        #expect(error?.kind == .unsupported)
        #expect(error?.problem.contains(name) == true)
        #expect(error?.advice.contains("zarr.save") == true)
    }

    @Test("Blocks of lz4-java and bzip2 are read in N5")
    func n5() throws {
        func header(_ method: UInt8, _ packed: Int, _ size: Int) -> [UInt8] {
            Array("LZ4Block".utf8) + [method]
                + [packed, size, 0].flatMap { number in
                    (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
                }
        }
        let content: [UInt8] = [7, 8, 7, 8, 7, 8, 7, 8, 7, 8, 1, 2, 3, 4]
        let packed: [UInt8] = [0x24, 7, 8, 2, 0, 0x40, 1, 2, 3, 4]
        let streams = [
            header(0x25, packed.count, 14) + packed + header(0x25, 0, 0),
            header(0x15, 14, 14) + content + header(0x15, 0, 0),
            header(0x15, 4, 4) + content[..<4] + header(0x15, 10, 10) + content[4...],
        ]
        for (index, stream) in streams.enumerated() {
            let url = folder.url.appending(path: "n5-\(index)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            let json = """
                {"dimensions": [14], "blockSize": [14], "dataType": "uint8", "compression": {"type": "lz4"}}
                """
            try Data(json.utf8).write(to: url.appending(path: "attributes.json"))
            try Data([0, 0, 0, 1, 0, 0, 0, 14] + stream).write(to: url.appending(path: "0"))
            let array = try N5Array(opening: url)
            var result = [UInt8](repeating: 0, count: 14)
            try result.withUnsafeMutableBytes {
                try array.read(ZarrRegion(start: [0], shape: [14]), into: $0)
            }
            #expect(result == content)
        }
    }
}
