/// Rows of values with commas between them (RFC 4180, UTF-8).
public struct CSVTable: Hashable, Sendable {
    /// The names of the columns.
    public var header: [String]

    /// The values, row by row.
    public var rows: [[String]]

    /// Creates a table.
    public init(header: [String], rows: [[String]] = []) {
        (self.header, self.rows) = (header, rows)
    }

    /// The file's content; every line ends in a line feed.
    public var text: String { ([header] + rows).map { Self.line($0) + "\n" }.joined() }

    /// One row without its end; values with commas, quotes or line breaks are quoted.
    public static func line(_ values: [String]) -> String {
        values.map(quoted).joined(separator: ",")
    }

    private static func quoted(_ value: String) -> String {
        // A carriage return and a line feed are one character, so bytes are looked at.
        guard value.utf8.contains(where: { #",""#.utf8.contains($0) || $0 == 10 || $0 == 13 })
        else { return value }
        return "\"" + value.replacing("\"", with: "\"\"") + "\""
    }
}
