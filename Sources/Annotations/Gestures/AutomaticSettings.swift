public import Prompting

/// How automatic segmentation found the objects of a gesture, so that it can find them again.
public struct AutomaticSettings: Hashable, Codable, Sendable {
    /// The mode.
    public var mode: AutomaticMode

    /// What was asked for beside what the model carries: values by micro-sam's names, switches as 0 or 1.
    public var parameters: [String: Double]

    /// Notes a mode and its parameters.
    public init(mode: AutomaticMode, parameters: [String: Double] = [:]) {
        (self.mode, self.parameters) = (mode, parameters)
    }
}
