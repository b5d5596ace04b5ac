import Files
public import Prompting

/// How long each step took.
public struct StageTimes: Hashable, Sendable {
    /// Seconds of wall time by step; a step that did not happen is missing.
    public private(set) var seconds: [WorkStage: Double] = [:]

    /// No time at all.
    public init() {}

    /// The sum of all steps.
    public var total: Double { seconds.values.reduce(0, +) }

    /// Seconds of one step; 0 if it did not happen.
    public subscript(stage: WorkStage) -> Double { seconds[stage] ?? 0 }

    /// Adds to the time of one step.
    public mutating func add(_ duration: Duration, to stage: WorkStage) {
        seconds[stage, default: 0] += duration.seconds
    }

    /// Adds the times of another image.
    public mutating func add(_ other: StageTimes) {
        seconds.merge(other.seconds) { $0 + $1 }
    }

    /// These times and those of another part of the work.
    public func adding(_ other: StageTimes) -> StageTimes {
        var sum = self
        sum.add(other)
        return sum
    }
}

extension StageTimes: Codable {
    /// The same object; steps that are not known are left out.
    public init(from decoder: any Decoder) throws {
        // Decoders may or may not turn the names of steps into those of Swift.
        let named = try [String: Double](from: decoder)
        for stage in WorkStage.allCases {
            let name = stage.rawValue.split(separator: "_").joined()
            let value = named.first { $0.key.replacing("_", with: "").lowercased() == name }
            if let value { seconds[stage] = value.value }
        }
    }

    /// An object with one number for each step that happened.
    public func encode(to encoder: any Encoder) throws {
        let named = seconds.map { ($0.key.rawValue, $0.value.roundedForJSON) }
        try Dictionary(uniqueKeysWithValues: named).encode(to: encoder)
    }
}

extension Double {
    /// Rounded to a tenth of a millisecond.
    public var roundedForJSON: Double { (self * 10_000).rounded() / 10_000 }
}
