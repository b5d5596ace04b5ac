import Files
import Foundation
import ImageFormats
import Prompting

/// The measurements of all images of a run in one table.
enum JoinedTable {
    /// Name of the file in the folder of the results.
    static let fileName = "all_objects.csv"

    /// Joins the tables of images that are finished; columns that an image has not are empty there.
    ///
    /// - Throws: An error of a file that cannot be read or written.
    static func write(_ items: [BatchItem], to path: String) throws {
        var (columns, places): ([String], [String: Int]) = ([], [:])
        var rows: [[String]] = []
        for file in items.flatMap(\.results) where file.kind == .table {
            guard FileStatus(of: file.path) != nil else { continue }
            let text = try String(contentsOf: URL(filePath: file.path), encoding: .utf8)
            let table = CSVTable(text: text)
            for column in table.header where places[column] == nil {
                places[column] = columns.count
                columns.append(column)
            }
            let order = table.header.compactMap { places[$0] }
            for row in table.rows {
                var joined = Array(repeating: "", count: columns.count)
                for (place, value) in zip(order, row) { joined[place] = value }
                rows.append(joined)
            }
        }
        guard !columns.isEmpty else { return }
        for index in rows.indices where rows[index].count < columns.count {
            rows[index] += Array(repeating: "", count: columns.count - rows[index].count)
        }
        try ObjectTable.write(
            csv: CSVTable(header: columns, rows: rows).text,
            to: URL(filePath: path)
        )
    }
}
