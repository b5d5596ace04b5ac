/// A row of bars of one character each.
public enum Sparkline {
    private static let bars = Array("▁▂▃▄▅▆▇█")

    /// Bars from the least to the greatest of the values; none for a single value.
    public static func text(_ values: some Sequence<Double>) -> String {
        let values = values.filter(\.isFinite)
        guard values.count > 1, let low = values.min(), let high = values.max(), high > low else {
            return ""
        }
        return String(
            values.map { bars[Int((($0 - low) / (high - low) * Double(bars.count - 1)).rounded())] }
        )
    }
}
