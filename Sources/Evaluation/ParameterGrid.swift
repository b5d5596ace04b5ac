/// One value of a parameter of automatic segmentation.
public enum ParameterValue: Hashable, Sendable {
    /// A threshold, a smoothing or a size.
    case number(Double)
    /// A switch.
    case flag(Bool)

    /// The number; 1 for a switch that is on.
    public var number: Double {
        switch self {
        case .number(let number): number
        case .flag(let flag): flag ? 1 : 0
        }
    }

    /// Whether the switch is on; for numbers, whether it is not 0.
    public var flag: Bool { number != 0 }
}

extension ParameterValue: CustomStringConvertible {
    /// Whole numbers without a point, switches as `true` or `false`.
    public var description: String {
        switch self {
        case .flag(let flag): "\(flag)"
        case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
        }
    }
}

extension ParameterValue: Codable {
    /// Reads a number or a Boolean.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else {
            self = .number(try container.decode(Double.self))
        }
    }

    /// Writes a number or a Boolean; whole numbers without a point.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .flag(let flag): try container.encode(flag)
        case .number(let number):
            if let whole = Int(exactly: number) {
                try container.encode(whole)
            } else {
                try container.encode(number)
            }
        }
    }
}

/// A parameter and the values that are tried.
public struct ParameterRange: Hashable, Codable, Sendable {
    /// Name as in micro-sam, for example `center_distance_threshold`.
    public let name: String

    /// The values, in order.
    public let values: [ParameterValue]

    /// Creates a range.
    public init(name: String, values: [ParameterValue]) {
        (self.name, self.values) = (name, values)
    }

    /// Numbers from `start` to `end` in steps, as the reference lists them: `numpy.arange` up to
    /// `end + step`, rounded to three decimals.
    ///
    /// Because `arange` decides by rounded numbers, the list may have one value beyond `end`.
    public init(name: String, from start: Double, to end: Double, by step: Double) {
        let limit = end + step
        let count = max(Int(((limit - start) / step).rounded(.up)), 0)
        // As arange does it: the second value minus the first is what is added.
        let difference = (start + step) - start
        let values = (0..<count).map { start + Double($0) * difference }
        self.init(
            name: name,
            values: values.map { .number(($0 * 1000).rounded(.toNearestOrEven) / 1000) }
        )
    }
}

/// All combinations of the values of some parameters.
public struct ParameterGrid: Hashable, Codable, Sendable {
    /// The parameters, the slowest first.
    public let ranges: [ParameterRange]

    /// Creates a grid.
    public init(_ ranges: [ParameterRange]) { self.ranges = ranges }

    /// Number of combinations.
    public var count: Int { ranges.reduce(1) { $0 * $1.values.count } }

    /// Names of the parameters, in order.
    public var names: [String] { ranges.map(\.name) }

    /// One combination, its values in the order of ``names``; the first parameter is the slowest.
    public subscript(index: Int) -> [ParameterValue] {
        var rest = index
        var values: [ParameterValue] = []
        for range in ranges.reversed() {
            values.append(range.values[rest % range.values.count])
            rest /= range.values.count
        }
        return values.reversed()
    }

    /// The grid with other values for some parameters.
    ///
    /// A parameter that is not among ``names`` is added at the end.
    public func replacing(_ other: [ParameterRange]) -> ParameterGrid {
        let byName = Dictionary(other.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        let known = Set(names)
        return ParameterGrid(
            ranges.map { byName[$0.name] ?? $0 } + other.filter { !known.contains($0.name) }
        )
    }
}

extension ParameterGrid {
    private static func tenths(_ name: String, _ values: [Int]) -> ParameterRange {
        ParameterRange(name: name, values: values.map { .number(Double($0) / 10) })
    }

    private static let thresholds = [
        tenths("center_distance_threshold", [3, 4, 5, 6, 7]),
        tenths("boundary_distance_threshold", [3, 4, 5, 6, 7]),
    ]

    private static let sizes = ParameterRange(
        name: "min_size",
        values: [.number(50), .number(100), .number(200)]
    )

    /// What micro-sam tries for segmentation with the decoder (AIS): 525 combinations.
    public static let decoder = ParameterGrid(
        thresholds + [
            ParameterRange(name: "distance_smoothing", from: 1, to: 2, by: 0.2), sizes,
        ]
    )

    /// What micro-sam tries for automatic mask generation (AMG): 210 combinations.
    public static let maskGeneration = ParameterGrid([
        ParameterRange(name: "pred_iou_thresh", from: 0.6, to: 0.9, by: 0.025),
        ParameterRange(name: "stability_score_thresh", from: 0.6, to: 0.95, by: 0.025),
    ])

    /// What micro-sam tries for automatic prompt generation (APG): 750 combinations.
    public static let promptGeneration = ParameterGrid(
        thresholds + [
            sizes, tenths("nms_threshold", [5, 6, 7, 8, 9]),
            ParameterRange(name: "intersection_over_min", values: [.flag(true), .flag(false)]),
        ]
    )
}
