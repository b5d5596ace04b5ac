import Imaging

/// Brings intensities to the scale from 0 to 255.
struct IntensityScaling {
    let transform: SamplingOptions.IntensityTransform

    /// The range of each channel in the whole image, for ``SamplingOptions/IntensityTransform/image``.
    let ranges: PlaneCache.Ranges

    /// Scales all samples of a patch.
    func apply(to patch: inout Raster<Float>) {
        switch transform {
        case .image: stretchToImage(&patch)
        case .minMax:
            let low = patch.samples.min() ?? 0
            let high = (patch.samples.max() ?? 0) - low
            for index in patch.samples.indices {
                patch.samples[index] = (patch.samples[index] - low) / (high + 1e-7) * 255
            }
        case .percentile: stretchToPercentiles(&patch)
        case .unchanged:
            guard (patch.samples.max() ?? 0) < 1 else { return }
            for index in patch.samples.indices { patch.samples[index] *= 255 }
        }
    }

    /// As `AnyRaster.normalizedIntensities` does for inference, the dropped fraction included.
    private func stretchToImage(_ patch: inout Raster<Float>) {
        for channel in 0..<patch.channels {
            let range = ranges[channel]
            let stretch = Stretch(minimum: range.lowerBound, maximum: range.upperBound)
            for index in stride(from: channel, to: patch.samples.count, by: patch.channels) {
                // Padding lies below the range where all intensities are large, and becomes 0.
                patch.samples[index] = stretch(patch.samples[index]).rounded(.down)
            }
        }
    }

    private func stretchToPercentiles(_ patch: inout Raster<Float>) {
        let sorted = patch.samples.sorted()
        let low = Self.percentile(1, of: sorted)
        let high = Self.percentile(99, of: sorted)
        for index in patch.samples.indices {
            let value = (patch.samples[index] - low) / (high - low + 1e-7)
            patch.samples[index] = min(max(value, 0), 1) * 255
        }
    }

    /// With linear interpolation, as `numpy.percentile`.
    private static func percentile(_ percent: Double, of sorted: [Float]) -> Float {
        let position = percent / 100 * Double(sorted.count - 1)
        let below = Int(position)
        let above = min(below + 1, sorted.count - 1)
        let share = Float(position - Double(below))
        return sorted[below] + (sorted[above] - sorted[below]) * share
    }
}
