import Foundation
import ImageFormats
import Imaging
import Testing

/// A folder of its own for one test; removed when the value ends.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "formats-\(UUID())")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(at: url) } catch { print("left behind: \(error)") }
    }

    func file(_ name: String) -> URL { url.appending(path: name) }

    var contents: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: url.path) }
    }
}

@Suite("Writers")
struct WriterTests {
    private let size = Size(width: 37, height: 23)

    @Test("Labels that fit are stored as 16 bits, larger ones as 32", arguments: [65_535, 65_536])
    func labels(largest: UInt32) throws {
        let folder = try TemporaryFolder()
        var labels = LabelImage(size: size)
        labels[x: 36, y: 22] = largest
        labels[x: 1, y: 0] = 3
        try labels.writeTIFF(to: folder.file("labels.tif"))
        let source = try ImageSource(opening: folder.file("labels.tif"))
        #expect(source.description.sampleType == (largest > 65_535 ? .uint32 : .uint16))
        #expect(source.description.compression == "deflate")
        #expect(try source.read().floats().samples == labels.labels.map { Float($0) })
        #expect(try folder.contents == ["labels.tif"])
    }

    @Test(
        "Every sample type survives TIFF, with and without compression",
        arguments: SampleType.allCases,
        TIFFWriter.Options.Compression.allCasesForTests
    )
    func roundTrip(type: SampleType, compression: TIFFWriter.Options.Compression) throws {
        let folder = try TemporaryFolder()
        for channels in 1...4 {
            let raster = pattern(type, channels: channels)
            let file = folder.file("image.tif")
            try raster.writeTIFF(to: file, options: .init(compression: compression))
            let source = try ImageSource(opening: file)
            #expect(source.description.samplesPerPixel == channels)
            #expect(try source.read() == raster)
        }
    }

    @Test(
        "8- and 16-bit planes of 1 to 4 channels survive PNG",
        arguments: [SampleType.uint8, .uint16],
        1...4
    )
    func pngRoundTrip(type: SampleType, channels: Int) throws {
        let folder = try TemporaryFolder()
        let raster = pattern(type, channels: channels)
        try raster.writePNG(to: folder.file("image.png"))
        let source = try ImageSource(opening: folder.file("image.png"))
        #expect(try source.read() == raster)
    }

    @Test("A stack keeps its axes and calibration")
    func stack() throws {
        let folder = try TemporaryFolder()
        let axes = ImageAxes(t: 2, c: 3, z: 4, y: 5, x: 7)
        let physicalSize = PhysicalSize(
            x: 0.25,
            y: 0.5,
            z: 2,
            unit: "\u{B5}m",
            t: 30,
            timeUnit: "s"
        )
        var writer = try TIFFWriter(
            creating: folder.file("stack.tif"),
            axes: axes,
            sampleType: .uint16,
            options: .init(physicalSize: physicalSize)
        )
        for number in 0..<24 {
            try writer.append(
                .uint16(Raster(repeating: UInt16(number), size: Size(width: 7, height: 5)))
            )
        }
        try writer.finish()
        let source = try ImageSource(opening: folder.file("stack.tif"))
        #expect(source.description.axes == axes)
        #expect(source.description.physicalSize == physicalSize)
        let plane = try source.read(PlaneIndex(t: 1, c: 2, z: 3))
        #expect(plane.floats().samples.allSatisfy { $0 == 23 })
        #expect(try source.read(PlaneIndex(t: 0, c: 1, z: 2)).floats().samples[0] == 7)
    }

    @Test("A writer that ends early leaves neither a partial file nor a changed one")
    func abandoned() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("stack.tif")
        try Data("before".utf8).write(to: file)
        do {
            var writer = try TIFFWriter(
                creating: file,
                axes: ImageAxes(z: 2, y: 5, x: 7),
                sampleType: .uint8
            )
            try writer.append(.uint8(Raster(repeating: 1, size: Size(width: 7, height: 5))))
        }
        #expect(try folder.contents == ["stack.tif"])
        #expect(try Data(contentsOf: file) == Data("before".utf8))
    }

    @Test("A folder that does not exist is named in the error")
    func missingFolder() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("none/labels.tif")
        let error = #expect(throws: ImageFormatError.self) {
            try LabelImage(size: size).writeTIFF(to: file)
        }
        #expect(error?.kind == .cannotWrite)
        #expect(error?.path == file.path)
    }

    /// Values that use the range of the type and differ between neighbours and channels.
    private func pattern(_ type: SampleType, channels: Int) -> AnyRaster {
        func make<Sample: Sendable>(_ value: (Int) -> Sample) -> Raster<Sample> {
            var raster = Raster(repeating: value(0), size: size, channels: channels)
            for index in raster.samples.indices { raster.samples[index] = value(index) }
            return raster
        }
        let step = 2_654_435_761
        switch type {
        case .uint8: return .uint8(make { UInt8(truncatingIfNeeded: $0 &* step) })
        case .int8: return .int8(make { Int8(truncatingIfNeeded: $0 &* step) })
        case .uint16: return .uint16(make { UInt16(truncatingIfNeeded: $0 &* step) })
        case .int16: return .int16(make { Int16(truncatingIfNeeded: $0 &* step) })
        case .uint32: return .uint32(make { UInt32(truncatingIfNeeded: $0 &* step) })
        case .int32: return .int32(make { Int32(truncatingIfNeeded: $0 &* step) })
        case .uint64: return .uint64(make { UInt64(truncatingIfNeeded: $0 &* step &* step) })
        case .int64: return .int64(make { Int64(truncatingIfNeeded: $0 &* step &* step) })
        case .float32: return .float32(make { Float($0) * 0.37 - 100 })
        case .float64: return .float64(make { Double($0) * -0.11 + 1e-7 })
        }
    }
}

extension TIFFWriter.Options.Compression {
    static let allCasesForTests: [Self] = [.none, .deflate, .zstd]
}
