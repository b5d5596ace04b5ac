import Imaging

/// What intensities a channel has.
struct ChannelRange: Hashable, Codable, Sendable {
    /// The smallest and the largest finite value.
    let min, max: Double

    /// The 0.1 % and 99.9 % percentiles.
    let low, high: Double

    /// At most so many tiles are looked at, which are 16 million pixels.
    private static let mostTiles = 64

    /// The tiles that are looked at: all, or some that are spread evenly.
    static func sampled(rows: Int, columns: Int) -> [(row: Int, column: Int)] {
        let count = rows * columns
        let taken = Swift.min(count, mostTiles)
        return (0..<taken).map { index in
            let place = index * count / taken
            return (place / columns, place % columns)
        }
    }
}

/// Gathers the intensities of a channel tile by tile, in bounded memory.
struct RangeGatherer {
    private let type: DisplayType
    private var counts: [Int]
    private var values: [Float] = []

    /// From each tile of floats so many are kept.
    private static let keptFloats = 1 << 14

    init(_ type: DisplayType) {
        self.type = type
        switch type {
        case .uint8: counts = [Int](repeating: 0, count: 1 << 8)
        case .uint16: counts = [Int](repeating: 0, count: 1 << 16)
        case .float32: counts = []
        }
    }

    /// Adds a tile of one channel.
    mutating func add(_ tile: DisplayPixels) {
        switch tile {
        case .uint8(let raster): for value in raster.samples { counts[Int(value)] += 1 }
        case .uint16(let raster): for value in raster.samples { counts[Int(value)] += 1 }
        case .float32(let raster):
            let finite = raster.samples.filter(\.isFinite)
            let step = max(finite.count / Self.keptFloats, 1)
            values += stride(from: 0, to: finite.count, by: step).map { finite[$0] }
            // The extremes are kept in any case.
            values += [finite.min(), finite.max()].compactMap(\.self)
        }
    }

    /// What was gathered; 0 to 1 where there is no finite value.
    var range: ChannelRange {
        type == .float32 ? rangeOfValues : rangeOfCounts
    }

    private var rangeOfCounts: ChannelRange {
        let total = counts.reduce(0, +)
        func value(at share: Double) -> Double {
            let rank = Int(share * Double(max(total - 1, 0)))
            var passed = 0
            for (value, count) in counts.enumerated() {
                passed += count
                if passed > rank { return Double(value) }
            }
            return 0
        }
        return ChannelRange(
            min: value(at: 0),
            max: value(at: 1),
            low: value(at: 0.001),
            high: value(at: 0.999)
        )
    }

    private var rangeOfValues: ChannelRange {
        guard !values.isEmpty else { return ChannelRange(min: 0, max: 1, low: 0, high: 1) }
        let sorted = values.sorted()
        func value(at share: Double) -> Double {
            Double(sorted[Int(share * Double(sorted.count - 1))])
        }
        return ChannelRange(
            min: value(at: 0),
            max: value(at: 1),
            low: value(at: 0.001),
            high: value(at: 0.999)
        )
    }
}
