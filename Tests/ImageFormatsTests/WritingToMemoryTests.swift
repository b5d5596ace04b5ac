import Files
import Foundation
import ImageFormats
import Imaging
import Testing
import Zarr

@Suite("Writing to memory")
struct WritingToMemoryTests {
    @Test(
        "An image in memory has the bytes of its file",
        arguments: [TIFFWriter.Options.Compression.none, .deflate, .zstd],
        1...4
    )
    func image(compression: TIFFWriter.Options.Compression, channels: Int) throws {
        let folder = try TemporaryFolder()
        var raster = Raster(
            repeating: UInt16(0),
            size: Size(width: 301, height: 207),
            channels: channels
        )
        for index in raster.samples.indices { raster.samples[index] = UInt16(index * 31 % 9973) }
        let image = AnyRaster.uint16(raster)
        let options = TIFFWriter.Options(
            compression: compression,
            physicalSize: PhysicalSize(x: 0.5, y: 0.25, unit: "\u{B5}m")
        )
        try image.writeTIFF(to: folder.file("image.tif"), options: options)
        let data = try image.tiffData(options: options)
        #expect(data == (try Data(contentsOf: folder.file("image.tif"))))
        // Strips are written while directories are filled in later: a copy of the file can be read.
        try data.write(to: folder.file("copy.tif"))
        #expect(try ImageSource(opening: folder.file("copy.tif")).read() == image)
    }

    @Test("Labels in memory have the bytes of their file", arguments: [65_535, 65_536])
    func labels(largest: UInt32) throws {
        let folder = try TemporaryFolder()
        var labels = ResultTests.labels
        labels[x: 8, y: 12] = largest
        try labels.writeTIFF(to: folder.file("labels.tif"))
        #expect(try labels.tiffData() == Data(contentsOf: folder.file("labels.tif")))
    }

    @Test("A stack in memory has the bytes of its file")
    func stack() throws {
        let folder = try TemporaryFolder()
        let axes = ImageAxes(t: 2, c: 3, z: 4, y: 5, x: 7)
        func append(_ writer: inout TIFFWriter) throws(ImageFormatError) {
            for number in 0..<24 {
                let size = Size(width: 7, height: 5)
                try writer.append(.uint8(Raster(repeating: UInt8(number), size: size)))
            }
        }
        let file = folder.file("stack.tif")
        var writer = try TIFFWriter(creating: file, axes: axes, sampleType: .uint8)
        try append(&writer)
        try writer.finish()
        let data = try TIFFWriter.data(axes: axes, sampleType: .uint8, append)
        #expect(data == (try Data(contentsOf: file)))
        let error = #expect(throws: ImageFormatError.self) {
            try TIFFWriter.data(axes: axes, sampleType: .uint8) { _ in }
        }
        #expect(error?.kind == .invalidPixels)
    }

    @Test("Tiles in any order make the bytes of the file")
    func tiles() throws {
        let folder = try TemporaryFolder()
        let size = Size(width: 100, height: 70)
        func write(_ writer: inout LabelTIFFWriter) throws(ImageFormatError) {
            for (x, y, width, height) in [(64, 32, 36, 38), (0, 0, 64, 32), (32, 64, 32, 6)] {
                let region = Region(x: x, y: y, width: width, height: height)
                var labels = LabelImage(size: region.size)
                labels[x: 1, y: 2] = UInt32(x + 1)
                try writer.write(labels, to: region)
            }
        }
        let file = folder.file("labels.tif")
        var writer = try LabelTIFFWriter(creating: file, size: size, tileSide: 32)
        try write(&writer)
        try writer.finish()
        let data = try LabelTIFFWriter.data(size: size, tileSide: 32, write)
        #expect(data == (try Data(contentsOf: file)))
    }

    @Test(
        "A container in memory has the files of its folder, and the archive has them, too",
        arguments: [OMEZarrLabelWriter.Options.Version.v04, .v05]
    )
    func container(version: OMEZarrLabelWriter.Options.Version) throws {
        let folder = try TemporaryFolder()
        let axes = ImageAxes(z: 2, y: 13, x: 17)
        let options = OMEZarrLabelWriter.Options(version: version, chunkSide: 8)
        let memory = MemoryStore()
        let url = folder.file("labels.ome.zarr")
        for writer in [
            try OMEZarrLabelWriter(creating: url, axes: axes, options: options),
            try OMEZarrLabelWriter(creating: memory, axes: axes, options: options),
        ] {
            try writer.write(ResultTests.labels, to: PlaneIndex(z: 1))
            // A part of a chunk, so that the chunk is read again.
            let dot = try LabelImage(size: Size(width: 1, height: 1), labels: [77])
            let place = Region(x: 16, y: 12, width: 1, height: 1)
            try writer.write(dot, to: PlaneIndex(z: 1), in: place)
            try writer.finish()
        }
        let written = try files(in: url)
        #expect(written.count > 5)
        #expect(memory.files == written)
        #expect(try entries(of: memory.archive()) == written)
        let group = try ZarrGroup(opening: memory.root, in: memory)
        #expect(try group.children() == ["0"])
        let array = try group.array("0")
        let found = try array.read(ZarrRegion(start: [1, 12, 16], shape: [1, 1, 1]))
        #expect(found == [77, 0, 0, 0])
    }

    @Test("Labels as an archive of OME-Zarr are the files of a container")
    func archive() throws {
        let folder = try TemporaryFolder()
        let url = folder.file("labels.ome.zarr")
        let axes = ImageAxes(y: 13, x: 17)
        let writer = try OMEZarrLabelWriter(creating: url, axes: axes, sampleType: .uint16)
        try writer.write(ResultTests.labels)
        try writer.finish()
        let data = try ResultTests.labels.omeZarrData()
        let written = try files(in: url)
        #expect(try entries(of: Array(data)) == written)
        #expect(try ResultTests.labels.omeZarrData() == data)
    }

    /// The files below a folder by their paths in it.
    private func files(in folder: URL) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            let url = folder.appending(path: path)
            guard FileStatus(of: url.path)?.isFolder != true else { continue }
            files[path] = Array(try Data(contentsOf: url))
        }
        return files
    }

    private func entries(of archive: [UInt8]) throws -> [String: [UInt8]] {
        let zip = try ZipArchive(ByteStorage(copying: archive, name: "archive"))
        var budget = archive.count
        var files: [String: [UInt8]] = [:]
        for entry in zip.entries {
            files[entry.name] = try zip.bytes(of: entry, budget: &budget)
        }
        return files
    }
}
