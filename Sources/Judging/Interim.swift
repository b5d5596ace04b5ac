import Foundation

// To be replaced by the target Files.

/// JSON by `Codable`.
enum JSONText {
    enum Keys { case snakeCase, asDeclared }

    static func encode(_ value: some Encodable, keys: Keys = .snakeCase) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        if keys == .snakeCase { encoder.keyEncodingStrategy = .convertToSnakeCase }
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity",
            negativeInfinity: "-Infinity",
            nan: "NaN"
        )
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// Rows of values with commas between them.
public struct CSVTable: Hashable, Sendable {
    /// The names of the columns.
    public var header: [String]

    /// The values, row by row.
    public var rows: [[String]]

    /// Creates a table.
    public init(header: [String], rows: [[String]] = []) {
        (self.header, self.rows) = (header, rows)
    }

    /// The file's content; values with commas, quotes or line breaks are quoted.
    public var text: String {
        ([header] + rows).map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined()
    }

    private static func quoted(_ value: String) -> String {
        guard value.contains(where: { ",\"\n\r".contains($0) }) else { return value }
        return "\"" + value.replacing("\"", with: "\"\"") + "\""
    }
}
