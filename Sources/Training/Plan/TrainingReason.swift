/// What was chosen for a training, and why.
///
/// In a file it is its ``description``, so that people can read it; what is read back is a
/// ``sentence(_:)``.
public enum TrainingReason: Hashable, Sendable {
    /// A whole sentence.
    case sentence(String)
    /// What was reduced so that the training fits into memory.
    case savings([TrainingSaving])
}

extension TrainingReason: CustomStringConvertible {
    /// A sentence.
    public var description: String {
        switch self {
        case .sentence(let text): text
        case .savings(let savings):
            "To fit into memory: " + savings.map(\.description).joined(separator: ", ") + "."
        }
    }
}

extension TrainingReason: Codable {
    /// Reads a sentence.
    public init(from decoder: any Decoder) throws {
        self = .sentence(try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the sentence.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
