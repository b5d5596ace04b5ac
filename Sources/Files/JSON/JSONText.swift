public import Foundation

/// JSON by `Codable`: keys sorted, numbers that JSON lacks as the texts `NaN`, `Infinity`, `-Infinity`.
public enum JSONText {
    /// How the names of properties become keys.
    public enum Keys: Hashable, Sendable {
        /// `imageSize` is `image_size`: what the program prints for scripts.
        case snakeCase
        /// As they are declared.
        case asDeclared
    }

    /// Encodes a value, indented.
    public static func encode(_ value: some Encodable, keys: Keys = .snakeCase) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encode(value, with: encoder, keys)
    }

    /// Encodes a value on a single line.
    public static func encodeLine(
        _ value: some Encodable,
        keys: Keys = .snakeCase
    ) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encode(value, with: encoder, keys)
    }

    /// Decodes what ``encode(_:keys:)`` or ``encodeLine(_:keys:)`` wrote.
    public static func decode<Value: Decodable>(
        _ type: Value.Type,
        from data: Data,
        keys: Keys = .snakeCase
    ) throws -> Value {
        let decoder = JSONDecoder()
        if keys == .snakeCase { decoder.keyDecodingStrategy = .convertFromSnakeCase }
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity",
            negativeInfinity: "-Infinity",
            nan: "NaN"
        )
        return try decoder.decode(type, from: data)
    }

    private static func encode(
        _ value: some Encodable,
        with encoder: JSONEncoder,
        _ keys: Keys
    ) throws -> String {
        if keys == .snakeCase { encoder.keyEncodingStrategy = .convertToSnakeCase }
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity",
            negativeInfinity: "-Infinity",
            nan: "NaN"
        )
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
