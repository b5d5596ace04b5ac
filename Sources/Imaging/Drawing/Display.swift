extension AnyRaster {
    /// The image as a person wants to see it: the darkest and brightest pixels are clipped, and the
    /// rest is stretched to 8 bits.
    ///
    /// 8-bit RGB images are returned unchanged. Images of one channel give one channel; those of
    /// two or more give three, each stretched on its own. NaN is drawn black. Limits come from at
    /// most 100 000 pixels on a regular grid.
    ///
    /// - Parameter clipping: The share of pixels to clip at each end, 0..<0.5.
    /// - Throws: ``ImagingError/invalidParameter(_:reason:)`` if `clipping` is out of range.
    public func renderedForDisplay(clipping: Double = 0.002) throws(ImagingError) -> Raster<UInt8> {
        guard clipping >= 0, clipping < 0.5 else {
            throw .invalidParameter("clipping", reason: "must be in 0..<0.5, but is \(clipping)")
        }
        if case .uint8(let raster) = self, raster.channels == 3 { return raster }
        let values = floats()
        let outputs = channels == 1 ? 1 : 3
        var result = Raster<UInt8>(repeating: 0, size: size, channels: outputs)
        for channel in 0..<min(channels, outputs) {
            let plane = values.channels == 1 ? values.samples : values.plane(channel)
            guard let limits = displayLimits(of: plane, clipping: clipping) else { continue }
            let scale = limits.high > limits.low ? 255 / (limits.high - limits.low) : 0
            for (pixel, value) in plane.enumerated() where value > limits.low {
                let stretched = min((value - limits.low) * scale, 255)
                result.samples[pixel * outputs + channel] = UInt8(stretched)
            }
        }
        return result
    }
}

/// The values at the two ends of the share that is shown, or `nil` if nothing is finite.
private func displayLimits(of plane: [Float], clipping: Double) -> (low: Float, high: Float)? {
    let step = max(plane.count / 100_000, 1)
    let sample = stride(from: 0, to: plane.count, by: step)
        .map { plane[$0] }.filter(\.isFinite).sorted()
    guard !sample.isEmpty else { return nil }
    let clipped = Int(Double(sample.count) * clipping)
    let (low, high) = (sample[clipped], sample[sample.count - 1 - clipped])
    return (high - low).isFinite ? (low, high) : nil
}
