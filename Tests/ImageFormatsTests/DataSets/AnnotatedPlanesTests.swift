import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Testing

@Suite("Reading annotated images")
struct AnnotatedPlanesTests {
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "usam-annotated-\(UUID().uuidString)")
    private let size = Size(width: 3, height: 2)

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func file(_ name: String) -> URL { folder.appending(path: name) }

    /// Writes planes of one sample, `channels` for each slice.
    private func write(_ name: String, _ planes: [[UInt8]], channels: Int = 1) throws -> String {
        var writer = try TIFFWriter(
            creating: file(name),
            axes: ImageAxes(c: channels, z: planes.count / channels, y: 2, x: 3),
            sampleType: .uint8
        )
        for plane in planes { try writer.append(.uint8(Raster(size: size, samples: plane))) }
        try writer.finish()
        return file(name).path
    }

    private func opened(
        _ image: String,
        _ labels: String,
        channels: [Int]? = nil,
        _ change: (inout AnnotatedPlanes.Options) -> Void = { _ in }
    ) throws -> AnnotatedPlanes {
        var options = AnnotatedPlanes.Options()
        change(&options)
        let reading = AnnotatedImage.ReadingOptions(channels: channels)
        return try AnnotatedPlanes(
            opening: AnnotatedImage(image: image, labels: labels, reading: reading),
            options
        )
    }

    private let red: [UInt8] = [0, 10, 20, 30, 40, 50]
    private let green: [UInt8] = [5, 5, 5, 9, 9, 9]
    private let blue: [UInt8] = [1, 2, 3, 4, 5, 6]

    @Test("Colours of an RGB image are selected like channels")
    func colors() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let labels = try write("l.tif", [[0, 1, 1, 0, 2, 2]])
        let pixels = (0..<6).flatMap { [red[$0], green[$0], blue[$0]] }
        try AnyRaster.uint8(Raster(size: size, channels: 3, samples: pixels))
            .writeTIFF(to: file("rgb.tif"))
        let all = try opened(file("rgb.tif").path, labels)
        #expect(all.channels == 3 && all.size == size && all.planes == 0..<1)
        #expect(
            try all.image(plane: 0) == .uint8(Raster(size: size, channels: 3, samples: pixels))
        )
        let one = try opened(file("rgb.tif").path, labels, channels: [1])
        #expect(one.channels == 1)
        #expect(try one.image(plane: 0) == .uint8(Raster(size: size, samples: green)))
        #expect(try one.labels(plane: 0).labels == [0, 1, 1, 0, 2, 2])
    }

    @Test("Separate channels are chosen, merged, or three of them taken as colours")
    func channels() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let labels = try write("l.tif", [red])
        let three = try write("c3.tif", [red, green, blue], channels: 3)
        #expect(throws: DataSetError.channelsUndecided(image: three, count: 3)) {
            try opened(three, labels)
        }
        #expect(throws: DataSetError.channelsMissing(image: three, channels: [3], count: 3)) {
            try opened(three, labels, channels: [3])
        }
        let colors = try opened(three, labels) { $0.takesThreeChannelsAsColors = true }
        let pixels = (0..<6).flatMap { [red[$0], green[$0], blue[$0]] }
        #expect(
            try colors.image(plane: 0) == .uint8(Raster(size: size, channels: 3, samples: pixels))
        )
        let two = try opened(three, labels, channels: [2, 0])
        #expect(two.channels == 3)
        let merged = (0..<6).flatMap { [blue[$0], red[$0]] }
        #expect(
            try two.image(plane: 0) == .uint8(Raster(size: size, channels: 2, samples: merged))
        )
    }

    @Test("Opacity of a grey image is no colour, unless it is asked for")
    func opacity() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let labels = try write("l.tif", [red])
        let png = PNGBuilder(width: 3, height: 2, bits: 8, colorType: 4)
        let bytes = png.file { x, y, sample in
            sample == 0 ? UInt16(red[y * 3 + x]) : 100 + UInt16(x)
        }
        try Data(bytes).write(to: file("grey.png"))
        let dropped = try opened(file("grey.png").path, labels)
        #expect(dropped.channels == 1)
        #expect(try dropped.image(plane: 0) == .uint8(Raster(size: size, samples: red)))
        let kept = try opened(file("grey.png").path, labels) { $0.keepsOpacity = true }
        #expect(try kept.channels == 3 && kept.image(plane: 0).channels == 2)
    }

    @Test("Parts of stacks are read by plane and region")
    func parts() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let stack = try write("z.tif", [red, green, blue])
        var pair = AnnotatedImage(image: stack, labels: stack)
        pair.planes = 1..<3
        pair.region = Region(x: 1, y: 0, width: 2, height: 2)
        let part = try AnnotatedPlanes(opening: pair)
        #expect(part.planes == 1..<3 && part.size == Size(width: 2, height: 2))
        #expect(try part.labels(plane: 2).labels == [2, 3, 5, 6])
        let corner = Region(x: 1, y: 1, width: 1, height: 1)
        #expect(try part.labels(plane: 2, region: corner).labels == [6])
        #expect(
            try part.image(plane: 2, region: corner)
                == .uint8(Raster(size: corner.size, samples: [6]))
        )
        #expect(try part.pixels(plane: 1).read() == part.image(plane: 1))
        pair.planes = 1..<4
        #expect(throws: DataSetError.self) { try AnnotatedPlanes(opening: pair) }
    }

    @Test("Labels of another number of planes, and pictures of labels, are refused")
    func unfitLabels() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (plane, stack) = (try write("p.tif", [red]), try write("z.tif", [red, green]))
        #expect(throws: DataSetError.self) { try opened(plane, stack) }
        try AnyRaster.uint8(Raster(repeating: 3, size: size, channels: 3))
            .writeTIFF(to: file("picture.tif"))
        let picture = file("picture.tif").path
        #expect(throws: DataSetError.labelsNotGrey(labels: picture, channels: 1, samples: 3)) {
            try opened(plane, picture)
        }
        #expect(try LabelFile(opening: stack).readVolume().map(\.labels.last) == [50, 9])
    }
}

