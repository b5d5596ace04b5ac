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
        let widths = widths
        return all.map { row in Self.line(row, widths) }.joined(separator: "\n")
    }

    private var all: [[String]] { (header.isEmpty ? [] : [header]) + rows }

    private var widths: [Int] {
        (0..<(all.map(\.count).max() ?? 0)).map { column in
            all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
    }

    /// The table in lines of at most so many characters, as far as its cells allow.
    ///
    /// Columns without any value (`-` in every row) are left out. A single row that is too long becomes a
    /// line for each column; several rows become blocks of columns, each with the first column.
    public func text(width: Int) -> String {
        // Without names, or with a row that is not full, there are no columns to choose from.
        guard !header.isEmpty, rows.allSatisfy({ $0.count == header.count }) else { return text }
        let table = withoutEmptyColumns
        let widths = table.widths
        guard Self.length(widths) > width else { return table.text }
        if table.rows.count == 1 {
            return TextTable(rows: zip(table.header, table.rows[0]).map { [$0, $1] }).text
        }
        var blocks: [[Int]] = [[0]]
        for column in widths.indices.dropFirst() {
            let longer = blocks[blocks.count - 1] + [column]
            if Self.length(longer.map { widths[$0] }) > width, longer.count > 2 {
                blocks.append([0, column])
            } else {
                blocks[blocks.count - 1] = longer
            }
        }
        return blocks.map { table.columns($0).text }.joined(separator: "\n\n")
    }

    private var withoutEmptyColumns: TextTable {
        columns(header.indices.filter { column in rows.contains { $0[column] != "-" } })
    }

    /// Some of the columns.
    private func columns(_ chosen: [Int]) -> TextTable {
        TextTable(
            header: chosen.map { header[$0] },
            rows: rows.map { row in chosen.map { row[$0] } }
        )
    }

    private static func length(_ widths: [Int]) -> Int {
        widths.reduce(0, +) + 2 * max(widths.count - 1, 0)
    }

    private static func line(_ row: [String], _ widths: [Int]) -> String {
        let cells = row.enumerated().map { column, cell in
            column == row.count - 1
                ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
        }
        return cells.joined(separator: "  ")
    }
}
