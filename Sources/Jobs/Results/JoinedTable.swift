import Files
import Foundation
import ImageFormats
import Prompting

/// The measurements of all images of a run in one table.
enum JoinedTable {
    /// Name of the file in the folder of the results.
    static let fileName = "all_objects.csv"

    /// Joins tables of images; columns that an image does not have are empty there.
    ///
    /// The rows are in the natural order of the files, so that they do not depend on the runs that made them.
    ///
    /// - Parameter tables: The files; those that are missing are left out.
    /// - Throws: An error of a file that cannot be read or written.
    static func write(_ tables: Set<String>, to path: String) throws {
        var (columns, places): ([String], [String: Int]) = ([], [:])
        var rows: [[String]] = []
        for file in tables.sorted(by: { $0.naturallyPrecedes($1) })
        where FileStatus(of: file) != nil {
            let text = try String(contentsOf: URL(filePath: file), encoding: .utf8)
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
