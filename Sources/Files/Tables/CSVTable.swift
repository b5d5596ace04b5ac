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

    /// Reads the content of a file that this type has written.
    ///
    /// Quotes are understood; rows that are shorter than the header are filled up with empty values.
    public init(text: String) {
        var rows: [[String]] = []
        var (row, value): ([String], [UInt8]) = ([], [])
        var (isQuoted, hasContent) = (false, false)
        func end(_ value: inout [UInt8], _ row: inout [String]) {
            row.append(String(decoding: value, as: UTF8.self))
            value = []
        }
        for byte in text.utf8 {
            switch byte {
            case 0x22:
                // Two quotes in quotes are one: the second begins them again.
                if !isQuoted, value.isEmpty == false, hasContent { value.append(byte) }
                isQuoted.toggle()
                hasContent = true
            case 0x2C where !isQuoted:
                end(&value, &row)
                hasContent = false
            case 0x0A where !isQuoted:
                end(&value, &row)
                hasContent = false
                rows.append(row)
                row = []
            default: value.append(byte)
            }
        }
        if !value.isEmpty || !row.isEmpty {
            end(&value, &row)
            rows.append(row)
        }
        let header = rows.first ?? []
        let body = rows.dropFirst().map { row in
            row + Array(repeating: "", count: max(header.count - row.count, 0))
        }
        self.init(header: header, rows: Array(body))
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
