public import Imaging

/// The range of intensities of a whole movie, found frame by frame.
///
/// Values are counted, so memory depends on how many different ones there are and not on the number of frames. Of more than a million different
/// ones the last bits are dropped, which changes the range by less than one part in ten thousand.
///
/// ```swift
/// var intensities = MovieIntensities()
/// for image in movie { try intensities.add(image) }
/// let range = intensities.range
/// ```
///
/// - Source: `normalize` in `trackastra/data`: percentiles 1 and 99.8 of every fourth pixel, of every pixel where a side has 256 or fewer.
public struct MovieIntensities: Sendable {
    /// The two values that become 0 and 1.
    public struct Range: Hashable, Codable, Sendable {
        /// What becomes 0: the 1st percentile.
        public var low: Float
        /// What becomes 1: percentile 99.8.
        public var high: Float

        /// A range.
        public init(low: Float, high: Float) {
            self.low = low
            self.high = high
        }

        /// A value as the network sees it, not clipped.
        func normalized(_ value: Float) -> Float { (value - low) / (high - low + 1e-8) }
    }

    private var counts: [UInt32: Int] = [:]
    private var droppedBits: UInt32 = 0
    private var frameCount = 0

    private static let limit = 1 << 20

    /// Counts nothing.
    public init() {}

    /// Counts the pixels of a frame; values that are no finite numbers are left out.
    ///
    /// - Throws: ``TrackastraError/severalChannels(frame:channels:)``.
    public mutating func add(_ image: AnyRaster) throws(TrackastraError) {
        guard image.channels == 1 else {
            throw .severalChannels(frame: frameCount, channels: image.channels)
        }
        frameCount += 1
        let pixels = image.floats()
        let step = pixels.size.width > 256 && pixels.size.height > 256 ? 4 : 1
        for y in stride(from: 0, to: pixels.size.height, by: step) {
            for x in stride(from: 0, to: pixels.size.width, by: step) {
                let value = pixels[x: x, y: y]
                if value.isFinite {
                    counts[kept(Self.key(value)), default: 0] += 1
                }
            }
        }
        while counts.count > Self.limit { coarsen() }
    }

    /// A key without the bits that are dropped.
    private func kept(_ key: UInt32) -> UInt32 { (key >> droppedBits) << droppedBits }

    private mutating func coarsen() {
        droppedBits += 1
        var coarser: [UInt32: Int] = [:]
        for (key, count) in counts {
            coarser[kept(key), default: 0] += count
        }
        counts = coarser
    }

    /// The range of all frames so far; 0 to 0 of none.
    public var range: Range {
        let keys = counts.keys.sorted()
        return Range(low: percentile(1, keys), high: percentile(99.8, keys))
    }

    /// By linear interpolation, as `numpy.percentile`.
    private func percentile(_ percent: Double, _ keys: [UInt32]) -> Float {
        let total = counts.values.reduce(0, +)
        guard total > 0 else { return 0 }
        let place = percent / 100 * Double(total - 1)
        let (below, share) = (Int(place), place - place.rounded(.down))
        var (seen, low): (Int, Float?) = (0, nil)
        for key in keys {
            seen += counts[key] ?? 0
            let value = Self.value(key)
            if low == nil, seen > below { low = value }
            if let low, seen > below + 1 || seen == total {
                return Float(Double(low) + share * (Double(value) - Double(low)))
            }
        }
        return 0
    }

    /// Whole numbers in the order of the values.
    private static func key(_ value: Float) -> UInt32 {
        // Minus zero is zero.
        let bits = (value + 0).bitPattern
        return bits >> 31 == 0 ? bits | 1 << 31 : ~bits
    }

    private static func value(_ key: UInt32) -> Float {
        Float(bitPattern: key >> 31 == 1 ? key & ~(1 << 31) : ~key)
    }
}
