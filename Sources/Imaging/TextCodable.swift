/// A value that JSON holds as the text that people write for it.
public protocol TextCodable: LosslessStringConvertible, Codable {
    /// What is wrong with a text that is no such value.
    static func problem(of text: String) -> String
}

extension TextCodable {
    /// Reads the text.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: Self.problem(of: text))
            )
        }
        self = value
    }

    /// Writes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
