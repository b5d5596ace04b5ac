import Imaging
import Prompting
import SegmentAnything
import Segmentation
import Testing
import Torch

@Suite("Input of the image encoder")
struct ModelInputTests {
    private func input(_ size: Size, _ padding: FramePadding) throws -> [Float] {
        let samples = (0..<size.count * 3).map { UInt8($0 * 13 % 256) }
        let image = try Raster(size: size, channels: 3, samples: samples)
        return try Tensor(modelInput: image, padding: padding).elements()
    }

    @Test("Beside an image lies nothing, or its mirror image as often as it takes")
    func padding() throws {
        let size = Size(width: 1024, height: 300)
        let (zero, mirror) = (try input(size, .zero), try input(size, .mirror))
        let side = 1024
        func row(_ y: Int, of input: [Float]) -> ArraySlice<Float> {
            input[y * side..<(y + 1) * side]
        }
        for y in [0, 150, 299] { #expect(row(y, of: zero) == row(y, of: mirror)) }
        #expect(row(300, of: zero).allSatisfy { $0 == 0 })
        // 299 is the last row and not repeated; the period is 598.
        for (y, source) in [(300, 298), (598, 0), (599, 1), (896, 298), (897, 299), (898, 298)] {
            #expect(row(y, of: mirror).elementsEqual(row(source, of: zero)), "row \(y)")
        }
    }

    @Test("Images of one row or column have a mirror image, too")
    func thin() throws {
        for size in [Size(width: 1024, height: 1), Size(width: 1, height: 1024)] {
            #expect(try input(size, .mirror).allSatisfy { $0.isFinite })
        }
        let mirror = try input(Size(width: 1, height: 1024), .mirror)
        #expect(mirror[0] == mirror[1023])
    }

}
