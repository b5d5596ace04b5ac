public import Foundation

/// JSON for scripts: indented, keys sorted and in snake case.
public enum JSONText {
    /// Encodes a value; numbers that JSON lacks become texts.
    public static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encode(value, with: encoder)
    }

    /// The same on a single line.
    public static func encodeLine(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encode(value, with: encoder)
    }

    /// Decodes what ``encodeLine(_:)`` wrote.
    public static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws
        -> Value
    {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity",
            negativeInfinity: "-Infinity",
            nan: "NaN"
        )
        return try decoder.decode(type, from: data)
    }

    private static func encode(_ value: some Encodable, with encoder: JSONEncoder) throws -> String
    {
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity",
            negativeInfinity: "-Infinity",
            nan: "NaN"
        )
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
