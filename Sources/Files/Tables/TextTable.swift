/// Rows of words in columns that line up.
public struct TextTable {
    /// The names of the columns; empty for none.
    public let header: [String]

    /// The words, row by row; the last row need not be full.
    public let rows: [[String]]

    /// Creates a table; without column names if `header` is empty.
    public init(header: [String] = [], rows: [[String]]) {
        self.header = header
        self.rows = rows
    }

    /// The table, with a line of column names.
    public var text: String {
        let all = (header.isEmpty ? [] : [header]) + rows
        let count = all.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return all.map { row in Self.line(row, widths) }.joined(separator: "\n")
    }

    private static func line(_ row: [String], _ widths: [Int]) -> String {
        let cells = row.enumerated().map { column, cell in
            column == row.count - 1
                ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
        }
        return cells.joined(separator: "  ")
    }
}
