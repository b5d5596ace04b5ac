import Imaging
import TestFixtures
import Testing

@Suite("Intensities for the model")
struct NormalizedIntensitiesTests {
    private func grey<T>(_ values: [T], width: Int) throws -> Raster<T> {
        try Raster(size: Size(width: width, height: values.count / width), samples: values)
    }

    @Test("8-bit images are stretched to the full range, fractions dropped")
    func stretchesBytes() throws {
        let image = AnyRaster.uint8(try grey([10, 20, 30, 40, 50, 60], width: 3))
        #expect(try image.normalizedIntensities().samples == [0, 51, 102, 153, 204, 255])
    }

    @Test("A constant channel becomes 0")
    func constant() throws {
        let bytes = try AnyRaster.uint8(grey([7, 7], width: 1)).normalizedRGB()
        let floats = try AnyRaster.float32(grey([-3.5, -3.5], width: 2)).normalizedRGB()
        #expect(bytes.samples == [0, 0, 0, 0, 0, 0] && floats.samples == bytes.samples)
        #expect(bytes.size == Size(width: 1, height: 2))
    }

    @Test("Channels are stretched on their own; a second gets an empty third, a fourth is dropped")
    func channels() throws {
        let size = Size(width: 2, height: 1)
        let two = try Raster<UInt16>(size: size, channels: 2, samples: [5, 1000, 9, 1004])
        #expect(try AnyRaster.uint16(two).normalizedRGB().samples == [0, 0, 0, 255, 255, 0])
        let four = try Raster<Int16>(size: size, channels: 4, samples: [-5, 2, 0, 9, 5, 1, 0, 4])
        // A range of 1 plus 1e-7 is slightly more than 1, so its largest value stays below 255.
        #expect(try AnyRaster.int16(four).normalizedRGB().samples == [0, 254, 0, 255, 0, 0])
    }

    @Test("All sample types give the same image for the same values")
    func sampleTypes() throws {
        var random = Random(seed: 3)
        let values = (0..<91).map { _ in Int.random(in: 0...127, using: &random) }
        let expected = try AnyRaster.uint8(grey(values.map(UInt8.init), width: 13)).normalizedRGB()
        let others: [AnyRaster] = [
            .int8(try grey(values.map(Int8.init), width: 13)),
            .uint16(try grey(values.map(UInt16.init), width: 13)),
            .int32(try grey(values.map(Int32.init), width: 13)),
            .uint64(try grey(values.map(UInt64.init), width: 13)),
            .float32(try grey(values.map { Float($0) }, width: 13)),
            .float64(try grey(values.map { Double($0) }, width: 13)),
        ]
        for image in others { #expect(try image.normalizedRGB() == expected) }
    }

    @Test("The fast truncation of floats equals the plain one")
    func truncation() throws {
        var random = Random(seed: 5)
        var values = (0..<5003).map { _ in Float.random(in: 0...1000, using: &random) }
        values[17] = 0
        values[4001] = 1000
        let expected = values.map { UInt8($0 / (1000 + 1e-7) * 255) }
        #expect(
            try AnyRaster.float32(grey(values, width: 5003)).normalizedIntensities().samples
                == expected
        )
    }

    @Test("NaN, infinity and ranges beyond single precision are refused", arguments: [0, 10, 19])
    func notFinite(position: Int) throws {
        for bad in [Float.nan, .infinity, -.infinity] {
            var values = [Float](repeating: 1, count: 20)
            values[position] = bad
            let image = AnyRaster.float32(try grey(values, width: 5))
            #expect(throws: ImagingError.self) { try image.normalizedIntensities() }
        }
        let wide = AnyRaster.float64(try grey([-3e38, 3e38, 0], width: 3))
        #expect(throws: ImagingError.self) { try wide.normalizedIntensities() }
    }
}

@Suite("Model input, compared with the reference", .enabled(if: Fixtures.areAvailable))
struct ModelInputParityTests {
    @Test(
        "Stretched and resized images equal the reference bit for bit",
        arguments: ["image_a", "image_b"]
    )
    func matchesReference(name: String) throws {
        let image = try Raster(Fixtures.png(name))
        let reference = try Fixtures.tensors("\(name)_prompts")
        let prepared = try AnyRaster.uint8(image).normalizedRGB()
        #expect(sha256(prepared.samples) == reference.metadata["uint8_image.sha256"])

        let mapping = try ResizeLongestSide(from: image.size)
        let resized = try prepared.resized(to: mapping.resizedSize)
        #expect(sha256(modelInput(resized)) == reference.metadata["input.sha256"])
    }

