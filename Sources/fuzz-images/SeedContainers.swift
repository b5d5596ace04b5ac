import Files
import Foundation
import ImageSamples
import Zarr

/// Small valid containers: Zarr of both versions with every codec, shards, OME metadata, and N5.
enum SeedContainers {
    /// Writes all of them below a folder and names their folders.
    static func create(in folder: URL) throws -> [URL] {
        var all: [URL] = []
        let compressions: [ZarrCompression] = [
            .none, .gzip(level: 6), .zstd(level: 3, hasChecksum: true),
            .blosc(.init(compressor: "lz4", shuffle: .bytes)),
            .blosc(.init(compressor: "zstd", shuffle: .bits)),
            .blosc(.init(compressor: "blosclz", shuffle: .none)), .bz2(level: 9),
        ]
        for (index, compression) in compressions.enumerated() {
            for format in [ZarrFormat.v2, .v3] {
                if case .bz2 = compression, format == .v3 { continue }
                let url = folder.appending(path: "\(index)-\(format)")
                let group = try ZarrGroup.create(
                    at: url,
                    format: format,
                    attributes: attributes(format)
                )
                try fill(
                    group.createArray(
                        "0",
                        shape: [2, 9, 7],
                        dataType: index % 2 == 0 ? .uint16 : .float16,
                        options: .init(
                            chunkShape: [1, 8, 4],
                            compression: compression,
                            fillValue: 3,
                            separator: "/"
                        )
                    )
                )
                all.append(url)
            }
        }
        let sharded = folder.appending(path: "sharded")
        try fill(
            ZarrGroup.create(at: sharded, format: .v3).createArray(
                "raw",
                shape: [9, 7],
                dataType: .uint8,
                options: .init(chunkShape: [8, 8], innerChunkShape: [4, 4])
            )
        )
        return all + [sharded, try plate(in: folder), try omeSet(in: folder)]
            + (try numcodecs(in: folder)) + (try n5(in: folder))
    }

    /// Zip archives of an image and of shards.
    static func archives(in folder: URL) throws -> [[UInt8]] {
        let inner = folder.appending(path: "zipped")
        return try create(in: inner).filter { url in
            ["1-v2", "2-v3", "sharded"].contains(url.lastPathComponent)
        }.map { container in
            var writer = ZipWriter(to: MemorySink(), file: "seed.zip")
            for name in try FileManager.default.subpathsOfDirectory(atPath: container.path) {
                let file = container.appending(path: name)
                let values = try file.resourceValues(forKeys: [.isRegularFileKey])
                guard values.isRegularFile == true else { continue }
                try writer.append(name, Array(Data(contentsOf: file)))
            }
            return try writer.finish().bytes
        }
    }

