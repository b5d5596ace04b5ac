import Files
import Foundation
import Testing
import Zarr

/// A folder of its own for one test; removed when the value ends.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "zarr-\(UUID())")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(at: url) } catch { print("left behind: \(error)") }
    }
}

@Suite("ZarrArray")
struct ZarrArrayTests {
    static let compressions: [ZarrCompression] = [
        .none, .gzip(level: 5), .zlib(level: 1), .zstd(level: 3),
        .zstd(level: 0, hasChecksum: true),
        .blosc(.init()), .blosc(.init(compressor: "zstd", level: 3, shuffle: .bits)),
        .blosc(.init(compressor: "lz4", level: 5, shuffle: .none)),
    ]

    @Test(
        "What is written is read back, with every compression",
        arguments: compressions,
        [ZarrFormat.v2, .v3]
    )
    func roundTrip(compression: ZarrCompression, format: ZarrFormat) throws {
        if case .zlib = compression, format == .v3 { return }
        let folder = try TemporaryFolder()
        let group = try ZarrGroup.create(at: folder.url.appending(path: "a.zarr"), format: format)
        let array = try group.createArray(
            "data",
            shape: [5, 7, 11],
            dataType: .uint16,
            options: .init(chunkShape: [2, 3, 4], compression: compression)
        )
        let values = (0..<385).map { UInt16(truncatingIfNeeded: $0 &* 40_503) }
        try array.write(values.withUnsafeBytes(Array.init))
        let found = try ZarrArray(opening: array.url)
        #expect(found.metadata == array.metadata)
        #expect(found.metadata.compression == compression)
        #expect(try found.read() == values.withUnsafeBytes(Array.init))
        let part = try found.read(ZarrRegion(start: [1, 2, 3], shape: [3, 4, 6]))
        var expected: [UInt16] = []
        for z in 1..<4 {
            for y in 2..<6 { for x in 3..<9 { expected.append(values[(z * 7 + y) * 11 + x]) } }
        }
        #expect(part == expected.withUnsafeBytes(Array.init))
    }

    @Test("Chunks that are missing are named, in shards, too; a region without any holds nothing")
    func missingChunks() throws {
        let folder = try TemporaryFolder()
        let group = try ZarrGroup.create(at: folder.url.appending(path: "a.zarr"), format: .v3)
        for inner in [nil, [2, 2]] as [[Int]?] {
            let array = try group.createArray(
                inner == nil ? "plain" : "shards",
                shape: [8, 8],
                dataType: .uint8,
                options: .init(chunkShape: [4, 4], innerChunkShape: inner)
            )
            let (left, corner) = (
                ZarrRegion(start: [0, 0], shape: [4, 4]), ZarrRegion(start: [1, 5], shape: [1, 1])
            )
            #expect(array.holdsNothing(of: array.wholeRegion))
            try array.write([UInt8](repeating: 7, count: 16), to: left)
            #expect(try array.missingChunk(in: left) == nil)
            #expect(try array.missingChunk()?.hasSuffix("c/0/1") == true)
            #expect(array.holdsNothing(of: corner) && !array.holdsNothing(of: array.wholeRegion))
            try array.write([9], to: corner)
            // Of the shard only the chunk is there that holds something.
            #expect(try array.missingChunk(in: corner) == nil)
            let beside = ZarrRegion(start: [2, 4], shape: [2, 4])
            #expect(try (array.missingChunk(in: beside) == nil) == (inner == nil))
        }
    }

    @Test("Shards hold chunks, leave out empty ones, and are updated in part")
    func shards() throws {
        let folder = try TemporaryFolder()
        let group = try ZarrGroup.create(at: folder.url.appending(path: "a.zarr"), format: .v3)
        let array = try group.createArray(
            "data",
            shape: [10, 13],
            dataType: .float32,
            options: .init(
                chunkShape: [8, 8],
                innerChunkShape: [4, 2],
                fillValue: 1.5,
                dimensionNames: ["y", "x"]
            )
        )
        let patch = (0..<35).map { Float($0) - 3 }
        try array.write(floats: patch, to: ZarrRegion(start: [2, 3], shape: [5, 7]))
        try array.write(floats: [9, 8], to: ZarrRegion(start: [9, 11], shape: [1, 2]))
        let found = try group.array("data")
        #expect(found.metadata.dimensionNames == ["y", "x"])
        let all = try found.readFloats()
        #expect(all[2 * 13 + 3] == -3 && all[6 * 13 + 9] == 31)
        #expect(all[9 * 13 + 11] == 9 && all[9 * 13 + 12] == 8)
        #expect(all[0] == 1.5 && all[9 * 13 + 10] == 1.5)
        #expect(all.count { $0 != 1.5 } == 37)
    }

