import Imaging
import Testing

@Suite("Values beyond single precision")
struct PrecisionTests {
    private let size = Size(width: 3, height: 2)

    private func doubles(_ values: [Double]) throws -> AnyRaster {
        .float64(try Raster(size: size, samples: values))
    }

    @Test("Finite values that are too large are not called NaN", arguments: [1e300, -1e39])
    func tooLarge(value: Double) throws {
        let image = try doubles([0, 1, value, 3, 4, 5])
        #expect(throws: ImagingError.tooLarge("the image")) { try image.intensityRanges() }
        #expect(throws: ImagingError.tooLarge("the image")) { try IntensityRanges(of: image) }
        for other in [Double.nan, .infinity] {
            let image = try doubles([0, 1, other, 3, 4, 5])
            let error = #expect(throws: ImagingError.self) { try image.intensityRanges() }
            #expect(error == .notFinite("channel 0 of the image"))
        }
    }

    @Test("Differences that single precision loses are noticed, exactly")
    func lostContrast() throws {
        let offset = 1 << 53
        let values = [0, 3, 100, 200, 7, 50]
        let lossy: [AnyRaster] = [
            .int64(try Raster(size: size, samples: values.map { Int64(offset + $0) })),
            .int64(try Raster(size: size, samples: values.map { Int64($0 - offset) })),
            .uint64(try Raster(size: size, samples: values.map { UInt64(offset + $0) })),
            .uint32(try Raster(size: size, samples: values.map { UInt32(1 << 31 + $0) })),
            .int32(try Raster(size: size, samples: values.map { Int32(1 << 30 + $0) })),
            try doubles(values.map { 1e9 + Double($0) }),
        ]
        for image in lossy {
            let found = try #require(try IntensityPrecision(of: image))
            #expect(found.difference == 200 && found.value >= 1e9, "\(image.sampleType)")
        }
        // Smaller than any number of single precision.
        #expect(try IntensityPrecision(of: doubles([0, 1e-300, 0, 0, 0, 0]))?.difference == 1e-300)
        let fine: [AnyRaster] = [
            .int64(try Raster(size: size, samples: values.map { Int64(20_000 + $0) })),
            .uint64(try Raster(size: size, samples: [0, 1, 2, 3, 4, .max])),
            .int64(try Raster(size: size, samples: [.min, 1, 2, 3, 4, .max])),
            .int32(Raster(repeating: 1 << 30, size: size)),
            .uint16(
                try Raster(size: size, samples: [65_535, 65_534, 65_535, 65_535, 65_535, 65_535])
            ),
            try doubles([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]),
        ]
        for image in fine { #expect(try IntensityPrecision(of: image) == nil, "\(image)") }
    }

    @Test("Of colours each is looked at by itself")
    func channels() throws {
        let samples = (0..<6).flatMap { [UInt32($0), UInt32(1 << 31 + $0), UInt32($0)] }
        let image = AnyRaster.uint32(try Raster(size: size, channels: 3, samples: samples))
        #expect(try IntensityPrecision(of: image)?.difference == 5)
    }
}