    /// The padded and normalised input of the encoder, `[3, 1024, 1024]`, as little-endian bytes.
    private func modelInput(_ image: Raster<UInt8>) -> [UInt8] {
        let mean: [Float] = [123.675, 116.28, 103.53]
        let deviation: [Float] = [58.395, 57.12, 57.375]
        var values = [Float](repeating: 0, count: 3 * 1024 * 1024)
        for channel in 0..<3 {
            for y in 0..<image.size.height {
                for x in 0..<image.size.width {
                    let value = Float(image[x: x, y: y, channel: channel])
                    values[(channel * 1024 + y) * 1024 + x] =
                        (value - mean[channel]) / deviation[channel]
                }
            }
        }
        return values.withUnsafeBytes { Array($0) }
    }
}

@Suite("Resizing")
struct ResizeTests {
    /// The formula in the plainest form, with the weights in double precision.
    private func reference(_ image: Raster<UInt8>, to size: Size) throws -> Raster<UInt8> {
        func pass(_ line: [Int], _ count: Int) -> [Int] {
            guard count != line.count else { return line }
            let scale = Double(line.count) / Double(count)
            let support = max(scale, 1)
            return (0..<count).map { output in
                let center = (Double(output) + 0.5) * scale
                let inputs =
                    max(
                        0,
                        Int(center - support + 0.5)
                    )..<min(line.count, Int(center + support + 0.5))
                let weights = inputs.map {
                    max(0, 1 - abs((Double($0) - center + 0.5) * (1 / support)))
                }
                let sum = weights.reduce(0, +)
                let total = zip(inputs, weights).reduce(1 << 21) {
                    $0 + line[$1.0] * Int($1.1 / sum * 4_194_304 + 0.5)
                }
                return min(total >> 22, 255)
            }
        }
        var result = Raster<UInt8>(repeating: 0, size: size, channels: image.channels)
        for channel in 0..<image.channels {
            let rows = (0..<image.size.height).map { y in
                pass(
                    (0..<image.size.width).map { Int(image[x: $0, y: y, channel: channel]) },
                    size.width
                )
            }
            for x in 0..<size.width {
                let column = pass(rows.map { $0[x] }, size.height)
                for y in 0..<size.height { result[x: x, y: y, channel: channel] = UInt8(column[y]) }
            }
        }
        return result
    }

    @Test(
        "Shrinking, enlarging and odd sizes follow the formula",
        arguments: [
            (61, 57, 128, 120), (40, 90, 17, 33), (33, 20, 33, 41), (300, 1, 64, 1), (5, 4, 1, 1),
        ],
        [1, 2, 3]
    )
    func followsFormula(sizes: (Int, Int, Int, Int), channels: Int) throws {
        var random = Random(seed: UInt64(sizes.0 * channels))
        let size = Size(width: sizes.0, height: sizes.1)
        let samples = (0..<size.count * channels).map { _ in
            UInt8.random(in: 0...255, using: &random)
        }
        let image = try Raster(size: size, channels: channels, samples: samples)
        let newSize = Size(width: sizes.2, height: sizes.3)
        #expect(try image.resized(to: newSize) == reference(image, to: newSize))
    }

    @Test(
        "Impossible sizes are refused",
        arguments: [Size(width: 0, height: 5), Size(width: 1 << 40, height: 1 << 40)]
    )
    func refuses(size: Size) throws {
        let image = Raster<UInt8>(repeating: 1, size: Size(width: 3, height: 2))
        #expect(throws: ImagingError.self) { try image.resized(to: size) }
    }
}

@Suite("Resizing the longest side")
struct ResizeLongestSideTests {
    @Test(
        "The longest side becomes 1024 and the other is rounded",
        arguments: [
            (Size(width: 696, height: 520), Size(width: 1024, height: 765)),
            (Size(width: 57, height: 61), Size(width: 957, height: 1024)),
            (Size(width: 30_000, height: 20), Size(width: 1024, height: 1)),
            (Size(width: 1, height: 90_000), Size(width: 1, height: 1024)),
        ]
    )
    func sizes(original: Size, resized: Size) throws {
        #expect(try ResizeLongestSide(from: original).resizedSize == resized)
    }

    @Test("Coordinates use the factor of their own axis and can be mapped back")
    func coordinates() throws {
        let mapping = try ResizeLongestSide(from: Size(width: 57, height: 61))
        let point = mapping.apply(Point<OriginalPixels>(x: 28.5, y: 30.5))
        #expect(abs(point.x - 478.5) < 1e-9 && point.y == 512)
        #expect(mapping.invert(point) == Point(x: 28.5, y: 30.5))
        let box = mapping.apply(
            Box<OriginalPixels>(minX: 0, minY: 15.25, maxX: 28.5, maxY: 61)
        )
        #expect(box == Box(minX: 0, minY: 256, maxX: point.x, maxY: 1024))
    }

    @Test("Empty images are refused")
    func refuses() {
        #expect(throws: ImagingError.self) {
            try ResizeLongestSide(from: Size(width: 0, height: 3))
        }
    }
}
