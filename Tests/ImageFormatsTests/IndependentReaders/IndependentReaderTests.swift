import Files
import Foundation
import ImageFormats
import Imaging
import Testing
import Zarr

@Suite("Independent readers")
struct IndependentReaderTests {
    @Test(
        "Other programs read what is written here, and the other way round",
        .enabled(if: IndependentPython.isUsed, "Scripts/independent-readers installs them")
    )
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let labels = ResultTests.labels
        try Data(labels.labels.withUnsafeBytes(Array.init)).write(to: folder.file("labels.raw"))
        try labels.writeTIFF(to: folder.file("labels.tif"))
        var tiled = try LabelTIFFWriter(
            creating: folder.file("tiled.tif"),
            size: labels.size,
            tileSide: 16
        )
        try tiled.write(labels, to: Region(labels.size))
        try tiled.finish()
        try writeStack(to: folder.file("stack.tif"))
        for (name, version) in [("v04", OMEZarrLabelWriter.Options.Version.v04), ("v05", .v05)] {
            let writer = try OMEZarrLabelWriter(
                creating: folder.file("\(name).ome.zarr"),
                axes: ImageAxes(y: labels.size.height, x: labels.size.width),
                options: .init(version: version, chunkSide: 8)
            )
            try writer.write(labels)
            try writer.finish()
        }
        try writeArrays(to: folder)
        try labels.writeCOCO(to: folder.file("labels.json"), imageName: "labels.tif")
        try labels.writeImageJROIs(to: folder.file("labels.zip"))
        try labels.writeGeoJSON(to: folder.file("labels.geojson"))
        try writeCorners(to: folder)
        try writeOutlines(of: 10_000, to: folder)
        #expect(try IndependentPython.run("check.py", in: folder.url) == 0)
        try readArrays(of: folder, labels)
        try readRegions(of: folder)
    }

    /// Objects whose pixels touch at corners, with pockets and holes.
    private func writeCorners(to folder: TemporaryFolder) throws {
        var random = SplitMix64(seed: 7)
        let size = Size(width: 80, height: 60)
        let labels = (0..<size.count).map { _ in UInt32([1, 1, 1, 2, 0][Int(random.next() % 5)]) }
        let corners = try LabelImage(size: size, labels: labels)
        try Data(labels.withUnsafeBytes(Array.init)).write(to: folder.file("corners.raw"))
        try corners.writeGeoJSON(to: folder.file("corners.geojson"))
    }

    /// The GeoJSON of small random label images, each with its labels in a line.
    private func writeOutlines(of count: Int, to folder: TemporaryFolder) throws {
        var random = SplitMix64(seed: 11)
        func number(_ range: ClosedRange<Int>) -> Int {
            range.lowerBound + Int(random.next() % UInt64(range.count))
        }
        let lines = try (0..<count).map { _ in
            let size = Size(width: number(1...9), height: number(1...8))
            // More of one label than of others, so that its parts have pockets and holes.
            let labels = (0..<size.count).map { _ in [1, 1, 0, 3][number(0...3)] as UInt32 }
            let image = try LabelImage(size: size, labels: labels)
            let outlines = String(decoding: try image.geoJSONData(), as: UTF8.self)
                .filter { !$0.isNewline }
            return "{\"labels\": \(labels), \"outlines\": \(outlines)}\n"
        }
        try Data(lines.joined().utf8).write(to: folder.file("outlines.jsonl"))
    }

    private func writeStack(to url: URL) throws {
        var writer = try TIFFWriter(
            creating: url,
            axes: ImageAxes(t: 2, c: 3, z: 4, y: 5, x: 7),
            sampleType: .uint16,
            options: .init(physicalSize: PhysicalSize(x: 0.5, y: 0.5, z: 2, unit: "\u{B5}m"))
        )
        for number in 0..<24 {
            try writer.append(
                .uint16(Raster(repeating: UInt16(number), size: Size(width: 7, height: 5)))
            )
        }
        try writer.finish()
    }

    private func writeArrays(to folder: TemporaryFolder) throws {
        let codecs: [ZarrCompression] = [
            .none, .gzip(level: 5), .zstd(level: 3, hasChecksum: true),
            .blosc(.init(compressor: "zstd", shuffle: .bits)),
        ]
        for (index, codec) in codecs.enumerated() {
            for (format, inner) in [(ZarrFormat.v2, nil), (.v3, nil), (.v3, [1, 2, 4])] {
                let group = try ZarrGroup.create(
                    at: folder.file(
                        "array-\(index)-\(format)-\(inner == nil ? "" : "sharded").zarr"
                    ),
                    format: format
                )
                let array = try group.createArray(
                    "data",
                    shape: [3, 5, 7],
                    dataType: .float32,
                    options: .init(
                        chunkShape: [2, 4, 4],
                        innerChunkShape: inner,
                        compression: codec
                    )
                )
                try array.write(floats: (0..<105).map { Float($0) })
            }
        }
    }

    private func readRegions(of folder: TemporaryFolder) throws {
        let url = folder.file("python.zip")
        guard FileManager.default.fileExists(atPath: url.path) else { return }
        let regions = try ImageJRegion.read(from: url)
        #expect(regions.map(\.name) == ["fractions", "points"])
        let outline = [
            Point<OriginalPixels>(x: 1.5, y: 2.25), Point(x: 8, y: 3), Point(x: 4, y: 9.75),
        ]
        #expect(regions[0].shape == .polygon(outline))
        #expect(regions[1].shape == .points([Point(x: 3, y: 4), Point(x: 5, y: 6)]))
    }

    private func readArrays(of folder: TemporaryFolder, _ labels: LabelImage) throws {
        let url = folder.file("python.zarr")
        guard FileManager.default.fileExists(atPath: url.path) else { return }
        let group = try ZarrGroup(opening: url)
        #expect(try group.attributes()["nested"]?["list"] == [1, [2.5, nil]])
        let array = try group.array("data")
        #expect(array.metadata.innerChunkShape == [8, 8])
        #expect(try array.read() == labels.labels.withUnsafeBytes(Array.init))
    }
}
