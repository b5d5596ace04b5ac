extension AnyRaster {
    /// The image as the model expects it: 8 bits, each channel stretched to its own full range.
    ///
    /// Per channel, in single precision: subtract the minimum, divide by the new maximum plus 1e-7,
    /// multiply by 255, drop the fraction. This happens for every sample type, 8-bit images
    /// included; a constant channel becomes 0. Where the new maximum is below 1e-5, the 1e-7, which would
    /// take contrast then, is left out. Cost: two passes over the samples.
    ///
    /// - Returns: One channel if the image has one (all three colours of the model are then equal),
    ///   otherwise three: two channels get an empty third one, channels beyond the third are
    ///   dropped.
    /// - Throws: ``ImagingError/notFinite(_:)`` if a used channel contains NaN or infinity;
    ///   ``ImagingError/tooLarge(_:)`` if a value or the difference of two exceeds the range of single
    ///   precision.
    /// - Source: `_to_image` in micro-sam, `util.py`.
    public func normalizedIntensities() throws(ImagingError) -> Raster<UInt8> {
        try normalizedIntensities(intensityRanges())
    }

    /// The same with ranges that are known, such as those of a larger image of which this is a part.
    ///
    /// - Parameter ranges: Values beyond them become 0 or 255.
    public func normalizedIntensities(
        _ ranges: IntensityRanges
    ) throws(ImagingError) -> Raster<UInt8> {
        guard ranges.channels.count == min(channels, resultChannels(channels)) else {
            throw .invalidParameter(
                "ranges of intensities",
                reason:
                    "are those of \(ranges.channels.count) channels, but the image has \(channels)"
            )
        }
        return switch self {
        case .uint8(let raster): normalized(raster, ranges)
        case .int8(let raster): normalized(raster, ranges)
        case .uint16(let raster): normalized(raster, ranges)
        case .int16(let raster): normalized(raster, ranges)
        case .float32(let raster): normalized(raster, ranges)
        default: normalized(floats(), ranges)
        }
    }

    /// The least and greatest value of each channel that the model sees.
    ///
    /// - Throws: ``ImagingError/notFinite(_:)`` or ``ImagingError/tooLarge(_:)``, see ``normalizedIntensities()``.
    public func intensityRanges() throws(ImagingError) -> IntensityRanges {
        switch self {
        case .uint8(let raster): IntensityRanges(raster)
        case .int8(let raster): IntensityRanges(raster)
        case .uint16(let raster): IntensityRanges(raster)
        case .int16(let raster): IntensityRanges(raster)
        case .float32(let raster): try IntensityRanges(raster)
        case .float64(let raster) where !raster.holdsSingles: throw .tooLarge("the image")
        default: try IntensityRanges(floats())
        }
    }

    /// The image as the model expects it, always three channels.
    ///
    /// As ``normalizedIntensities()``, with a single channel copied to all three.
    ///
    /// - Throws: ``ImagingError/notFinite(_:)``, see ``normalizedIntensities()``.
    public func normalizedRGB() throws(ImagingError) -> Raster<UInt8> {
        try normalizedIntensities().expandedToRGB()
    }

    /// The image as the model expects it, stretched in a way of choice.
    ///
    /// - Throws: ``ImagingError/notFinite(_:)``.
    public func normalizedRGB(_ normalization: Normalization) throws -> Raster<UInt8> {
        try normalizedRGB(IntensityRanges(of: self, normalization))
    }

    /// The same with ranges that are known, such as those of a larger image of which this is a part.
    ///
    /// - Parameter ranges: Values beyond them become 0 or 255.
    public func normalizedRGB(_ ranges: IntensityRanges) throws(ImagingError) -> Raster<UInt8> {
        try normalizedIntensities(ranges).expandedToRGB()
    }
}

extension AnyRaster {
    /// Whether no sample is NaN or infinite.
    public var holdsFiniteNumbers: Bool {
        switch self {
        case .float32(let raster): raster.samples.allSatisfy(\.isFinite)
        case .float64(let raster): raster.samples.allSatisfy(\.isFinite)
        default: true
        }
    }
}

extension Raster where Sample == Double {
    /// Whether no finite value is infinite in single precision.
    fileprivate var holdsSingles: Bool {
        samples.allSatisfy { !$0.isFinite || Float($0).isFinite }
    }
}

