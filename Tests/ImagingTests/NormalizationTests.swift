import Imaging
import Testing

@Suite("Stretching of intensities")
struct NormalizationTests {
    /// Cells of up to 4 000 on a dark ground, as unsigned numbers of 16 bits.
    private func cells(_ size: Size, seed: UInt64 = 3) -> [UInt16] {
        var random = Random(seed: seed)
        return (0..<size.count).map { index in
            let (x, y) = (index % size.width % 20 - 10, index / size.width % 20 - 10)
            let base: UInt16 = x * x + y * y < 40 ? 3000 : 200
            return base + UInt16.random(in: 0..<1000, using: &random)
        }
    }

    /// As `numpy.percentile` with linear interpolation.
    private func percentile(_ percent: Double, of values: [Float]) -> Float {
        let sorted = values.sorted()
        let position = percent / 100 * Double(sorted.count - 1)
        let below = Int(position)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (sorted[above] - sorted[below]) * Float(position - Double(below))
    }

    @Test("Texts name the ways of stretching")
    func texts() {
        #expect(
            Normalization("minmax") == .minmax
                && Normalization("percentile")?.description == "percentile:1.0,99.8"
        )
        #expect(Normalization("percentile:0.5,99") == .percentiles(low: 0.5, high: 99))
        for text in [
            "", "max", "percentile:", "percentile:5", "percentile:9,3", "percentile:-1,9",
            "percentile:1,2,3",
        ] {
            #expect(Normalization(text) == nil)
        }
        for way in [Normalization.minmax, .percentiles(low: 0.1, high: 99.95)] {
            #expect(Normalization(way.description) == way)
        }
    }

    @Test("Percentiles are those of numpy, whatever the type of the samples", arguments: 0..<4)
    func exact(kind: Int) throws {
        let size = Size(width: 61, height: 47)
        let values = cells(size).map { Int($0) - 1500 }
        let raster: AnyRaster =
            switch kind {
            case 0: .int16(try Raster(size: size, samples: values.map { Int16($0) }))
            case 1: .float32(try Raster(size: size, samples: values.map { Float($0) / 7 }))
            case 2: .int32(try Raster(size: size, samples: values.map { Int32($0) * 1000 }))
            default: .float64(try Raster(size: size, samples: values.map { Double($0) * 1e-9 }))
            }
        for (low, high) in [(0.0, 100.0), (1, 99.8), (0.1, 50), (33.3, 66.6)] {
            let ranges = try IntensityRanges(of: raster, .percentiles(low: low, high: high))
            let floats = raster.floats().samples
            #expect(ranges.channels == [percentile(low, of: floats)...percentile(high, of: floats)])
        }
    }

    @Test("Each channel has percentiles of its own, and values beyond them are cut off")
    func channels() throws {
        let size = Size(width: 40, height: 30)
        var samples = cells(size).flatMap { [$0, $0 / 3] }
        samples[100] = 65_535
        let raster = AnyRaster.uint16(try Raster(size: size, channels: 2, samples: samples))
        let ranges = try IntensityRanges(of: raster, .percentiles(low: 1, high: 99))
        #expect(ranges.channels.count == 2 && ranges.channels[0].upperBound < 4100)
        #expect(ranges.channels[1].upperBound < 1400)
        let stretched = try raster.normalizedRGB(.percentiles(low: 1, high: 99))
        #expect(stretched.samples[150] >= 254 && stretched.samples.contains(0))
        let whole = try raster.normalizedRGB(.minmax)
        #expect(whole == (try raster.normalizedRGB()))
        #expect(whole.samples[150] == 255 && whole.samples.count { $0 > 20 } < size.count * 2)
    }

    @Test("Images of nearly one value are stretched to their full range")
    func sparse() throws {
        var samples = [Float](repeating: 3, count: 1000)
        samples[5] = 9
        let raster = AnyRaster.float32(
            try Raster(size: Size(width: 50, height: 20), samples: samples)
        )
        #expect(try IntensityRanges(of: raster, .standardPercentiles).channels == [3...9])
    }

    @Test(
        "Values around 1e-12 are not all the same",
        arguments: [1e-12, 1e-9, 1e-30, 1e-6] as [Float]
    )
    func tiny(unit: Float) throws {
        let size = Size(width: 30, height: 20)
        let samples = cells(size).map { Float($0) / 4000 * unit }
        let raster = AnyRaster.float32(try Raster(size: size, samples: samples))
        #expect(try !raster.intensityRanges().isBlank)
        let stretched = try raster.normalizedIntensities()
        #expect(stretched.samples.max() == 255 && stretched.samples.min() == 0)
        let large = AnyRaster.float32(
            try Raster(size: size, samples: cells(size).map { Float($0) })
        )
        let expected = try large.normalizedIntensities().samples
        let differences = zip(stretched.samples, expected).map { abs(Int($0) - Int($1)) }
        #expect((differences.max() ?? 9) <= 1)
        // One value alone stays blank.
        let flat = AnyRaster.float32(Raster(repeating: unit, size: size))
        #expect(try flat.intensityRanges().isBlank)
    }

    @Test("Few very dark pixels are noticed, too", arguments: [Float(-32_768), -1e6])
    func darkOutliers(value: Float) throws {
        let size = Size(width: 100, height: 80)
        var samples = cells(size).map { Float($0) }
        samples[777] = value
        func outlier() throws -> IntensityOutlier? {
            try IntensityRanges.outlier(in: AnyRaster.float32(Raster(size: size, samples: samples)))
        }
        let found = try #require(try outlier())
        #expect(found.isDark && found.extreme == value && (0...4000).contains(found.usual))
        // A border without values is no pixel that is broken.
        for index in 0..<200 { samples[index] = value }
        #expect(try outlier() == nil)
    }

    @Test("Few very bright pixels are noticed, bright objects are not")
    func outliers() throws {
        let size = Size(width: 100, height: 80)
        var samples = cells(size)
        func outlier() throws -> IntensityOutlier? {
            try IntensityRanges.outlier(in: AnyRaster.uint16(Raster(size: size, samples: samples)))
        }
        #expect(try outlier() == nil)
        samples[777] = 65_535
        let found = try #require(try outlier())
        #expect(found.extreme == 65_535 && (3900...4000).contains(found.usual))
        #expect(!found.isDark)
        // Two hundred bright pixels are an object.
        for index in 0..<200 { samples[index] = 60_000 }
        #expect(try outlier() == nil)
        samples = [UInt16](repeating: 0, count: size.count)
        samples[3] = 9
        #expect(try outlier() == nil)
    }
}
