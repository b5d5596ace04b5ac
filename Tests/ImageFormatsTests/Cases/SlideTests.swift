import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Prompting
import Testing

@Suite("Whole slides and formats of microscopes")
struct SlideTests {
    private static let side = 256

    /// A page of tiles in which the colour of a pixel tells its place and level.
    private func page(_ width: Int, _ height: Int, level: Int, text: String?) -> TIFFBuilder.Page {
        let (across, down) = (
            (width + Self.side - 1) / Self.side, (height + Self.side - 1) / Self.side
        )
        var page = TIFFBuilder.Page(
            width: width,
            height: height,
            bits: 8,
            samples: 3,
            photometric: 2,
            strips: []
        )
        page.blocks = (0..<down * across).map { tile in
            (0..<Self.side * Self.side).flatMap { _ in [UInt8(tile), UInt8(level), 200] }
        }
        page.tags[278] = nil
        page.tags[322] = .long([UInt32(Self.side)])
        page.tags[323] = .long([UInt32(Self.side)])
        if let text { page.tags[270] = .text(text) }
        return page
    }

    private func slide(mpp: String?) -> [UInt8] {
        let text =
            "Aperio Image Library v11.2.1\r\n1000x600 [0,0 1000x600] (256x256) RAW|AppMag = 20"
            + (mpp.map { "|MPP = \($0)" } ?? "")
        return TIFFBuilder().file([
            page(1000, 600, level: 0, text: text), page(500, 300, level: 1, text: text),
            page(250, 150, level: 2, text: text),
        ])
    }

    @Test(
        "An Aperio slide has levels, a pixel size and colours",
        arguments: ["0.4990", "0.25", nil]
    )
    func aperio(mpp: String?) throws {
        let source = try open(slide(mpp: mpp))
        let found = source.description
        #expect(found.format == "whole slide (aperio)")
        #expect(found.levels == [Size(width: 1000, height: 600), Size(width: 500, height: 300)])
        // The third level is narrower than a tile.
        #expect(found.notes == [.smallLevelsUnused(1)])
        #expect(found.physicalSize.x == mpp.flatMap { Double($0) } && found.colorModel == .rgb)
        // The tile in the second column and row is number 5 of four in a row.
        let part = try source.read(region: Region(x: 250, y: 260, width: 12, height: 3)).floats()
        for x in 0..<12 { #expect(part[x: x, y: 1, channel: 0] == (x < 6 ? 4 : 5)) }
        #expect(part[x: 0, y: 0, channel: 1] == 0 && part[x: 0, y: 0, channel: 2] == 200)
        let small = try source.read(region: Region(x: 3, y: 4, width: 9, height: 7), level: 1)
        #expect(small.size == Size(width: 9, height: 7))
        #expect(small.floats()[x: 4, y: 3, channel: 1] == 1)
    }

    @Test("A region equals the same part of the whole slide")
    func regions() throws {
        let source = try open(slide(mpp: "0.5"))
        let whole = try source.read().floats()
        let region = Region(x: 100, y: 200, width: 701, height: 333)
        #expect(try source.read(region: region).floats() == whole.cropped(to: region))
        #expect(throws: ImageFormatError.self) {
            try source.read(region: Region(x: 999, y: 0, width: 2, height: 1))
        }
    }

    @Test(
        "Tiled TIFF of other programs is read as TIFF",
        arguments: ["", "Some program", "ImageJ=1.54\n"]
    )
    func otherTIFF(text: String) throws {
        let file = TIFFBuilder().file([page(300, 270, level: 7, text: text)])
        let source = try open(file)
        #expect(source.description.format.hasSuffix("TIFF"))
        let pixels = try source.read().floats()
        #expect(pixels[x: 299, y: 269, channel: 0] == 3)
    }

    @Test("A slide that is cut short is an error", arguments: [500, 90_000, 1_200_000])
    func damaged(count: Int) throws {
        let whole = slide(mpp: nil)
        #expect(throws: ImageFormatError.self) { try open(Array(whole.prefix(count))).read() }
    }

    @Test(
        "Formats of microscopes are named by their content, with the command that converts them",
        arguments: [
            ("Zeiss CZI", 0, Array("ZISRAWFILE".utf8)), ("Leica LIF", 0, [0x70, 0, 0, 0, 1, 2]),
            ("Nikon ND2", 0, [0xDA, 0xCE, 0xBE, 0x0A]), ("MRC", 208, Array("MAP ".utf8)),
            ("Olympus OIR", 0, Array("OLYMPUSRAWFORMAT".utf8)),
            ("DICOM", 128, Array("DICM".utf8)), ("DeltaVision", 96, [0xA0, 0xC0]),
        ] as [(String, Int, [UInt8])]
    )
    func foreign(name: String, offset: Int, signature: [UInt8]) throws {
        let folder = try TemporaryFolder()
        // The ending is that of another format.
        let url = folder.file("my cells.tif")
        let padding = [UInt8](repeating: 1, count: offset)
        try Data(padding + signature + [UInt8](repeating: 2, count: 600)).write(to: url)
        let error = #expect(throws: ImageFormatError.self) { try ImageSource(opening: url) }
        #expect(error?.kind == .unknownFormat && error?.problem.contains(name) == true)
        #expect(error?.advice.contains("bfconvert '\(folder.url.path)/my cells.tif'") == true)
    }

    @Test("Pictures and tables have other ways out")
    func others() throws {
        let folder = try TemporaryFolder()
        for (bytes, advice) in [
            ([0x93] + Array("NUMPY".utf8), "numpy.load"), (Array("GIF89a".utf8), "PNG or TIFF"),
            (Array("<?xml version".utf8), "TIFF files"),
        ] as [([UInt8], String)] {
            let url = folder.file("file")
            try Data(bytes + [UInt8](repeating: 0, count: 100)).write(to: url)
            let error = #expect(throws: ImageFormatError.self) { try ImageSource(opening: url) }
            #expect(error?.advice.contains(advice) == true)
        }
    }
}
