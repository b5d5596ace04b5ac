import Files
import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Testing
import Zarr

@Suite("Containers")
struct ContainerTests {
    @Test("Calibration and channels of OME-Zarr are read")
    func metadata() throws {
        let folder = try TemporaryFolder()
        let url = folder.file("image.zarr")
        let group = try ZarrGroup.create(
            at: url,
            format: .v3,
            attributes: [
                "ome": [
                    "version": "0.5",
                    "multiscales": [
                        [
                            "name": "cells",
                            "axes": [
                                ["name": "t", "type": "time", "unit": "second"],
                                ["name": "c", "type": "channel"],
                                ["name": "y", "type": "space", "unit": "micrometer"],
                                ["name": "x", "type": "space", "unit": "micrometer"],
                            ],
                            "datasets": [
                                [
                                    "path": "s0",
                                    "coordinateTransformations": [
                                        ["type": "scale", "scale": [2, 1, 0.5, 0.25]]
                                    ],
                                ]
                            ],
                            "coordinateTransformations": [
                                ["type": "scale", "scale": [5, 1, 1, 1]]
                            ],
                        ]
                    ],
                    "omero": ["channels": [["label": "DAPI"], ["label": "GFP"]]],
                ]
            ]
        )
        let array = try group.createArray("s0", shape: [3, 2, 5, 7], dataType: .float16)
        try array.write(floats: (0..<210).map { Float($0) })
        let source = try ImageSource(opening: url)
        #expect(source.description.format == "OME-Zarr 0.5")
        #expect(source.description.axes == ImageAxes(t: 3, c: 2, y: 5, x: 7))
        #expect(source.description.channelNames == ["DAPI", "GFP"])
        #expect(
            source.description.physicalSize
                == PhysicalSize(x: 0.25, y: 0.5, unit: "\u{B5}m", t: 10, timeUnit: "s")
        )
        let part = try source.read(
            PlaneIndex(t: 2, c: 1),
            region: Region(x: 6, y: 4, width: 1, height: 1)
        )
        #expect(part == .float32(Raster(repeating: 209, size: Size(width: 1, height: 1))))
    }

    @Test(
        "An array without names of axes is an image if its shape can be one",
        arguments: [
            ([4, 5], ImageAxes(y: 4, x: 5), 1), ([6, 7, 3], ImageAxes(y: 6, x: 7), 3),
            ([2, 6, 7], ImageAxes(z: 2, y: 6, x: 7), 1),
            ([3, 4, 3], ImageAxes(z: 3, y: 4, x: 3), 1),
            ([1, 2, 3, 4, 5, 6], ImageAxes(t: 2, c: 3, z: 4, y: 5, x: 6), 1),
        ]
    )
    func plainArrays(shape: [Int], axes: ImageAxes, channels: Int) throws {
        let folder = try TemporaryFolder()
        let group = try ZarrGroup.create(at: folder.file("a.zarr"), format: .v2)
        _ = try group.createArray("raw", shape: shape, dataType: .uint8)
        let source = try ImageSource(opening: folder.file("a.zarr"))
        #expect(source.description.axes == axes)
        #expect(source.description.samplesPerPixel == channels)
    }

    @Test("With several arrays the error names them, and one is chosen after a #")
    func severalArrays() throws {
        let folder = try TemporaryFolder()
        let group = try ZarrGroup.create(at: folder.file("a.zarr"), format: .v3)
        _ = try group.createArray("raw", shape: [4, 5], dataType: .uint8)
        _ = try group.createGroup("labels")
        _ = try group.createArray("labels/cells", shape: [6, 7], dataType: .uint16)
        let error = #expect(throws: ImageFormatError.self) {
            try ImageSource(opening: folder.file("a.zarr"))
        }
        #expect(error?.problem == "there are several data sets: labels/cells, raw")
        let chosen = try ImageSource(opening: folder.file("a.zarr#labels/cells"))
        #expect(chosen.description.axes == ImageAxes(y: 6, x: 7))
        for name in ["none", "../a.zarr/raw", "raw/.."] {
            #expect(throws: ImageFormatError.self) {
                try ImageSource(opening: folder.file("a.zarr"), options: .init(dataset: name))
            }
        }
    }

    @Test("Vectors and arrays of many dimensions are no images")
    func noImages() throws {
        let folder = try TemporaryFolder()
        for (name, shape) in [("vector", [9]), ("many", [2, 2, 2, 2, 2, 2]), ("none", [0, 5])] {
            let group = try ZarrGroup.create(at: folder.file(name), format: .v2)
            _ = try group.createArray("raw", shape: shape, dataType: .uint8)
            #expect(throws: ImageFormatError.self) { try ImageSource(opening: folder.file(name)) }
        }
    }

    @Test("HDF5 that the library fails on is an error, and the process goes on")
    func hdf5() throws {
        for (bytes, type) in [
            (HDF5Samples.chunked, SampleType.uint16), (HDF5Samples.contiguous, .float32),
        ] {
            let source = try open(bytes)
            #expect(source.description.sampleType == type)
            let part = try source.read(region: Region(x: 2, y: 3, width: 7, height: 4)).floats()
            for y in 0..<4 {
                for x in 0..<7 { #expect(part[x: x, y: y] == Float(15 * (x + 2) + 7 * (y + 3))) }
            }
        }
        #expect(try open(HDF5Samples.lzf).read().floats().samples.allSatisfy { $0 == 0 })
        let seed = UInt64.random(in: 0...(.max))
        print("damaged HDF5 files with the seed \(seed)")
        var generator = SplitMix64(seed: seed)
        for _ in 0..<40 {
            var bytes = HDF5Samples.chunked
            for _ in 0..<6 {
                bytes[Int.random(in: 8..<bytes.count, using: &generator)] = 0xFF
                bytes[Int.random(in: 8..<700, using: &generator)] = .random(
                    in: 0...255,
                    using: &generator
                )
            }
            do { _ = try open(bytes).read() } catch is ImageFormatError {}
        }
    }

    @Test("A damaged HDF5 file, and one without data, is an error")
    func damagedHDF5() throws {
        let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
        for bytes in [signature, signature + [UInt8](repeating: 0, count: 600)] {
            #expect(throws: ImageFormatError.self) { try open(bytes) }
        }
    }

    @Test(
        "N5 written by the Java library is the same in each compression",
        .enabled(if: FormatSample.isThere)
    )
    func originalN5() throws {
        let folder = FormatSample.folder.appending(path: "original/n5")
        let raw = try ImageSource(opening: folder.appending(path: "raw"))
        #expect(raw.description.axes == ImageAxes(y: 4, x: 5))
        for name in ["gzip", "blosc", "bzip2"] {
            let other = try ImageSource(opening: folder.appending(path: name))
            #expect(try other.read() == raw.read())
        }
        let error = #expect(throws: ImageFormatError.self) {
            try ImageSource(opening: folder.appending(path: "xz"))
        }
        #expect(error?.kind == .unsupported)
    }
}

extension FormatSample {
    static var isThere: Bool { FileManager.default.fileExists(atPath: folder.path) }
}
