/// The values of each channel of an image that become 0 and 255: by default the least and the greatest.
///
/// With the ranges of a whole image its parts are stretched to 8 bits exactly as the whole is.
public struct IntensityRanges: Hashable, Sendable {
    /// One for each channel that the model sees, three at most; exact for values that single precision
    /// holds.
    public let channels: [ClosedRange<Float>]

    /// Whether nothing can be seen: stretched to 8 bits, all values are 0.
    public var isBlank: Bool {
        channels.allSatisfy { range in
            let stretch = Stretch(minimum: range.lowerBound, maximum: range.upperBound)
            return stretch(range.upperBound) < 1
        }
    }

    /// The ranges of two parts of an image taken together.
    ///
    /// - Parameter other: Of the same number of channels.
    public func union(_ other: IntensityRanges) -> IntensityRanges {
        IntensityRanges(channels: zip(channels, other.channels).map { $0.union($1) })
    }

    /// The ranges of a plane, which is read once in bands of rows.
    ///
    /// - Throws: What reading throws; ``ImagingError/notFinite(_:)`` and ``ImagingError/tooLarge(_:)`` for values
    ///   that cannot be stretched.
    public init(of source: some PixelSource) throws {
        var ranges: IntensityRanges?
        for band in source.bands {
            let found = try source.read(band).intensityRanges()
            ranges = ranges?.union(found) ?? found
        }
        channels = ranges?.channels ?? []
        for (index, range) in channels.enumerated() {
            guard (range.upperBound - range.lowerBound).isFinite else {
                throw ImagingError.tooLarge("channel \(index) of the image")
            }
        }
    }

    init(channels: [ClosedRange<Float>]) { self.channels = channels }

    init<Sample: FixedWidthInteger & Sendable>(_ raster: Raster<Sample>) {
        // Safe because the samples outlive the call; each channel begins within the first pixel.
        let count = min(raster.channels, resultChannels(raster.channels))
        channels = raster.samples.withUnsafeBufferPointer { input in
            (0..<count).map { channel in
                let (minimum, maximum) = range(of: input, from: channel, every: raster.channels)
                return Float(minimum)...Float(maximum)
            }
        }
    }

    init(_ raster: Raster<Float>) throws(ImagingError) {
        let count = min(raster.channels, resultChannels(raster.channels))
        var ranges: [ClosedRange<Float>] = []
        for channel in 0..<count {
            let plane = raster.channels == 1 ? raster.samples : raster.plane(channel)
            guard let (minimum, maximum) = finiteRange(of: plane) else {
                throw .notFinite("channel \(channel) of the image")
            }
            guard (maximum - minimum).isFinite else {
                throw .tooLarge("channel \(channel) of the image")
            }
            ranges.append(minimum...maximum)
        }
        channels = ranges
    }
}

extension ClosedRange<Float> {
    fileprivate func union(_ other: ClosedRange<Float>) -> ClosedRange<Float> {
        Swift.min(lowerBound, other.lowerBound)...Swift.max(upperBound, other.upperBound)
    }
}

// MARK: - Extremes

private func range<Sample: FixedWidthInteger>(
    of input: UnsafeBufferPointer<Sample>,
    from first: Int,
    every step: Int
) -> (Sample, Sample) {
    // Safe because the stride ends with the count, and a raster has at least one pixel.
    var minimum = input[first]
    var maximum = minimum
    if step == 1 {
        for value in input {
            minimum = Swift.min(minimum, value)
            maximum = Swift.max(maximum, value)
        }
    } else {
        for index in stride(from: first, to: input.count, by: step) {
            minimum = Swift.min(minimum, input[index])
            maximum = Swift.max(maximum, input[index])
        }
    }
    return (minimum, maximum)
}

/// Smallest and largest value, or `nil` if any value is NaN or infinite.
private func finiteRange(of values: [Float]) -> (Float, Float)? {
    var range = LaneRange(values[0])
    // Safe because the lanes read start at most 8 before the end of the array.
    values.withUnsafeBytes { bytes in
        let whole = values.count / 8
        for block in 0..<whole {
            range.take(bytes.loadUnaligned(fromByteOffset: block &* 32, as: SIMD8<Float>.self))
        }
        for index in (whole * 8)..<values.count { range.take(SIMD8(repeating: values[index])) }
    }
    return any(range.isBad) ? nil : (range.minimum.min(), range.maximum.max())
}

/// The extremes of every eighth value, eight times; compilers do not vectorise such a loop over
/// floating point by themselves.
private struct LaneRange {
    var minimum: SIMD8<Float>
    var maximum: SIMD8<Float>
    var isBad = SIMDMask<SIMD8<Int32>>(repeating: false)

    init(_ value: Float) {
        minimum = SIMD8(repeating: value)
        maximum = minimum
    }

    @inline(__always)
    mutating func take(_ lanes: SIMD8<Float>) {
        minimum.replace(with: lanes, where: lanes .< minimum)
        maximum.replace(with: lanes, where: lanes .> maximum)
        isBad = isBad .| ((lanes - lanes) .!= SIMD8(repeating: 0))
    }
}