    /// Arrays with the codecs of numcodecs, whose chunks are made by hand.
    private static func numcodecs(in folder: URL) throws -> [URL] {
        let lz4: [UInt8] = [63, 0, 0, 0, 0x1F, 9, 1, 0, 38, 0x50, 1, 2, 3, 4, 5]
        let plain = (0..<63).map { UInt8($0) }
        let kinds: [(String, String, [UInt8])] = [
            (#"{"id": "lz4"}"#, "null", lz4),
            ("null", #"[{"id": "delta", "dtype": "|u1"}]"#, plain),
            (
                "null",
                #"[{"id": "fixedscaleoffset", "offset": 1, "scale": 2, "dtype": "|u1", "astype": "|u1"}]"#,
                plain
            ),
            ("null", #"[{"id": "shuffle", "elementsize": 3}]"#, plain),
        ]
        return try kinds.enumerated().map { index, kind in
            let url = folder.appending(path: "numcodecs-\(index)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            let json = """
                {"zarr_format": 2, "shape": [9, 7], "chunks": [9, 7], "dtype": "|u1", "fill_value": 0,
                 "order": "C", "compressor": \(kind.0), "filters": \(kind.1)}
                """
            try Data(json.utf8).write(to: url.appending(path: ".zarray"))
            try Data(kind.2).write(to: url.appending(path: "0.0"))
            return url
        }
    }

    /// A plate with one field.
    private static func plate(in folder: URL) throws -> URL {
        let url = folder.appending(path: "plate")
        let plate = try ZarrGroup.create(
            at: url,
            format: .v2,
            attributes: ["plate": ["wells": [["path": "A/1"]]]]
        )
        _ = try plate.createGroup("A")
        _ = try plate.createGroup("A/1", attributes: ["well": ["images": [["path": "0"]]]])
        let field = try plate.createGroup("A/1/0", attributes: attributes(.v2))
        try fill(field.createArray("0", shape: [2, 9, 7], dataType: .uint8))
        return url
    }

    private static func fill(_ array: ZarrArray) throws {
        let count = array.wholeRegion.count * array.metadata.dataType.byteCount
        try array.write((0..<count).map { UInt8(truncatingIfNeeded: $0 / 5 * 3) })
    }

    private static func attributes(_ format: ZarrFormat) -> JSONObject {
        let image: JSONValue = [
            "version": "0.4", "name": "image",
            "axes": [
                ["name": "c", "type": "channel"],
                ["name": "y", "type": "space", "unit": "micrometer"],
                ["name": "x", "type": "space", "unit": "micrometer"],
            ],
            "datasets": [
                [
                    "path": "0",
                    "coordinateTransformations": [["type": "scale", "scale": [1, 0.5, 0.25]]],
                ]
            ],
        ]
        if format == .v2 { return ["multiscales": [image]] }
        return ["ome": ["version": "0.5", "multiscales": [image]]]
    }

    /// N5 with each compression whose bytes are at hand.
    private static func n5(in folder: URL) throws -> [URL] {
        let pixels = (0..<70).map { UInt8($0) }
        // A block of lz4-java: its magic word, method, lengths and checksum, then the bytes as they are.
        let lz4 =
            Array("LZ4Block".utf8) + [0x10, 70, 0, 0, 0, 70, 0, 0, 0, 0, 0, 0, 0] + pixels
            + Array("LZ4Block".utf8) + [0x10] + [UInt8](repeating: 0, count: 12)
        let kinds: [(String, [UInt8])] = [
            (#"{"type": "raw"}"#, pixels),
            (#"{"type": "gzip", "useZlib": true}"#, SimpleCodecs.zlib(pixels)),
            (#"{"type": "zstd"}"#, SimpleCodecs.zstd(pixels)), (#"{"type": "lz4"}"#, lz4),
        ]
        return try kinds.enumerated().map { index, kind in
            let url = folder.appending(path: "n5-\(index)")
            let block = url.appending(path: "0")
            try FileManager.default.createDirectory(at: block, withIntermediateDirectories: true)
            let json = """
                {"dimensions": [7, 5], "blockSize": [8, 8], "dataType": "uint16", "axes": ["x", "y"],
                 "resolution": [0.5, 0.25], "units": ["um", "um"], "compression": \(kind.0)}
                """
            try Data(json.utf8).write(to: url.appending(path: "attributes.json"))
            let header: [UInt8] = [0, 0, 0, 2, 0, 0, 0, 7, 0, 0, 0, 5]
            try Data(header + kind.1).write(to: block.appending(path: "0"))
            return url
        }
    }

    /// An image of OME in two files, one channel each; the first stands for both.
    private static func omeSet(in folder: URL) throws -> URL {
        let set = folder.appending(path: "set")
        try FileManager.default.createDirectory(at: set, withIntermediateDirectories: true)
        let names = ["a.ome.tif", "b.ome.tif"]
        let planes = names.enumerated().map { channel, name in
            "<TiffData FirstC=\"\(channel)\" IFD=\"0\" PlaneCount=\"1\"><UUID FileName=\"\(name)\">"
                + "urn:uuid:\(channel)</UUID></TiffData>"
        }
        for (channel, name) in names.enumerated() {
            var page = TIFFBuilder.Page(
                width: 8,
                height: 4,
                bits: 8,
                strips: [[UInt8](repeating: UInt8(7 * channel + 3), count: 32)]
            )
            page.tags[270] = .text(
                "<OME UUID=\"urn:uuid:\(channel)\"><Image><Pixels DimensionOrder=\"XYCZT\" SizeX=\"8\" "
                    + "SizeY=\"4\" SizeC=\"2\" SizeZ=\"1\" SizeT=\"1\" Type=\"uint8\">"
                    + planes.joined() + "</Pixels></Image></OME>"
            )
            try Data(TIFFBuilder().file([page])).write(to: set.appending(path: name))
        }
        return set.appending(path: names[0])
    }
}
