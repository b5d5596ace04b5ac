import Files
import Foundation
import ImageFormats
import Imaging
import Prompting
import Testing
import Zarr

/// Containers of OME-Zarr as people have them: copied in part, plates, several images in a folder.
@Suite("OME-Zarr")
struct OMEZarrTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// An image with two channels of 12 x 10 pixels, all of which hold `value`, and smaller levels.
    @discardableResult
    static func writeImage(
        at url: URL,
        _ format: ZarrFormat = .v2,
        levels: [String] = ["0"],
        promised: [String] = ["0"],
        value: UInt8 = 0
    ) throws -> ZarrGroup {
        let datasets = promised.map { path -> JSONValue in
            [
                "path": .string(path),
                "coordinateTransformations": [["type": "scale", "scale": [1, 0.5, 0.25]]],
            ]
        }
        let image: JSONValue = [
            "version": "0.4", "name": "cells",
            "axes": [
                ["name": "c", "type": "channel"],
                ["name": "y", "type": "space", "unit": "micrometer"],
                ["name": "x", "type": "space", "unit": "micrometer"],
            ],
            "datasets": .array(datasets),
        ]
        let content: JSONObject = [
            "multiscales": [image],
            "omero": ["channels": [["label": "DAPI"], ["label": "GFP"]]],
        ]
        let group = try ZarrGroup.create(
            at: url,
            format: format,
            attributes: format == .v2 ? content : ["ome": .object(content)]
        )
        for (index, level) in levels.enumerated() {
            let shape = [2, 12 >> index, 10 >> index]
            let array = try group.createArray(level, shape: shape, dataType: .uint8)
            try array.write([UInt8](repeating: value, count: shape.reduce(1, *)))
        }
        return group
    }

    @Test(
        "Of a plane without any chunk it is said that nothing is stored; of one with chunks it is not",
        arguments: [ZarrFormat.v2, .v3]
    )
    func absentPlanes(format: ZarrFormat) throws {
        let url = folder.file("a.zarr")
        let array = try Self.writeImage(at: url, format, levels: []).createArray(
            "0",
            shape: [2, 12, 10],
            dataType: .uint8,
            options: .init(chunkShape: [1, 6, 10])
        )
        // One of the two chunks of the first channel.
        try array.write(
            [UInt8](repeating: 9, count: 60),
            to: ZarrRegion(start: [0, 6, 0], shape: [1, 6, 10])
        )
        func notes(_ channels: [Int]) throws -> String {
            var selection = PlaneSelection()
            selection.channels = channels.map { .number($0) }
            return try PlaneFile(opening: url.path, selection).notes.map { "\($0)" }.joined()
        }
        #expect(try notes([1]).contains("nothing is stored of this plane"))
        #expect(try notes([0, 1]).contains("nothing is stored of 1 of 2 planes"))
        #expect(try !notes([0]).contains("stored"))
        let labels = try LabelFile(opening: url.path + "/0", axes: "zyx").notes
        #expect(labels.map { "\($0)" }.joined().contains("1 of 2 planes"))
    }

    @Test(
        "Levels that are not there are left out, and the rest is as it was",
        arguments: [
            (["0"], ["0", "1", "2"]), (["0", "2"], ["0", "1", "2"]), (["s0"], ["s0", "deep/s1"]),
        ]
    )
    func missingLevels(levels: [String], promised: [String]) throws {
        for format in [ZarrFormat.v2, .v3] {
            let url = folder.file("\(format).zarr")
            try Self.writeImage(at: url, format, levels: levels, promised: promised)
            let description = try ImageSource(opening: url).description
            #expect(description.levels.count == levels.count)
            #expect(description.levels[0] == Size(width: 10, height: 12))
            #expect(description.channelNames == ["DAPI", "GFP"])
            #expect(description.physicalSize == PhysicalSize(x: 0.25, y: 0.5, unit: "\u{B5}m"))
        }
    }

    @Test("An image without its full resolution is an error")
    func missingFullResolution() throws {
        let url = folder.file("a.zarr")
        try Self.writeImage(at: url, levels: ["1"], promised: ["0", "1"])
        #expect(throws: ImageFormatError.self) { try ImageSource(opening: url) }
    }

    /// A plate whose fields hold 1, 2, 3, ...
    private func writePlate(
        _ wells: [(String, [String])],
        _ format: ZarrFormat = .v2
    ) throws -> URL {
        let url = folder.file("plate-\(UUID()).zarr")
        func inner(_ content: JSONObject) -> JSONObject {
            format == .v2 ? content : ["ome": .object(content)]
        }
        let list = wells.map { JSONValue.object(["path": .string($0.0)]) }
        let plate = try ZarrGroup.create(
            at: url,
            format: format,
            attributes: inner(["plate": ["wells": .array(list)]])
        )
        var value: UInt8 = 0
        for (well, fields) in wells {
            let row = String(well.prefix { $0 != "/" })
            if !plate.contains(row) { _ = try plate.createGroup(row) }
            let images = fields.map { JSONValue.object(["path": .string($0)]) }
            _ = try plate.createGroup(
                well,
                attributes: inner(["well": ["images": .array(images)]])
            )
            for field in fields {
                value += 1
                try Self.writeImage(
                    at: url.appending(path: "\(well)/\(field)"),
                    format,
                    value: value
                )
            }
        }
        return url
    }

    @Test("A plate with a single field is that image with all its metadata")
    func singleField() throws {
        for (format, field) in [(ZarrFormat.v2, "0"), (.v3, "0"), (.v2, "field_7")] {
            let url = try writePlate([("A/1", [field])], format)
            let source = try ImageSource(opening: url)
            #expect(source.description.channelNames == ["DAPI", "GFP"])
            #expect(source.description.physicalSize.x == 0.25)
            #expect(try source.read().floats().samples.allSatisfy { $0 == 1 })
            #expect(try Plate(at: url.path)?.fields == ["A/1/\(field)"])
        }
    }

    @Test("The fields of a plate and of a well are named by paths that can be opened")
    func fields() throws {
        for format in [ZarrFormat.v2, .v3] {
            let url = try writePlate([("A/1", ["0", "1"]), ("B/12", ["0"])], format)
            let error = #expect(throws: ImageFormatError.self) { try ImageSource(opening: url) }
            #expect(error?.problem == "there are several fields: A/1/0, A/1/1, B/12/0")
            let plate = try #require(try Plate(at: url.path))
            #expect(plate.inputs.count == 3)
            for (index, input) in plate.inputs.enumerated() {
                let source = try ImageSource(opening: URL(filePath: input))
                let pixels = try source.read().floats()
                #expect(pixels.samples.allSatisfy { $0 == Float(index + 1) })
                #expect(source.description.channelNames == ["DAPI", "GFP"])
            }
            let well = try #require(try Plate(at: "\(url.path)#A/1"))
            #expect(well.inputs == ["\(url.path)#A/1/0", "\(url.path)#A/1/1"])
            #expect(throws: ImageFormatError.self) {
                try ImageSource(opening: URL(filePath: "\(url.path)#A/1"))
            }
            let one = try ImageSource(opening: URL(filePath: "\(url.path)#B/12"))
            #expect(try one.read().floats().samples.allSatisfy { $0 == 3 })
        }
    }

    @Test("An image and other files are no plate")
    func noPlates() throws {
        try Self.writeImage(at: folder.file("a.zarr"))
        #expect(try Plate(at: folder.file("a.zarr").path) == nil)
        #expect(try Plate(at: folder.file("none.zarr").path) == nil)
        #expect(try Plate(at: "\(folder.file("a.zarr").path)#labels/0") == nil)
    }

    @Test("Images in a plain folder or group are named, not the arrays of their levels")
    func severalImages() throws {
        let url = folder.file("collection.zarr")
        let group = try ZarrGroup.create(at: url, format: .v2)
        for name in ["a", "b/c"] {
            try Self.writeImage(
                at: url.appending(path: name),
                levels: ["0", "1"],
                promised: ["0", "1"]
            )
        }
        let error = #expect(throws: ImageFormatError.self) { try ImageSource(opening: group.url) }
        #expect(error?.problem == "there are several data sets: a, b/c")
        #expect(error?.advice == "name one, as \(url.path)#a")
        let chosen = try ImageSource(opening: URL(filePath: "\(url.path)#b/c"))
        #expect(chosen.description.channelNames == ["DAPI", "GFP"])
        #expect(throws: ImageFormatError.self) {
            try ImageSource(
                opening: URL(filePath: "\(url.path)#a"),
                options: ImageSource.Options(dataset: "b/c")
            )
        }
    }

    @Test("Only folders of labels count as such", arguments: [ZarrFormat.v2, .v3])
    func labels(format: ZarrFormat) throws {
        let labels = folder.file("labels.zarr")
        let writer = try OMEZarrLabelWriter(
            creating: labels,
            axes: ImageAxes(y: 3, x: 4),
            options: .init(version: format == .v2 ? .v04 : .v05)
        )
        try writer.write(
            LabelImage(size: Size(width: 4, height: 3), labels: .init(repeating: 1, count: 12))
        )
        try writer.finish()
        #expect(!ImageContainer.isOtherThanLabels(labels.path))
        try Self.writeImage(at: folder.file("image.zarr"), format)
        #expect(ImageContainer.isOtherThanLabels(folder.file("image.zarr").path))
        #expect(ImageContainer.isOtherThanLabels(folder.url.path))
        #expect(!ImageContainer.isOtherThanLabels(folder.file("nothing").path))
        try FileManager.default.createDirectory(
            at: folder.file("empty"),
            withIntermediateDirectories: true
        )
        #expect(!ImageContainer.isOtherThanLabels(folder.file("empty").path))
    }

    @Test("The names of dimensions that xarray writes are used")
    func xarray() throws {
        let group = try ZarrGroup.create(at: folder.file("x.zarr"), format: .v2)
        let array = try group.createArray("raw", shape: [7, 6, 5], dataType: .uint8)
        try array.setAttributes(["_ARRAY_DIMENSIONS": ["y", "x", "channel"]])
        let description = try ImageSource(opening: folder.file("x.zarr")).description
        #expect(description.axes == ImageAxes(c: 5, y: 7, x: 6))
    }
}
