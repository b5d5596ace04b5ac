import Foundation
import GRDB

/// The project file within one transaction: every statement, and how rows become values.
///
/// Nothing in a row is trusted: a value that cannot be right is an error of the file.
struct Store {
    let db: Database
    let file: String

    func damaged(_ detail: String) -> ProjectError { .damaged(file, detail: detail) }

    /// Runs a statement.
    func run(_ sql: String, _ arguments: StatementArguments = []) throws {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// All rows of a query.
    func rows(_ sql: String, _ arguments: StatementArguments = []) throws -> [StoredRow] {
        let rows = try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments)
        return rows.map { StoredRow(row: $0, file: file) }
    }

    /// The first row of a query.
    func row(_ sql: String, _ arguments: StatementArguments = []) throws -> StoredRow? {
        try Row.fetchOne(db.cachedStatement(sql: sql), arguments: arguments)
            .map { StoredRow(row: $0, file: file) }
    }
}

/// A row whose values are checked when they are read, in the order of the columns.
struct StoredRow {
    let row: Row
    let file: String

    /// A value that must be there.
    func value<Value: DatabaseValueConvertible>(_ index: Int) throws -> Value {
        guard let value: Value = try optional(index) else { throw wrong(index) }
        return value
    }

    /// A value that may be missing.
    func optional<Value: DatabaseValueConvertible>(_ index: Int) throws -> Value? {
        guard index < row.count else { throw wrong(index) }
        let value: DatabaseValue = row[index]
        if value.isNull { return nil }
        guard let result = Value.fromDatabaseValue(value) else { throw wrong(index) }
        return result
    }

    /// A text of few possible ones.
    func choice<Value: RawRepresentable>(_ index: Int) throws -> Value
    where Value.RawValue == String {
        guard let value = Value(rawValue: try value(index)) else { throw wrong(index) }
        return value
    }

    /// Bytes.
    func bytes(_ index: Int) throws -> [UInt8] {
        let data: Data = try value(index)
        return Array(data)
    }

    /// A whole number of a range.
    func number(_ index: Int, _ range: Range<Int>) throws -> Int {
        let number: Int = try value(index)
        guard range.contains(number) else { throw wrong(index) }
        return number
    }

    func wrong(_ index: Int) -> ProjectError {
        let name = index < row.count ? Array(row.columnNames)[index] : "\(index)"
        return .damaged(file, detail: "a value of '\(name)' cannot be right")
    }
}