    @Test(
        "Elements that were never written hold the fill value",
        arguments: [
            ("NaN" as JSONValue, Float.nan), (-2.5, -2.5), ("Infinity", .infinity), (nil, 0),
        ]
    )
    func fillValue(json: JSONValue, expected: Float) throws {
        let folder = try TemporaryFolder()
        for format in [ZarrFormat.v2, .v3] {
            let group = try ZarrGroup.create(
                at: folder.url.appending(path: "\(format)"),
                format: format
            )
            for type in [ZarrDataType.float16, .float32] {
                let array = try group.createArray(
                    "\(type)",
                    shape: [3, 5],
                    dataType: type,
                    options: .init(chunkShape: [2, 2], fillValue: json)
                )
                try array.write(floats: [7], to: ZarrRegion(start: [2, 4], shape: [1, 1]))
                let all = try group.array("\(type)").readFloats()
                #expect(all[14] == 7)
                #expect(all[..<14].allSatisfy { $0 == expected || $0.isNaN && expected.isNaN })
            }
        }
    }

    @Test("Only chunks that were written exist, and a kill in between leaves whole chunks")
    func chunks() throws {
        let folder = try TemporaryFolder()
        let group = try ZarrGroup.create(at: folder.url.appending(path: "a.zarr"), format: .v2)
        let array = try group.createArray(
            "features",
            shape: [4, 3],
            dataType: .uint8,
            options: .init(chunkShape: [1, 3])
        )
        try array.write([1, 2, 3], to: ZarrRegion(start: [2, 0], shape: [1, 3]))
        #expect(array.hasChunk([2, 0]) && !array.hasChunk([1, 0]))
        let names = try FileManager.default.contentsOfDirectory(atPath: array.url.path)
        #expect(Set(names) == [".zarray", "2.0"])
    }

    @Test("A scalar has one element")
    func scalar() throws {
        let folder = try TemporaryFolder()
        for format in [ZarrFormat.v2, .v3] {
            let group = try ZarrGroup.create(
                at: folder.url.appending(path: "\(format)"),
                format: format
            )
            let array = try group.createArray("one", shape: [], dataType: .int32)
            try array.write([5, 0, 0, 0])
            #expect(try group.array("one").read() == [5, 0, 0, 0])
        }
    }

