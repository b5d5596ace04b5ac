/// How intensities are stretched to 8 bits before a model sees them.
public enum Normalization: Hashable, Sendable {
    /// From the least to the greatest value of each channel, as the reference does.
    case minmax

    /// From one percentile of each channel to another; what lies beyond is cut off.
    ///
    /// Few pixels that are far brighter than all others, such as hot pixels of a camera, then do not darken
    /// the rest.
    case percentiles(low: Double, high: Double)

    /// From the 1st to the 99.8th percentile.
    public static let standardPercentiles = Normalization.percentiles(low: 1, high: 99.8)

    /// Reads `minmax`, `percentile` or `percentile:1,99.8`; nil for another text.
    public init?(_ text: String) {
        switch text.lowercased() {
        case "minmax": self = .minmax
        case "percentile", "percentiles": self = .standardPercentiles
        case let text:
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, ["percentile", "percentiles"].contains(parts[0]) else {
                return nil
            }
            let numbers = parts[1].split(separator: ",", omittingEmptySubsequences: false)
                .map { Double($0) }
            guard numbers.count == 2, let low = numbers[0], let high = numbers[1],
                (0...100).contains(low), (0...100).contains(high), low < high
            else { return nil }
            self = .percentiles(low: low, high: high)
        }
    }
}

extension Normalization: TextCodable {
    /// The text that ``init(_:)`` reads.
    public var description: String {
        switch self {
        case .minmax: "minmax"
        case .percentiles(let low, let high): "percentile:\(low),\(high)"
        }
    }

    /// What is wrong with a text that names no normalisation.
    public static func problem(of text: String) -> String { "not a normalisation: \(text)" }
}
