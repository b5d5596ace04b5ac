extension Raster where Sample == UInt8 {
    /// The image at another size, filtered with a triangle that covers all pixels it shrinks.
    ///
    /// Weights are quantised to 22 fractional bits, columns are resized first, and the result of
    /// that pass is rounded to 8 bits before rows are resized; an axis that keeps its size is left
    /// alone. Results equal Pillow's `Image.resize(…, BILINEAR)` bit for bit (checked with 11.x and
    /// 12.x). Any number of channels.
    ///
    /// - Parameter newSize: The size of the result; both sides must be positive.
    /// - Throws: ``ImagingError/invalidSize(_:_:)`` if a side is not positive or the result would
    ///   not fit in memory.
    public func resized(to newSize: Size) throws(ImagingError) -> Raster<UInt8> {
        guard newSize.width > 0, newSize.height > 0, newSize.fitsMemory(channels: channels) else {
            throw .invalidSize("size to resize to", newSize)
        }
        var result = self
        if newSize.width != size.width {
            result = result.withResizedColumns(Taps(from: size.width, to: newSize.width))
        }
        if newSize.height != size.height {
            result = result.withResizedRows(Taps(from: size.height, to: newSize.height))
        }
        return result
    }
}

extension Size {
    /// Whether a raster of this size can be addressed at all (at most 2^40 samples).
    package func fitsMemory(channels: Int = 1) -> Bool {
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        let (count, overflow2) = pixels.multipliedReportingOverflow(by: channels)
        return !overflow && !overflow2 && count <= 1 << 40
    }
}

/// The input pixels that each output pixel of one axis is made of, and their weights.
private struct Taps {
    static let fractionBits: Int32 = 22
    static let half: Int32 = 1 << (fractionBits - 1)

    /// Number of output pixels.
    let count: Int
    /// Weights reserved per output pixel.
    let reserved: Int
    /// First input pixel of each output pixel.
    var first: [Int]
    /// Number of input pixels of each output pixel.
    var used: [Int]
    /// Weights, `[count, reserved]`, in units of 2^-22.
    var weights: [Int32]

    init(from inputs: Int, to outputs: Int) {
        let scale = Double(inputs) / Double(outputs)
        let support = max(scale, 1)
        count = outputs
        reserved = min(Int(support.rounded(.up)) * 2 + 1, inputs)
        first = [Int](repeating: 0, count: outputs)
        used = first
        weights = [Int32](repeating: 0, count: outputs * reserved)
        for output in 0..<outputs {
            let center = (Double(output) + 0.5) * scale
            let begin = max(0, Int(center - support + 0.5))
            let end = min(inputs, Int(center + support + 0.5))
            first[output] = begin
            used[output] = end - begin
            setWeights(of: output, distances: begin..<end, center: center, support: support)
        }
    }

    private mutating func setWeights(
        of output: Int,
        distances: Range<Int>,
        center: Double,
        support: Double
    ) {
        let inverse = 1 / support
        let triangle = distances.map { input in
            max(0, 1 - abs((Double(input) - center + 0.5) * inverse))
        }
        let sum = triangle.reduce(0, +)
        for (index, weight) in triangle.enumerated() {
            let share = sum == 0 ? weight : weight / sum
            weights[output * reserved + index] = Int32(share * Double(1 << Self.fractionBits) + 0.5)
        }
    }
}

extension Raster where Sample == UInt8 {
    private func withResizedColumns(_ taps: Taps) -> Raster<UInt8> {
        let newSize = Size(width: taps.count, height: size.height)
        let total = newSize.count * channels
        let result = [UInt8](unsafeUninitializedCapacity: total) { output, initialized in
            // Safe because every tap lies inside its row, and all `total` bytes are written.
            samples.withUnsafeBufferPointer { input in
                for row in 0..<size.height {
                    let source = UnsafeBufferPointer(
                        rebasing: input[(row * size.width * channels)...]
                    )
                    let target = UnsafeMutableBufferPointer(
                        rebasing: output[(row * newSize.width * channels)...]
                    )
                    switch channels {
                    case 1: resizeRow(source, into: target, taps, channels: 1)
                    case 3: resizeColorRow(source, into: target, taps)
                    default: resizeRow(source, into: target, taps, channels: channels)
                    }
                }
            }
            initialized = total
        }
        return Raster(unchecked: newSize, channels: channels, samples: result)
    }

