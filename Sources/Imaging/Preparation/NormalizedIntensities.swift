extension AnyRaster {
    /// The image as the model expects it: 8 bits, each channel stretched to its own full range.
    ///
    /// Per channel, in single precision: subtract the minimum, divide by the new maximum plus 1e-7,
    /// multiply by 255, drop the fraction. This happens for every sample type, 8-bit images
    /// included; a constant channel becomes 0. Cost: two passes over the samples.
    ///
    /// - Returns: One channel if the image has one (all three colours of the model are then equal),
    ///   otherwise three: two channels get an empty third one, channels beyond the third are
    ///   dropped.
    /// - Throws: ``ImagingError/notFinite(_:)`` if a used channel contains NaN or infinity, or
    ///   values whose difference exceeds the range of single precision.
    /// - Source: `_to_image` in micro-sam, `util.py`.
    public func normalizedIntensities() throws(ImagingError) -> Raster<UInt8> {
        switch self {
        case .uint8(let raster): normalized(raster)
        case .int8(let raster): normalized(raster)
        case .uint16(let raster): normalized(raster)
        case .int16(let raster): normalized(raster)
        case .float32(let raster): try normalized(raster)
        default: try normalized(floats())
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
private func resultChannels(_ channels: Int) -> Int { channels == 1 ? 1 : 3 }

/// The single-precision arithmetic that both kernels share.
private struct Stretch {
    let minimum: Float
    let divisor: Float

    init(minimum: Float, maximum: Float) {
        self.minimum = minimum
        divisor = (maximum - minimum) + 1e-7
    }

    /// A value of `minimum...maximum`, mapped to 0...255.
    func callAsFunction(_ value: Float) -> Float { (value - minimum) / divisor * 255 }
}

/// Integers of at most 16 bits: every possible value is mapped once, pixels only look it up.
private func normalized<Sample: FixedWidthInteger & Sendable>(
    _ raster: Raster<Sample>
) -> Raster<UInt8> {
    let channels = raster.channels
    let outputs = resultChannels(channels)
    var result = [UInt8](repeating: 0, count: raster.size.count * outputs)
    // Safe because indices below count * channels and count * outputs stay inside the two arrays,
    // and value - minimum is a valid index of a table with maximum - minimum + 1 entries.
    raster.samples.withUnsafeBufferPointer { input in
        result.withUnsafeMutableBufferPointer { output in
            for channel in 0..<min(channels, outputs) {
                let (minimum, maximum) = range(of: input, from: channel, every: channels)
                let stretch = Stretch(minimum: Float(minimum), maximum: Float(maximum))
                let table = (Int(minimum)...Int(maximum)).map { UInt8(stretch(Float($0))) }
                let offset = Int(minimum)
                table.withUnsafeBufferPointer { table in
                    var target = channel
                    for index in stride(from: channel, to: input.count, by: channels) {
                        output[target] = table[Int(input[index]) &- offset]
                        target &+= outputs
                    }
                }
            }
        }
    }
    return Raster(unchecked: raster.size, channels: outputs, samples: result)
}

private func range<Sample: FixedWidthInteger>(
    of input: UnsafeBufferPointer<Sample>,
    from first: Int,
    every step: Int
) -> (Sample, Sample) {
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

/// Single precision: each pixel is computed, after a pass that finds the range and bad values.
private func normalized(_ raster: Raster<Float>) throws(ImagingError) -> Raster<UInt8> {
    let channels = raster.channels
    let outputs = resultChannels(channels)
    var result = [UInt8](repeating: 0, count: raster.size.count * outputs)
    for channel in 0..<min(channels, outputs) {
        let plane = channels == 1 ? raster.samples : raster.plane(channel)
        guard let (minimum, maximum) = finiteRange(of: plane), (maximum - minimum).isFinite else {
            throw .notFinite("channel \(channel) of the image")
        }
        let stretch = Stretch(minimum: minimum, maximum: maximum)
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

extension Raster {
    /// A copy of one channel, `[height, width]`.
    func plane(_ channel: Int) -> [Sample] {
        stride(from: channel, to: samples.count, by: channels).map { samples[$0] }
    }
}
