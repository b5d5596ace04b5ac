import Files
import Foundation
import ImageFormats
import Imaging
import Testing
import Zarr

/// Containers in zip archives.
@Suite("Zip archives of containers")
struct ZipStoreTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Zips a folder below a name in the archive.
    private func zip(_ source: URL, to name: String, below prefix: String = "") throws -> URL {
        let target = folder.file(name)
        var writer = try ZipWriter(replacing: target.path)
        for inner in try FileManager.default.subpathsOfDirectory(atPath: source.path).sorted() {
            let url = source.appending(path: inner)
            guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else {
                continue
            }
            try writer.append(prefix + inner, Array(Data(contentsOf: url)))
        }
        try writer.commit()
        return target
    }

    @Test(
        "An image in an archive is the image of the folder",
        arguments: [(ZarrFormat.v2, ""), (.v3, ""), (.v2, "image.ome.zarr/")]
    )
    func images(format: ZarrFormat, prefix: String) throws {
        let source = folder.file("image-\(UUID()).zarr")
        try OMEZarrTests.writeImage(
            at: source,
            format,
            levels: ["0", "1"],
            promised: ["0", "1"],
            value: 7
        )
        let archive = try zip(source, to: "\(UUID()).zarr.zip", below: prefix)
        let (one, other) = (try ImageSource(opening: source), try ImageSource(opening: archive))
        #expect(other.description.levels == one.description.levels)
        #expect(other.description.channelNames == ["DAPI", "GFP"])
        #expect(other.description.physicalSize == one.description.physicalSize)
        #expect(try other.read(PlaneIndex(c: 1), level: 1) == one.read(PlaneIndex(c: 1), level: 1))
        let array = try ImageSource(opening: URL(filePath: "\(archive.path)#\(prefix)1"))
        #expect(array.description.axes == ImageAxes(z: 2, y: 6, x: 5))
    }

    @Test("Arrays with shards, plates and N5 are read from archives")
    func others() throws {
        let shards = folder.file("shards")
        let array = try ZarrGroup.create(at: shards, format: .v3).createArray(
            "raw",
            shape: [9, 7],
            dataType: .uint8,
            options: .init(chunkShape: [8, 8], innerChunkShape: [4, 4])
        )
        try array.write((0..<63).map { UInt8($0) })
        let source = try ImageSource(opening: zip(shards, to: "shards.zip"))
        #expect(try source.read().floats().samples == (0..<63).map { Float($0) })

        let n5 = folder.file("n5")
        try FileManager.default.createDirectory(
            at: n5.appending(path: "raw/0"),
            withIntermediateDirectories: true
        )
        let json = #"{"dimensions": [3, 2], "blockSize": [3, 2], "dataType": "uint8"}"#
        try Data(json.utf8).write(to: n5.appending(path: "raw/attributes.json"))
        try Data([0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6])
            .write(to: n5.appending(path: "raw/0/0"))
        let blocks = try ImageSource(opening: zip(n5, to: "n5.zip"))
        #expect(try blocks.read().floats().samples == [1, 2, 3, 4, 5, 6])
    }

    @Test("What is no container, and what is damaged, is an error")
    func damaged() throws {
        let other = folder.file("other")
        try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
        try Data([1, 2, 3]).write(to: other.appending(path: "a.roi"))
        let error = #expect(throws: ImageFormatError.self) {
            try ImageSource(opening: zip(other, to: "other.zip"))
        }
        #expect(error?.kind == .unknownFormat)
        let source = folder.file("source.zarr")
        try OMEZarrTests.writeImage(at: source)
        let bytes = try Array(Data(contentsOf: zip(source, to: "whole.zip")))
        var generator = SystemRandomNumberGenerator()
        for number in 0..<200 {
            var damaged = bytes
            if number % 2 == 0 {
                damaged.removeLast(Int.random(in: 1..<bytes.count, using: &generator))
            } else {
                for _ in 0..<4 { damaged[Int.random(in: 0..<bytes.count)] = .random(in: 0...255) }
            }
            let file = folder.file("damaged-\(number).zip")
            try Data(damaged).write(to: file)
            _ = try? ImageSource(opening: file).read()
        }
    }
}
