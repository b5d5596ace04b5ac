import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Testing

@Suite("TIFF")
struct TIFFTests {
    @Test(
        "Samples of any number of bits are unpacked",
        arguments: [1, 2, 3, 5, 8, 10, 12, 16, 20, 31]
    )
    func packedBits(bits: Int) throws {
        let most = bits >= 31 ? 0x7FFF_FFFF : (1 << bits) - 1
        let value = { (x: Int, y: Int) in (x * 104_729 + y * 1_299_709) & most }
        let strip = (0..<5).flatMap { y in pack((0..<11).map { value($0, y) }, bits: bits) }
        let page = TIFFBuilder.Page(width: 11, height: 5, bits: bits, strips: [strip])
        let source = try open(TIFFBuilder(isBigEndian: true).file([page]))
        let part = try source.read(region: Region(x: 3, y: 1, width: 8, height: 4))
        for y in 0..<4 {
            for x in 0..<8 { #expect(integer(part, x, y) == value(x + 3, y + 1)) }
        }
    }

    @Test(
        "Each compression gives the same pixels",
        arguments: [UInt16(1), 5, 8, 32773, 32946, 50000],
        [false, true]
    )
    func compressions(compression: UInt16, isTiled: Bool) throws {
        let rows = (0..<240).map { UInt8(truncatingIfNeeded: $0 * 37) }
        let encoded =
            switch compression {
            case 5: SimpleCodecs.lzw(rows)
            case 8, 32946: SimpleCodecs.zlib(rows)
            case 32773: SimpleCodecs.packBits(rows)
            case 50000: SimpleCodecs.zstd(rows)
            default: rows
            }
        // A tile is 16 wide; the image covers 13 x 11 of it. A strip has the width of the image.
        var page = TIFFBuilder.Page(
            width: isTiled ? 13 : 16,
            height: isTiled ? 11 : 15,
            bits: 8,
            compression: compression,
            strips: [encoded]
        )
        if isTiled {
            guard compression != 50000 else { return }
            let tile = rows + [UInt8](repeating: 9, count: 16)
            page.tags[322] = .short([16])
            page.tags[323] = .short([16])
            page.tags[278] = nil
            page.blocks = [
                compression == 5
                    ? SimpleCodecs.lzw(tile)
                    : compression == 1
                        ? tile
                        : compression == 32773
                            ? SimpleCodecs.packBits(tile) : SimpleCodecs.zlib(tile)
            ]
        }
        let source = try open(TIFFBuilder().file([page]))
        let part = try source.read(region: Region(x: 2, y: 3, width: 10, height: 8)).floats()
        for y in 0..<8 {
            for x in 0..<10 { #expect(part[x: x, y: y] == Float(rows[(y + 3) * 16 + x + 2])) }
        }
    }

    @Test("Grey where 0 is white is inverted, unless samples are wanted as stored")
    func whiteIsZero() throws {
        let page = TIFFBuilder.Page(
            width: 3,
            height: 1,
            bits: 8,
            photometric: 0,
            strips: [[0, 100, 255]]
        )
        let file = TIFFBuilder().file([page])
        #expect(try open(file).read().floats().samples == [255, 155, 0])
        let stored = try open(file, .init(colorConversion: .asStored))
        #expect(try stored.read().floats().samples == [0, 100, 255])
        var inImageJ = page
        inImageJ.tags[270] = .text("ImageJ=1.54f\n")
        #expect(try open(TIFFBuilder().file([inImageJ])).read().floats().samples == [0, 100, 255])
    }

    @Test("A palette becomes RGB")
    func palette() throws {
        var page = TIFFBuilder.Page(
            width: 3,
            height: 1,
            bits: 8,
            photometric: 3,
            strips: [[0, 255, 1]]
        )
        var map = [UInt16](repeating: 0, count: 768)
        (map[255], map[511], map[767]) = (0xFFFF, 0x8000, 0x0100)
        page.tags[320] = .short(map)
        let source = try open(TIFFBuilder(isBigEndian: true).file([page]))
        #expect(source.description.colorModel == .rgb)
        #expect(try source.read().floats().samples == [0, 0, 0, 255, 128, 1, 0, 0, 0])
    }

    @Test("Inks become red, green and blue")
    func inks() throws {
        let page = TIFFBuilder.Page(
            width: 2,
            height: 1,
            bits: 8,
            samples: 4,
            photometric: 5,
            strips: [[0, 255, 0, 0, 0, 0, 0, 255]]
        )
        #expect(
            try open(TIFFBuilder().file([page])).read().floats().samples == [255, 0, 255, 0, 0, 0]
        )
    }

    @Test(
        "Samples that are no colour become channels, interleaved or in planes",
        arguments: [1, 2]
    )
    func channels(planar: UInt16) throws {
        let pixels: [[UInt8]] = planar == 1 ? [[1, 2, 3, 4, 5, 6]] : [[1, 4], [2, 5], [3, 6]]
        let page = TIFFBuilder.Page(
            width: 2,
            height: 1,
            bits: 8,
            samples: 3,
            planar: planar,
            strips: pixels
        )
        let source = try open(TIFFBuilder().file([page]))
        #expect(source.description.axes == ImageAxes(c: 3, y: 1, x: 2))
        for c in 0..<3 {
            let plane = try source.read(PlaneIndex(c: c)).floats()
            #expect(plane.samples == [Float(c + 1), Float(c + 4)])
        }
    }

    @Test("Pages that differ form series of their own")
    func series() throws {
        let small = TIFFBuilder.Page(width: 2, height: 1, bits: 8, strips: [[1, 2]])
        let large = TIFFBuilder.Page(width: 3, height: 1, bits: 8, strips: [[7, 8, 9]])
        let file = TIFFBuilder(isBig: true).file([small, small, large])
        let source = try open(file)
        #expect(source.description.series.map(\.axes.z) == [2, 1])
        #expect(source.description.axes == ImageAxes(z: 2, y: 1, x: 2))
        let second = try open(file, .init(series: 1))
        #expect(try second.read().floats().samples == [7, 8, 9])
        let error = #expect(throws: ImageFormatError.self) { try open(file, .init(series: 2)) }
        #expect(error?.kind == .outOfRange)
    }

    @Test("An ImageJ stack with one page holds the planes that follow its pixels")
    func contiguousStack() throws {
        var page = TIFFBuilder.Page(
            width: 2,
            height: 1,
            bits: 16,
            strips: [[0, 1, 0, 2], []]
        )
        page.blocks = [[0, 1, 0, 2]]
        page.tags[270] = .text("ImageJ=1.54f\nimages=3\nchannels=3\n")
        // The builder puts pixels first: the other planes are placed behind by hand.
        page.tags[273] = .long([400])
        page.tags[279] = .long([4])
        var file = TIFFBuilder(isBigEndian: true).file([page])
        file += [UInt8](repeating: 0, count: 400 - file.count)
        file += [0, 1, 0, 2, 0, 3, 0, 4, 1, 5, 1, 6]
        let source = try open(file)
        #expect(source.description.axes == ImageAxes(c: 3, y: 1, x: 2))
        #expect(try source.read(PlaneIndex(c: 2)).floats().samples == [261, 262])
    }

    @Test("NaN and infinite samples pass through")
    func notFinite() throws {
        let values: [Float] = [.nan, .infinity, -0.0]
        let folder = try TemporaryFolder()
        let raster = AnyRaster.float32(
            try Raster(size: Size(width: 3, height: 1), samples: values)
        )
        try raster.writeTIFF(to: folder.file("nan.tif"))
        let found = try ImageSource(opening: folder.file("nan.tif")).read().floats().samples
        #expect(found.map(\.bitPattern) == values.map(\.bitPattern))
    }

    private func pack(_ values: [Int], bits: Int) -> [UInt8] {
        if bits == 16 { return values.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } }
        var bytes = [UInt8](repeating: 0, count: (values.count * bits + 7) / 8)
        for (index, value) in values.enumerated() {
            for bit in 0..<bits where value >> (bits - 1 - bit) & 1 == 1 {
                let position = index * bits + bit
                bytes[position / 8] |= 0x80 >> UInt8(position % 8)
            }
        }
        return bytes
    }

    private func integer(_ raster: AnyRaster, _ x: Int, _ y: Int) -> Int? {
        switch raster {
        case .uint8(let raster): Int(raster[x: x, y: y])
        case .uint16(let raster): Int(raster[x: x, y: y])
        case .uint32(let raster): Int(raster[x: x, y: y])
        default: nil
        }
    }
}