@Suite("Annotated arrays")
struct AnnotatedArrayTests {
    @Test("Names of dimensions given by hand hold for image and labels")
    func axes() throws {
        let folder = try TemporaryFolder()
        let (image, labels) = (folder.file("image.h5"), folder.file("labels.h5"))
        for (names, shape, other) in [
            ("tyx", "9x12x10", "9x12x10"), ("cyx", "2x12x10", "12x10"),
            ("yxc", "12x10x1", "12x10x1"), (nil, "12x10x1", "12x10x1"),
        ] {
            try HDF5Builder.write("data raw u1 \(shape)", to: image)
            try HDF5Builder.write("data raw u1 \(other)", to: labels)
            var reading = AnnotatedImage.ReadingOptions(axes: names)
            if names == "cyx" { reading.channels = [1] }
            let planes = try AnnotatedPlanes(
                opening: AnnotatedImage(image: image.path, labels: labels.path, reading: reading)
            )
            #expect(planes.size == Size(width: 10, height: 12))
            #expect(planes.planes.count == (names == "tyx" ? 9 : 1))
            let first = try planes.labels(plane: 0)
            #expect(first.labels[11] == UInt32(HDF5Builder.value(11)))
        }
    }

    @Test("Planes of one row or column are refused", arguments: ["5x10x1", "3x1x10", "40x1"])
    func narrow(shape: String) throws {
        let folder = try TemporaryFolder()
        let file = folder.file("image.h5")
        try HDF5Builder.write("data raw u1 \(shape)", to: file)
        #expect(throws: DataSetError.self) {
            try AnnotatedPlanes(opening: AnnotatedImage(image: file.path, labels: file.path))
        }
    }

    @Test("Names that fit neither the image nor the labels are an error")
    func wrongAxes() throws {
        let folder = try TemporaryFolder()
        try HDF5Builder.write("data raw u1 3x12x10", to: folder.file("a.h5"))
        for axes in ["yx", "tzcyx"] {
            let reading = AnnotatedImage.ReadingOptions(axes: axes)
            let path = folder.file("a.h5").path
            #expect(throws: ImageFormatError.self) {
                try AnnotatedPlanes(
                    opening: AnnotatedImage(image: path, labels: path, reading: reading)
                )
            }
            #expect(throws: ImageFormatError.self) { try LabelFile(opening: path, axes: axes) }
        }
    }
}
