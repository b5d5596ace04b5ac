extension Raster where Sample == Float {
    /// The largest standard deviation that ``gaussianFiltered(sigma:)`` takes.
    public static var maximumSigma: Double { 10_000 }

    /// The image smoothed with a Gaussian, each channel on its own.
    ///
    /// Weights `exp(-k² / 2σ²)` for `|k| <= max(1, ceil(3σ))`, normalised; vertically, then
    /// horizontally, in single precision. Beyond the border the image is mirrored without
    /// repeating the outermost pixel (`reflect-101`).
    ///
    /// - Parameter sigma: Standard deviation in pixels; 0 returns the image as it is.
    /// - Throws: ``ImagingError/invalidParameter(_:reason:)`` if `sigma` is negative, not a number
    ///   or above ``maximumSigma``.
    /// - Source: the Gaussian of bioimage-cpp 0.10, which micro-sam uses.
    public func gaussianFiltered(sigma: Double) throws(ImagingError) -> Raster<Float> {
        // Safe because both buffers have the size of the image, and the target is a copy of its
        // own.
        guard sigma >= 0, sigma <= Self.maximumSigma else {
            throw .invalidParameter(
                "sigma",
                reason: "must be between 0 and \(Self.maximumSigma), but is \(sigma)"
            )
        }
        guard sigma > 0 else { return self }
        let kernel = GaussianKernel(sigma: sigma)
        var result = self
        result.samples.withUnsafeMutableBufferPointer { target in
            samples.withUnsafeBufferPointer { source in
                filterColumns(source, into: target, kernel, rowLength: size.width * channels)
            }
            filterRows(target, kernel, width: size.width, channels: channels)
        }
        return result
    }
}

/// The weights of one axis.
private struct GaussianKernel {
    let radius: Int
    /// `2 * radius + 1` weights that sum to 1.
    let weights: [Float]

    init(sigma: Double) {
        radius = max(1, Int((3 * sigma).rounded(.up)))
        let values = (-radius...radius).map { offset in
            Elementary.exp(-Double(offset * offset) / (2 * sigma * sigma))
        }
        let sum = values.reduce(0, +)
        weights = values.map { Float($0 / sum) }
    }
}

/// The position in `0..<count` that a position beyond the border is mirrored to.
private func mirrored(_ index: Int, _ count: Int) -> Int {
    if index >= 0 && index < count { return index }
    guard count > 1 else { return 0 }
    let period = 2 * (count - 1)
    let wrapped = ((index % period) + period) % period
    return wrapped < count ? wrapped : period - wrapped
}

/// Relies on: equal counts, a multiple of `rowLength`, and no overlap.
private func filterColumns(
    _ source: UnsafeBufferPointer<Float>,
    into target: UnsafeMutableBufferPointer<Float>,
    _ kernel: GaussianKernel,
    rowLength: Int
) {
    let rows = source.count / rowLength
    for row in 0..<rows {
        // Safe because every slice is one whole row of the buffer it is taken from.
        let sums = UnsafeMutableBufferPointer(
            rebasing: target[row * rowLength..<(row + 1) * rowLength]
        )
        sums.update(repeating: 0)
        for (index, weight) in kernel.weights.enumerated() {
            let start = mirrored(row + index - kernel.radius, rows) * rowLength
            accumulate(source, from: start, weight, into: sums)
        }
    }
}

/// Relies on: `buffer` holds whole rows of `width * channels` values.
private func filterRows(
    _ buffer: UnsafeMutableBufferPointer<Float>,
    _ kernel: GaussianKernel,
    width: Int,
    channels: Int
) {
    let rowLength = width * channels
    let margin = kernel.radius * channels
    var padded = [Float](repeating: 0, count: rowLength + 2 * margin)
    padded.withUnsafeMutableBufferPointer { padded in
        for row in 0..<buffer.count / rowLength {
            // Safe because the slice is one whole row, and the padded row has room on both sides.
            let sums = UnsafeMutableBufferPointer(
                rebasing: buffer[row * rowLength..<(row + 1) * rowLength]
            )
            for index in 0..<rowLength { padded[margin &+ index] = sums[index] }
            for column in 0..<kernel.radius {
                let left = mirrored(column - kernel.radius, width)
                let right = mirrored(width + column, width)
                for channel in 0..<channels {
                    padded[column * channels + channel] = sums[left * channels + channel]
                    padded[margin + rowLength + column * channels + channel] =
                        sums[right * channels + channel]
                }
            }
            sums.update(repeating: 0)
            for (index, weight) in kernel.weights.enumerated() {
                accumulate(
                    UnsafeBufferPointer(padded),
                    from: index * channels,
                    weight,
                    into: sums
                )
            }
        }
    }
}

/// Adds `weight` times a run of `source` to `sums`.
@inline(__always)
private func accumulate(
    _ source: UnsafeBufferPointer<Float>,
    from start: Int,
    _ weight: Float,
    into sums: UnsafeMutableBufferPointer<Float>
) {
    // Safe because callers begin at most as many samples before the end as there are sums.
    for index in 0..<sums.count {
        sums[index] += weight * source[start &+ index]
    }
}