extension Raster where Sample == UInt8 {
    /// The raster with a single channel copied to three.
    ///
    /// Rasters of three channels are returned as they are; other numbers are not allowed.
    public func expandedToRGB() -> Raster<UInt8> {
        precondition(channels == 1 || channels == 3, "neither grey nor RGB")
        guard channels == 1 else { return self }
        let count = size.count
        let expanded = [UInt8](unsafeUninitializedCapacity: count * 3) { output, used in
            // Safe because both buffers live for this closure and hold count and 3 * count bytes.
            samples.withUnsafeBufferPointer { input in
                for index in 0..<count {
                    let value = input[index]
                    output[3 &* index] = value
                    output[3 &* index &+ 1] = value
                    output[3 &* index &+ 2] = value
                }
            }
            used = count * 3
        }
        return Raster(unchecked: size, channels: 3, samples: expanded)
    }
}

// MARK: - Kernels

/// Number of channels of the result for an image of `channels` channels.
func resultChannels(_ channels: Int) -> Int { channels == 1 ? 1 : 3 }

/// The single-precision arithmetic that all share who stretch intensities.
package struct Stretch: Sendable {
    let minimum: Float
    let maximum: Float
    let divisor: Float

    package init(minimum: Float, maximum: Float) {
        self.minimum = minimum
        self.maximum = maximum
        let range = maximum - minimum
        divisor = range > 0 && range < 1e-5 ? range : range + 1e-7
    }

    /// A value, kept in `minimum...maximum` and mapped to 0...255.
    @inline(__always)
    package func callAsFunction(_ value: Float) -> Float {
        (Swift.min(Swift.max(value, minimum), maximum) - minimum) / divisor * 255
    }
}

/// Integers of at most 16 bits: every possible value is mapped once, pixels only look it up.
private func normalized<Sample: FixedWidthInteger & Sendable>(
    _ raster: Raster<Sample>,
    _ ranges: IntensityRanges
) -> Raster<UInt8> {
    let channels = raster.channels
    let outputs = resultChannels(channels)
    var result = [UInt8](repeating: 0, count: raster.size.count * outputs)
    // Safe because indices below count * channels and count * outputs stay inside the two arrays,
    // and a value, kept in its range, minus the minimum is a valid index of a table with
    // maximum - minimum + 1 entries.
    raster.samples.withUnsafeBufferPointer { input in
        result.withUnsafeMutableBufferPointer { output in
            for (channel, range) in ranges.channels.enumerated() {
                let stretch = Stretch(minimum: range.lowerBound, maximum: range.upperBound)
                let (first, last) = (
                    Int(range.lowerBound.rounded(.down)), Int(range.upperBound.rounded(.up))
                )
                let table = (first...last).map { UInt8(stretch(Float($0))) }
                table.withUnsafeBufferPointer { table in
                    var target = channel
                    for index in stride(from: channel, to: input.count, by: channels) {
                        let value = Swift.min(Swift.max(Int(input[index]), first), last)
                        output[target] = table[value &- first]
                        target &+= outputs
                    }
                }
            }
        }
    }
    return Raster(unchecked: raster.size, channels: outputs, samples: result)
}

/// Single precision: each pixel is computed.
private func normalized(_ raster: Raster<Float>, _ ranges: IntensityRanges) -> Raster<UInt8> {
    let channels = raster.channels
    let outputs = resultChannels(channels)
    var result = [UInt8](repeating: 0, count: raster.size.count * outputs)
    for (channel, range) in ranges.channels.enumerated() {
        let plane = channels == 1 ? raster.samples : raster.plane(channel)
        let stretch = Stretch(minimum: range.lowerBound, maximum: range.upperBound)
        // Safe because plane has count pixels and the result count * outputs.
        plane.withUnsafeBufferPointer { input in
            result.withUnsafeMutableBufferPointer { output in
                if outputs == 1 {  // a loop without stride is vectorised
                    for index in input.indices {
                        output[index] = truncatedByte(stretch(input[index]))
                    }
                } else {
                    for index in input.indices {
                        output[index &* outputs &+ channel] = truncatedByte(stretch(input[index]))
                    }
                }
            }
        }
    }
    return Raster(unchecked: raster.size, channels: outputs, samples: result)
}

/// Drops the fraction of a value in 0..<256 without the range check that prevents vectorising.
///
/// Adding 2^23 rounds to a whole number, which is corrected where it was rounded up.
@inline(__always)
private func truncatedByte(_ value: Float) -> UInt8 {
    let shift: Float = 8_388_608
    let rounded = (value + shift) - shift
    let whole = rounded > value ? rounded - 1 : rounded
    return UInt8(truncatingIfNeeded: (whole + shift).bitPattern)
}

extension Raster {
    /// A copy of one channel, `[height, width]`.
    func plane(_ channel: Int) -> [Sample] {
        stride(from: channel, to: samples.count, by: channels).map { samples[$0] }
    }
}
