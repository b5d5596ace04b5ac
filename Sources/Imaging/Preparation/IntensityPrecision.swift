/// Pixels of 32 or 64 bits whose differences are so small beside their values that single precision, in which
/// models see them, cannot tell them apart.
public struct IntensityPrecision: Hashable, Sendable {
    /// The greatest magnitude of a pixel.
    public let value: Double

    /// The difference between the least and the greatest pixel.
    public let difference: Double

    /// The fewest steps of single precision that nothing is said of: those of the 8 bits that models see.
    static let fewestSteps = 256.0

    /// What single precision loses of the pixels of a channel; nil if nothing that can be seen.
    ///
    /// - Throws: What reading throws.
    public init?(of source: some PixelSource) throws {
        var extremes: [Extremes] = []
        for band in source.bands {
            guard let found = Extremes.each(of: try source.read(band)) else { return nil }
            extremes = extremes.isEmpty ? found : zip(extremes, found).map { $0.union($1) }
        }
        let lossy = extremes.lazy.compactMap { extremes -> IntensityPrecision? in
            let (value, difference) = (extremes.magnitude, extremes.difference)
            guard difference > 0, difference.isFinite,
                difference < Self.fewestSteps * Double(Float(value).ulp)
            else { return nil }
            return IntensityPrecision(value: value, difference: difference)
        }
        guard let first = lossy.first else { return nil }
        self = first
    }

    private init(value: Double, difference: Double) {
        self.value = value
        self.difference = difference
    }
}

/// The least and greatest value of a channel, exact.
private enum Extremes {
    case signed(Int64, Int64)
    case unsigned(UInt64, UInt64)
    case floating(Double, Double)

    /// Those of each channel that a model sees; nil for samples that single precision holds.
    static func each(of raster: AnyRaster) -> [Extremes]? {
        let channels = min(raster.channels, resultChannels(raster.channels))
        func each<Sample: Comparable>(
            _ samples: [Sample],
            _ make: (Sample, Sample) -> Extremes
        ) -> [Extremes] {
            (0..<channels).map { channel in
                var (least, greatest) = (samples[channel], samples[channel])
                for index in stride(from: channel, to: samples.count, by: raster.channels) {
                    least = min(least, samples[index])
                    greatest = max(greatest, samples[index])
                }
                return make(least, greatest)
            }
        }
        return switch raster {
        case .uint32(let raster): each(raster.samples) { .unsigned(UInt64($0), UInt64($1)) }
        case .int32(let raster): each(raster.samples) { .signed(Int64($0), Int64($1)) }
        case .uint64(let raster): each(raster.samples) { .unsigned($0, $1) }
        case .int64(let raster): each(raster.samples) { .signed($0, $1) }
        case .float64(let raster): each(raster.samples) { .floating($0, $1) }
        case .uint8, .int8, .uint16, .int16, .float32: nil
        }
    }

    func union(_ other: Extremes) -> Extremes {
        switch (self, other) {
        case (.signed(let a, let b), .signed(let c, let d)): .signed(min(a, c), max(b, d))
        case (.unsigned(let a, let b), .unsigned(let c, let d)): .unsigned(min(a, c), max(b, d))
        case (.floating(let a, let b), .floating(let c, let d)): .floating(min(a, c), max(b, d))
        default: self
        }
    }

    var magnitude: Double {
        switch self {
        case .signed(let least, let greatest):
            max(Double(least.magnitude), Double(greatest.magnitude))
        case .unsigned(_, let greatest): Double(greatest)
        case .floating(let least, let greatest): max(abs(least), abs(greatest))
        }
    }

    /// The difference, of which nothing is lost where it is small.
    var difference: Double {
        switch self {
        case .signed(let least, let greatest):
            Double(UInt64(bitPattern: greatest) &- UInt64(bitPattern: least))
        case .unsigned(let least, let greatest): Double(greatest - least)
        case .floating(let least, let greatest): greatest - least
        }
    }
}
