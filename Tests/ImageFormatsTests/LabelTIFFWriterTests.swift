import Foundation
import ImageFormats
import Imaging
import Testing

@Suite("LabelTIFFWriter")
struct LabelTIFFWriterTests {
    @Test("Regions in any order make the whole image, and the rest is background")
    func regions() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("labels.tif")
        var whole = LabelImage(size: Size(width: 100, height: 70))
        for y in 0..<70 { for x in 0..<100 { whole[x: x, y: y] = UInt32(y * 100 + x) * 50 } }
        var writer = try LabelTIFFWriter(creating: file, size: whole.size, tileSide: 32)
        for (x, y, width, height) in [(64, 32, 36, 38), (0, 0, 64, 32), (32, 64, 32, 6)] {
            let region = Region(x: x, y: y, width: width, height: height)
            try writer.write(part(of: whole, region), to: region)
        }
        try writer.finish()
        let found = try ImageSource(opening: file)
        #expect(found.description.blockSize == Size(width: 32, height: 32))
        let labels = try found.readLabels()
        #expect(labels[x: 99, y: 69] == whole[x: 99, y: 69])
        #expect(labels[x: 63, y: 31] == whole[x: 63, y: 31])
        #expect(labels[x: 40, y: 69] == whole[x: 40, y: 69])
        #expect(labels[x: 70, y: 5] == 0 && labels[x: 5, y: 40] == 0)
    }

    @Test("Regions that cut tiles, leave the image or do not fit the type are refused")
    func refused() throws {
        let folder = try TemporaryFolder()
        var writer = try LabelTIFFWriter(
            creating: folder.file("labels.tif"),
            size: Size(width: 100, height: 70),
            sampleType: .uint16,
            tileSide: 32
        )
        let tile = LabelImage(size: Size(width: 32, height: 32))
        for (x, y) in [(1, 0), (0, 31), (96, 0), (-32, 0), (0, .max - 31)] {
            var wasRefused = false
            let region = Region(x: x, y: y, width: 32, height: 32)
            do throws(ImageFormatError) { try writer.write(tile, to: region) } catch {
                wasRefused = error.kind == .invalidPixels
            }
            #expect(wasRefused, "at (\(x), \(y))")
        }
        var large = tile
        large[x: 0, y: 0] = 65_536
        var wasRefused = false
        do throws(ImageFormatError) { try writer.write(large, to: Region(large.size)) } catch {
            wasRefused = error.kind == .invalidPixels
        }
        #expect(wasRefused)
    }

    private func part(of labels: LabelImage, _ region: Region) throws -> LabelImage {
        let raster = try Raster(size: labels.size, samples: labels.labels).cropped(to: region)
        return try LabelImage(size: raster.size, labels: raster.samples)
    }
}