    private func withResizedRows(_ taps: Taps) -> Raster<UInt8> {
        let newSize = Size(width: size.width, height: taps.count)
        let rowLength = size.width * channels
        let total = newSize.count * channels
        var sums = [Int32](repeating: 0, count: rowLength)
        let result = [UInt8](unsafeUninitializedCapacity: total) { output, initialized in
            // Safe because every tap is a row of the input, and all `total` bytes are written.
            samples.withUnsafeBufferPointer { input in
                sums.withUnsafeMutableBufferPointer { sums in
                    for row in 0..<taps.count {
                        sumRows(of: input, at: row, taps, into: sums)
                        let start = row * rowLength
                        for index in 0..<rowLength {
                            output[start &+ index] = byte(sums[index])
                        }
                    }
                }
            }
            initialized = total
        }
        return Raster(unchecked: newSize, channels: channels, samples: result)
    }
}

/// The weighted sum of the rows that make up output row `row`, before it is scaled down.
private func sumRows(
    of input: UnsafeBufferPointer<UInt8>,
    at row: Int,
    _ taps: Taps,
    into sums: UnsafeMutableBufferPointer<Int32>
) {
    // Safe because the taps of a row lie in the input, whose rows have as many bytes as there are
    // sums.
    sums.update(repeating: Taps.half)
    for tap in 0..<taps.used[row] {
        let weight = taps.weights[row * taps.reserved + tap]
        let start = (taps.first[row] + tap) * sums.count
        for index in 0..<sums.count {
            sums[index] = sums[index] &+ weight &* Int32(truncatingIfNeeded: input[start &+ index])
        }
    }
}

@inline(__always)
private func resizeRow(
    _ source: UnsafeBufferPointer<UInt8>,
    into target: UnsafeMutableBufferPointer<UInt8>,
    _ taps: Taps,
    channels: Int
) {
    // Safe because the taps of a column lie in the source, and the target has all columns.
    taps.weights.withUnsafeBufferPointer { weights in
        for column in 0..<taps.count {
            let start = taps.first[column] &* channels
            for channel in 0..<channels {
                var sum = Taps.half
                for tap in 0..<taps.used[column] {
                    let value = source[start &+ tap &* channels &+ channel]
                    sum &+= weights[column &* taps.reserved &+ tap] &* Int32(value)
                }
                target[column &* channels &+ channel] = byte(sum)
            }
        }
    }
}

private func resizeColorRow(
    _ source: UnsafeBufferPointer<UInt8>,
    into target: UnsafeMutableBufferPointer<UInt8>,
    _ taps: Taps
) {
    // Safe because the taps of a column lie in the source, and the target has all columns of three
    // bytes.
    taps.weights.withUnsafeBufferPointer { weights in
        for column in 0..<taps.count {
            var index = taps.first[column] &* 3
            var red = Taps.half
            var green = Taps.half
            var blue = Taps.half
            for tap in 0..<taps.used[column] {
                let weight = weights[column &* taps.reserved &+ tap]
                red &+= weight &* Int32(source[index])
                green &+= weight &* Int32(source[index &+ 1])
                blue &+= weight &* Int32(source[index &+ 2])
                index &+= 3
            }
            target[column &* 3] = byte(red)
            target[column &* 3 &+ 1] = byte(green)
            target[column &* 3 &+ 2] = byte(blue)
        }
    }
}

// Drops the fraction; the half that rounds is already part of the sum. Sums are never negative.
@inline(__always)
private func byte(_ sum: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: min(sum >> Taps.fractionBits, 255))
}
