import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Testing

@Suite("Damaged files")
struct DamagedFileTests {
    @Test("Empty files, folders, missing files and other content are told apart")
    func notImages() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("image.tif")
        #expect(kind(file) == .cannotOpen)
        try Data().write(to: file)
        #expect(kind(file) == .damaged)
        try Data("hello world".utf8).write(to: file)
        #expect(kind(file) == .unknownFormat)
        #expect(kind(folder.url) == .cannotOpen)
    }

    @Test("A file cut short anywhere is an error, never a wrong image")
    func truncated() throws {
        let page = TIFFBuilder.Page(
            width: 8,
            height: 6,
            bits: 16,
            compression: 8,
            strips: [SimpleCodecs.zlib([UInt8](repeating: 7, count: 96))]
        )
        let png = PNGBuilder(width: 9, height: 7, bits: 8, colorType: 2)
        for whole in [
            TIFFBuilder().file([page]), png.file { x, y, _ in UInt16(x * y) }, JPEGSamples.rgb,
            JPEGSamples.progressive,
        ] {
            // The last bytes of a PNG are the end marker, those of a JPEG padding bits.
            for count in stride(from: 0, to: whole.count - 16, by: 3) {
                #expect(throws: ImageFormatError.self, "\(count) of \(whole.count) bytes") {
                    try open(Array(whole[..<count])).read()
                }
            }
        }
    }

    @Test(
        "Claimed sizes beyond the file are refused before memory is taken",
        arguments: [UInt16(1), 5, 7, 8, 32773, 34925, 50000]
    )
    func lyingSizes(compression: UInt16) throws {
        for (width, height) in [(1 << 31, 1 << 31), (1 << 31, 1), (1, 1 << 31), (1 << 20, 1 << 20)]
        {
            for isTiled in [false, true] {
                var page = TIFFBuilder.Page(
                    width: width,
                    height: height,
                    bits: 8,
                    compression: compression,
                    strips: [SimpleCodecs.zlib([1, 2, 3])]
                )
                if isTiled {
                    page.tags[322] = .long([1 << 30])
                    page.tags[323] = .long([1 << 30])
                }
                #expect(throws: ImageFormatError.self) {
                    let region = Region(x: 0, y: 0, width: 1, height: 1)
                    return try open(TIFFBuilder().file([page])).read(region: region)
                }
            }
        }
        let png = PNGBuilder(width: 3, height: 3, bits: 8, colorType: 0)
        var bytes = png.file { _, _, _ in 1 }
        bytes.replaceSubrange(16..<24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF])
        PNGBuilder.repairChecksums(&bytes)
        #expect(throws: ImageFormatError.self) { try open(bytes) }
    }

    @Test("Strips that lie beyond the end of the file are an error")
    func lyingStrips() throws {
        for compression: UInt16 in [1, 8] {
            var page = TIFFBuilder.Page(
                width: 8,
                height: 6,
                bits: 8,
                compression: compression,
                strips: [[UInt8](repeating: 7, count: 48)]
            )
            page.tags[273] = .long([0xFFFF_FFF0])
            page.tags[279] = .long([0xFFFF_FFFF])
            #expect(throws: ImageFormatError.self) {
                try open(TIFFBuilder().file([page])).read()
            }
        }
    }

    @Test("Planes, levels and regions that do not exist are refused")
    func outOfRange() throws {
        let source = try open(JPEGSamples.grey)
        for region in [
            Region(x: -1, y: 0, width: 2, height: 2), Region(x: 0, y: 0, width: 14, height: 1),
            Region(x: 0, y: 0, width: 0, height: 1), Region(x: .max, y: 0, width: .max, height: 1),
        ] {
            #expect(throws: ImageFormatError.self) { try source.read(region: region) }
        }
        #expect(throws: ImageFormatError.self) { try source.read(PlaneIndex(z: 1)) }
        #expect(throws: ImageFormatError.self) { try source.read(level: 1) }
    }

    @Test("The limit of decoded bytes is kept, and a region within it is read")
    func decodedLimit() throws {
        let page = TIFFBuilder.Page(
            width: 100,
            height: 50,
            bits: 8,
            strips: [[UInt8](repeating: 1, count: 5000)]
        )
        let source = try open(TIFFBuilder().file([page]), .init(maximumDecodedBytes: 1000))
        let error = #expect(throws: ImageFormatError.self) { try source.read() }
        #expect(error?.kind == .tooLarge)
        #expect(try source.read(region: Region(x: 0, y: 0, width: 10, height: 10)).channels == 1)
    }

    @Test(
        "Images of one pixel and very long images are read",
        arguments: [(1, 1), (30_000, 20), (3, 4001)]
    )
    func extremeShapes(width: Int, height: Int) throws {
        let folder = try TemporaryFolder()
        var labels = LabelImage(size: Size(width: width, height: height))
        labels[x: width - 1, y: height - 1] = 7
        try labels.writeTIFF(to: folder.file("labels.tif"))
        #expect(try ImageSource(opening: folder.file("labels.tif")).readLabels() == labels)
    }

    private func kind(_ url: URL) -> ImageFormatError.Kind? {
        do throws(ImageFormatError) {
            _ = try ImageSource(opening: url)
            return nil
        } catch {
            return error.kind
        }
    }
}
