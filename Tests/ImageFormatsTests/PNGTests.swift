import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Testing

@Suite("PNG")
struct PNGTests {
    @Test(
        "Grey of every depth, interlaced or not, keeps its place and spans the range of its type",
        arguments: [1, 2, 4, 8, 16],
        [false, true]
    )
    func grey(bits: Int, isInterlaced: Bool) throws {
        let most = (1 << bits) - 1
        let value = { (x: Int, y: Int) in (x * 7 + y * 13) & most }
        let builder = PNGBuilder(
            width: 13,
            height: 11,
            bits: bits,
            colorType: 0,
            isInterlaced: isInterlaced
        )
        let source = try open(builder.file { x, y, _ in UInt16(value(x, y)) })
        #expect(source.description.bitsPerSample == bits)
        let scale = bits == 16 ? 1 : 255 / most
        let region = Region(x: 3, y: 2, width: 9, height: 8)
        let part = try source.read(region: region).floats()
        for y in 0..<8 {
            for x in 0..<9 { #expect(part[x: x, y: y] == Float(value(x + 3, y + 2) * scale)) }
        }
    }

    @Test("Regions in any order are parts of the whole", arguments: [1, 8, 16])
    func regions(bits: Int) throws {
        let builder = PNGBuilder(width: 40, height: 50, bits: bits, colorType: 0)
        let source = try open(builder.file { x, y, _ in UInt16((x * y) % (1 << bits)) })
        let whole = try source.read().floats()
        let rows = [(0, 10), (8, 12), (8, 3), (25, 10), (40, 10), (20, 20), (0, 1), (1, 49)]
        for (y, height) in rows {
            for x in [0, 17] {
                let region = Region(x: x, y: y, width: 20, height: height)
                #expect(try source.read(region: region).floats() == whole.cropped(to: region))
            }
        }
    }

    @Test("Colour and alpha keep their channels", arguments: [UInt8(2), 4, 6], [8, 16])
    func channels(colorType: UInt8, bits: Int) throws {
        let builder = PNGBuilder(
            width: 5,
            height: 3,
            bits: bits,
            colorType: colorType,
            isInterlaced: true
        )
        let source = try open(builder.file { x, y, c in UInt16(x * 20 + y * 7 + c * 50) })
        let raster = try source.read().floats()
        #expect(raster.channels == builder.channels)
        for channel in 0..<raster.channels {
            #expect(raster[x: 4, y: 2, channel: channel] == Float(94 + channel * 50))
        }
    }

    @Test("A palette becomes RGB, or RGBA where it has transparency", arguments: [1, 2, 4, 8])
    func palette(bits: Int) throws {
        var builder = PNGBuilder(
            width: 7,
            height: 5,
            bits: bits,
            colorType: 3,
            palette: [10, 20, 30, 200, 100, 50]
        )
        let opaque = try open(builder.file { x, y, _ in UInt16((x + y) % 2) })
        #expect(opaque.description.colorModel == .rgb)
        let raster = try opaque.read().floats()
        #expect(raster.samples[..<6] == [10, 20, 30, 200, 100, 50])
        builder.transparency = [0]
        let transparent = try open(builder.file { x, y, _ in UInt16((x + y) % 2) })
        #expect(
            try transparent.read().floats().samples[..<8] == [10, 20, 30, 0, 200, 100, 50, 255]
        )
        let stored = try open(
            builder.file { x, y, _ in UInt16((x + y) % 2) },
            .init(colorConversion: .asStored)
        )
        #expect(try stored.read().floats().samples[..<3] == [0, 1, 0])
    }
}

@Suite("JPEG")
struct JPEGTests {
    @Test("Baseline and progressive files give about the pixels that were encoded")
    func pixels() throws {
        let grey = try open(JPEGSamples.grey).read().floats()
        #expect(grey.channels == 1 && grey.size == Size(width: 13, height: 9))
        #expect(abs(grey[x: 8, y: 4] - 148) < 5)
        for bytes in [JPEGSamples.rgb, JPEGSamples.progressive] {
            let rgb = try open(bytes).read().floats()
            #expect(rgb.channels == 3)
            #expect(abs(rgb[x: 8, y: 4, channel: 0] - 148) < 6)
            #expect(abs(rgb[x: 8, y: 4, channel: 1] - 107) < 6)
        }
    }

    @Test("Inks become red, green and blue, or stay as they are")
    func inks() throws {
        let rgb = try open(JPEGSamples.cmyk).read().floats()
        #expect(rgb.channels == 3)
        #expect(zip(rgb.samples[..<3], [255, 0, 255]).allSatisfy { abs($0 - $1) < 8 })
        let source = try open(JPEGSamples.cmyk, .init(colorConversion: .asStored))
        #expect(source.description.colorModel == .cmyk)
        #expect(try source.read().channels == 4)
    }
}

/// A source over bytes that are written to a temporary file, which stays until the next run.
func open(
    _ bytes: [UInt8],
    _ options: ImageSource.Options = .init()
) throws -> ImageSource {
    // The file must outlive the source, which opens PNG and JPEG files anew for each read.
    let folder = FileManager.default.temporaryDirectory.appending(path: "formats-tests")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: "\(UUID())")
    try Data(bytes).write(to: file)
    return try ImageSource(opening: file, options: options)
}
