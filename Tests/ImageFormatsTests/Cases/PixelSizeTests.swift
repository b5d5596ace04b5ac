import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Prompting
import Testing

@Suite("Sizes of pixels")
struct PixelSizeTests {
    private func file(_ dots: Double, unit: UInt16) -> [UInt8] {
        var page = TIFFBuilder.Page(width: 2, height: 1, bits: 8, strips: [[1, 2]])
        let value = (UInt32((dots * 1000).rounded()), UInt32(1000))
        page.tags[282] = .rational([value])
        page.tags[283] = .rational([value])
        page.tags[296] = .short([unit])
        return TIFFBuilder().file([page])
    }

    @Test(
        "Resolutions of screens and printers are none",
        arguments: [72, 96, 150, 300, 600, 1200, 2400],
        [UInt16(2), 3]
    )
    func office(dots: Double, unit: UInt16) throws {
        let source = try open(file(unit == 2 ? dots : (dots / 2.54).rounded(), unit: unit))
        #expect(source.description.physicalSize.isEmpty)
        #expect(source.description.pixelSizeSource == nil)
    }

    @Test("Other resolutions are sizes", arguments: [(10_000, UInt16(3), 1), (78_154, 2, 0.325)])
    func microscope(dots: Double, unit: UInt16, size: Double) throws {
        let found = try open(file(dots, unit: unit)).description
        let x = try #require(found.physicalSize.x)
        #expect(abs(x - size) < 1e-4 && found.pixelSizeSource == .resolution)
    }

    @Test("Pixels of more than 50 µm are none", arguments: [10, 199.0])
    func large(dots: Double) throws {
        #expect(try open(file(dots, unit: 3)).description.physicalSize.isEmpty)
    }

    /// A PNG of so many pixels per metre.
    private func png(_ x: UInt32, _ y: UInt32, unit: UInt8 = 1) -> [UInt8] {
        func bytes(_ number: UInt32) -> [UInt8] {
            (0..<4).map { UInt8(truncatingIfNeeded: number >> UInt32(24 - 8 * $0)) }
        }
        var file = PNGBuilder(width: 5, height: 4, bits: 8, colorType: 0).file { x, y, _ in
            UInt16(x + y)
        }
        // Behind the signature and the header.
        file.insert(contentsOf: PNGBuilder.chunk("pHYs", bytes(x) + bytes(y) + [unit]), at: 33)
        return file
    }

    @Test(
        "The same rule holds for PNG",
        arguments: [
            (2835, 1, nil), (3780, 1, nil), (5906, 1, nil), (11811, 1, nil), (23622, 1, nil),
            (15_000, 1, nil), (1_000_000, 1, 1), (3_076_923, 1, 0.325), (1_000_000, 0, nil),
        ] as [(UInt32, UInt8, Double?)]
    )
    func png(density: UInt32, unit: UInt8, size: Double?) throws {
        let found = try open(png(density, density, unit: unit)).description
        guard let size else {
            #expect(found.physicalSize.isEmpty && found.pixelSizeSource == nil)
            return
        }
        let x = try #require(found.physicalSize.x)
        #expect(abs(x - size) < 1e-4 && found.pixelSizeSource == .resolution)
    }

    @Test(
        "The density of a JPEG is never a size",
        arguments: [(72, UInt8(1)), (300, 1), (118, 2), (10_000, 2), (40_000, 1)]
    )
    func jpeg(density: Int, unit: UInt8) throws {
        var file = JPEGSamples.grey
        try #require(Array(file[6..<10]) == Array("JFIF".utf8))
        let bytes = [UInt8(density >> 8), UInt8(density & 0xFF)]
        file.replaceSubrange(13..<18, with: [unit] + bytes + bytes)
        let found = try open(file).description
        #expect(found.physicalSize.isEmpty && found.pixelSizeSource == nil)
    }

    @Test("The user's size goes before that of the file, and is known as such")
    func given() throws {
        let folder = try TemporaryFolder()
        let url = folder.file("a.tif")
        try Data(file(10_000, unit: 3)).write(to: url)
        var selection = PlaneSelection()
        #expect(try PlaneSource(opening: url.path, selection).pixelSizeSource == .resolution)
        selection.pixelSize = PixelSize("0.2,0.3")
        let plane = try PlaneSource(opening: url.path, selection)
        #expect(plane.pixelSizeSource == .given)
        #expect(plane.physicalSize == PhysicalSize(x: 0.3, y: 0.2, unit: "\u{B5}m"))
    }

    @Test(
        "Sizes are one, two or three positive numbers",
        arguments: ["0.25", "0.2,0.3", "1.5,0.2,0.3"]
    )
    func texts(text: String) throws {
        let size = try #require(PixelSize(text))
        #expect("\(size)" == text)
        let data = try JSONEncoder().encode([size])
        #expect(try JSONDecoder().decode([PixelSize].self, from: data) == [size])
        for wrong in ["", "0", "-1", "a", "1,2,3,4", "1,", "nan", "inf"] {
            #expect(PixelSize(wrong) == nil)
        }
    }
}
