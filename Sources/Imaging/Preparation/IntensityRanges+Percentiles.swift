extension IntensityRanges {
    /// The ranges that the channels of a plane are stretched from; the plane is read in bands of rows, once
    /// for ``Normalization/minmax`` and three times for percentiles.
    ///
    /// Percentiles are interpolated between two values, as `numpy.percentile` does. Where both are the same,
    /// because nearly all pixels are, the full range is taken.
    ///
    /// - Throws: What reading throws; ``ImagingError/notFinite(_:)`` for values that cannot be stretched.
    public init(of source: some PixelSource, _ normalization: Normalization) throws {
        let full = try IntensityRanges(of: source)
        guard case .percentiles(let low, let high) = normalization else {
            self = full
            return
        }
        let count = full.channels.count
        var statistics = [OrderStatistics](repeating: OrderStatistics(), count: count)
        try Self.eachBand(of: source) { samples, channels in
            for channel in 0..<count {
                statistics[channel].count(samples, from: channel, every: channels)
            }
        }
        let places = statistics.map { [Place(low, of: $0.total), Place(high, of: $0.total)] }
        var searches = zip(statistics, places).map { statistics, places in
            statistics.search(for: places.flatMap { [$0.below, $0.above] })
        }
        try Self.eachBand(of: source) { samples, channels in
            for channel in 0..<count {
                searches[channel].count(samples, from: channel, every: channels)
            }
        }
        let ranges = searches.indices.map { channel in
            let values = searches[channel].values
            let (first, last) = (
                places[channel][0].value(between: values[0], values[1]),
                places[channel][1].value(between: values[2], values[3])
            )
            return last > first ? first...last : full.channels[channel]
        }
        self.init(channels: ranges)
    }

    /// How far the brightest or darkest pixel of a channel is from 99.9 % of all pixels, where that is so
    /// much that these become all dark, or all bright; nil if it is not.
    ///
    /// - Throws: What reading throws; ``ImagingError/notFinite(_:)``.
    public static func outlier(in source: some PixelSource) throws -> IntensityOutlier? {
        let full = try IntensityRanges(of: source)
        var statistics = [OrderStatistics](
            repeating: OrderStatistics(),
            count: full.channels.count
        )
        try eachBand(of: source) { samples, channels in
            for channel in statistics.indices {
                statistics[channel].count(samples, from: channel, every: channels)
            }
        }
        for (channel, range) in full.channels.enumerated() where statistics[channel].total >= 1000 {
            let last = statistics[channel].total - 1
            let all = range.upperBound - range.lowerBound
            for isDark in [false, true] {
                let rank = Int((isDark ? 0.001 : 0.999) * Double(last))
                let usual = statistics[channel].roughly(rank: rank).clamped(to: range)
                let rest = isDark ? range.upperBound - usual : usual - range.lowerBound
                guard rest > 0, all >= IntensityOutlier.factor * rest else { continue }
                let extreme = isDark ? range.lowerBound : range.upperBound
                return IntensityOutlier(
                    channel: channel,
                    isDark: isDark,
                    extreme: extreme,
                    usual: usual
                )
            }
        }
        return nil
    }

    private static func eachBand(
        of source: some PixelSource,
        _ body: ([Float], Int) throws -> Void
    ) throws {
        for band in source.bands {
            let floats = try source.read(band).floats()
            try body(floats.samples, floats.channels)
        }
    }

    /// A percentile as the ranks of two values and the way between them.
    private struct Place {
        let below: Int
        let above: Int
        let share: Float

        init(_ percent: Double, of count: Int) {
            let position = percent / 100 * Double(max(count - 1, 0))
            below = Int(position)
            above = min(below + 1, max(count - 1, 0))
            share = Float(position - Double(below))
        }

        func value(between low: Float, _ high: Float) -> Float { low + (high - low) * share }
    }
}

/// A channel whose brightest, or darkest, pixel is far from nearly all others.
public struct IntensityOutlier: Hashable, Sendable {
    /// The channel.
    public let channel: Int

    /// Whether the pixel is darker than all others, and not brighter.
    public let isDark: Bool

    /// The greatest value, or the least.
    public let extreme: Float

    /// The value that 99.9 % of the pixels do not exceed, or do not fall below, to about one per cent.
    public let usual: Float

    /// From which ratio of the full range to that of 99.9 % of the pixels on it is said.
    static let factor: Float = 5
}

extension Comparable {
    /// The nearest value in a range.
    fileprivate func clamped(to range: ClosedRange<Self>) -> Self {
        min(max(self, range.lowerBound), range.upperBound)
    }
}