    @Test("Regions outside, wrong counts and names that lead out are refused")
    func refused() throws {
        let folder = try TemporaryFolder()
        let group = try ZarrGroup.create(at: folder.url.appending(path: "a.zarr"), format: .v3)
        let array = try group.createArray("data", shape: [4, 3], dataType: .uint8)
        for region in [
            ZarrRegion(start: [0], shape: [1]), ZarrRegion(start: [0, 0], shape: [5, 1]),
            ZarrRegion(start: [-1, 0], shape: [1, 1]), ZarrRegion(start: [0, 0], shape: [0, 1]),
            ZarrRegion(start: [.max, 0], shape: [1, 1]),
        ] {
            #expect(throws: ZarrError.self) { try array.read(region) }
        }
        #expect(throws: ZarrError.self) { try array.write([1, 2]) }
        for name in ["", "..", "a/../../b", "/etc", "a//b"] {
            #expect(throws: ZarrError.self) { try group.array(name) }
        }
        let error = #expect(throws: ZarrError.self) {
            try group.createArray("data", shape: [1], dataType: .uint8)
        }
        #expect(error?.kind == .exists)
    }

    @Test("Damaged chunks are an error", arguments: compressions)
    func damaged(compression: ZarrCompression) throws {
        let folder = try TemporaryFolder()
        let group = try ZarrGroup.create(at: folder.url.appending(path: "a.zarr"), format: .v2)
        let array = try group.createArray(
            "data",
            shape: [64],
            dataType: .uint32,
            options: .init(compression: compression)
        )
        try array.write((0..<64).map { UInt32($0 * $0) }.withUnsafeBytes(Array.init))
        let file = array.url.appending(path: "0")
        let bytes = try Data(contentsOf: file)
        for count in [0, 1, bytes.count / 2, bytes.count - 1] {
            try bytes.prefix(count).write(to: file)
            #expect(throws: ZarrError.self) { try array.read() }
        }
    }

    @Test("Arrays in Fortran order and of big-endian numbers are read")
    func order() throws {
        let folder = try TemporaryFolder()
        let json = """
            {"zarr_format": 2, "shape": [2, 3], "chunks": [2, 3], "dtype": ">i2", "order": "F",
             "fill_value": 0, "filters": null, "compressor": null}
            """
        try Data(json.utf8).write(to: folder.url.appending(path: ".zarray"))
        try Data([0, 1, 0, 4, 0, 2, 0, 5, 0, 3, 0xFF, 0xFA]).write(
            to: folder.url.appending(path: "0.0")
        )
        let bytes = try ZarrArray(opening: folder.url).read()
        let values = bytes.withUnsafeBytes { bytes in
            (0..<6).map { bytes.loadUnaligned(fromByteOffset: 2 * $0, as: Int16.self) }
        }
        #expect(values == [1, 2, 3, 4, 5, -6])
    }
}

@Suite("ZarrGroup")
struct ZarrGroupTests {
    @Test("Attributes keep nested values, in both versions", arguments: [ZarrFormat.v2, .v3])
    func attributes(format: ZarrFormat) throws {
        let folder = try TemporaryFolder()
        let attributes: JSONObject = [
            "input_size": [1024, 768], "tile_shape": nil, "scale": 0.5, "name": "\u{B5} \"q\"\n",
            "nested": [
                "list": [1, [2, 3], ["a": true]], "empty": [:], "not a number": .number(.nan),
            ],
        ]
        let group = try ZarrGroup.create(
            at: folder.url.appending(path: "a.zarr"),
            format: format,
            attributes: attributes
        )
        let found = try ZarrGroup(opening: group.url)
        #expect(found.format == format)
        #expect(try found.attributes()["name"] == attributes["name"])
        #expect(try found.attributes()["nested"]?["list"] == attributes["nested"]?["list"])
        #expect(try found.attributes()["nested"]?["not a number"]?.number?.isNaN == true)
        var changed = try found.attributes()
        changed["scale"] = nil
        changed["added"] = 3
        try found.setAttributes(changed)
        #expect(
            try found.attributes().members.map(\.name)
                == ["input_size", "tile_shape", "name", "nested", "added"]
        )
        _ = try found.createGroup("labels")
        _ = try found.createArray("labels/cells", shape: [2], dataType: .uint8)
        #expect(try found.children() == ["labels"])
        #expect(try found.group("labels").children() == ["cells"])
        #expect(found.contains("labels/cells") && !found.contains("other"))
    }

    @Test("Half-precision numbers are rounded to the nearest, and come back exactly")
    func half() {
        #expect(HalfPrecision.bits(of: 1) == 0x3C00)
        #expect(HalfPrecision.bits(of: -2) == 0xC000)
        #expect(HalfPrecision.bits(of: 65_520) == 0x7C00)
        #expect(HalfPrecision.bits(of: 65_519) == 0x7BFF)
        #expect(HalfPrecision.bits(of: 0x1p-24) == 1)
        #expect(HalfPrecision.bits(of: 0x1p-25) == 0)
        #expect(HalfPrecision.bits(of: 1 + 0x1p-11) == 0x3C00)
        #expect(HalfPrecision.bits(of: 1 + 0x3p-11) == 0x3C02)
        for bits in UInt16.min...UInt16.max {
            let value = HalfPrecision.value(of: bits)
            if value.isNaN { continue }
            #expect(HalfPrecision.bits(of: value) == bits)
        }
    }
}
