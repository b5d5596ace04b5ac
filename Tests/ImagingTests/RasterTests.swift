import Imaging
import Testing

@Suite("Raster")
struct RasterTests {
    @Test("Cropping keeps all channels of the pixels inside the region")
    func crop() throws {
        let raster = try Raster(
            size: Size(width: 3, height: 2),
            channels: 2,
            samples: Array(0..<12)
        )
        let cropped = try raster.cropped(to: Region(x: 1, y: 0, width: 2, height: 2))
        #expect(cropped.samples == [2, 3, 4, 5, 8, 9, 10, 11])
    }

    @Test("A region outside the raster is refused")
    func cropOutside() throws {
        let raster = Raster(repeating: 0, size: Size(width: 3, height: 2))
        #expect(throws: ImagingError.self) {
            try raster.cropped(to: Region(x: 2, y: 0, width: 2, height: 1))
        }
    }

    @Test("Integers become floating point by value, not by bit pattern")
    func floatsOfIntegers() throws {
        let size = Size(width: 3, height: 1)
        let unsigned = AnyRaster.uint32(try Raster(size: size, samples: [0, 7, 70_170]))
        #expect(unsigned.floats().samples == [0, 7, 70_170])
        let signed = AnyRaster.int16(try Raster(size: size, samples: [-3, 0, 12]))
        #expect(signed.floats().samples == [-3, 0, 12])
    }

    @Test("Sizes and regions beyond all limits are refused, not computed")
    func hugeSizes() throws {
        let huge = Size(width: 1 << 40, height: 1 << 40)
        #expect(throws: ImagingError.self) { try Raster<UInt8>(size: huge, samples: []) }
        #expect(throws: ImagingError.self) { try LabelImage(size: huge, labels: []) }
        let raster = Raster(repeating: 0, size: Size(width: 3, height: 2))
        for region in [
            Region(x: .max, y: 0, width: 1, height: 1), Region(x: 1, y: 0, width: .max, height: 1),
            Region(x: 0, y: .max, width: 1, height: .max),
        ] {
            #expect(!region.isInside(raster.size))
            #expect(throws: ImagingError.self) { try raster.cropped(to: region) }
        }
    }
}
