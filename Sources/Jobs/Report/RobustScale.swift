/// Median and spread of numbers, insensitive to a few odd ones.
struct RobustScale {
    private let median: Double
    private let spread: Double

    /// Measures numbers; fewer than five have no spread.
    init(_ values: [Double]) {
        let sorted = values.sorted()
        median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
        let middle = median
        let distances = values.map { abs($0 - middle) }.sorted()
        spread = values.count < 5 ? 0 : distances[distances.count / 2]
    }

    /// How many robust standard deviations a value lies above the median; nil if there is no spread.
    func distance(of value: Double) -> Double? {
        // 0.6745 is the median absolute deviation of the standard normal distribution.
        spread > 0 ? 0.6745 * (value - median) / spread : nil
    }
}
