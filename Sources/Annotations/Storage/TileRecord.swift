import Foundation
import GRDB

/// Labels of a tile that lie in the file, shared by all tiles and edits with the same ones.
struct StoredTile {
    let blob: Int64
    let labels: [UInt32]
    let parts: [TilePart]
}

extension Store {
    /// The number of the labels of a tile; nil for background alone.
    func blob(at address: TileAddress, of image: Int64) throws -> Int64? {
        let row = try row(
            "SELECT blob FROM tile WHERE image = ? AND t = ? AND z = ? AND row = ? AND col = ?",
            [image, address.t, address.z, address.row, address.col]
        )
        return try row?.value(0)
    }

    /// Hash and compressed labels.
    func content(_ blob: Int64) throws -> (hash: String, stream: [UInt8]) {
        guard let row = try row("SELECT hash, labels FROM blob WHERE id = ?", [blob]) else {
            throw damaged("the labels \(blob) are missing")
        }
        return (try row.value(0), try row.bytes(1))
    }

    /// The hash of labels; that of background for nil.
    func hash(_ blob: Int64?) throws -> String {
        guard let blob else { return LabelTile.emptyHash }
        guard let row = try row("SELECT hash FROM blob WHERE id = ?", [blob]) else {
            throw damaged("the labels \(blob) are missing")
        }
        return try row.value(0)
    }

    /// The labels of a tile; background for nil.
    func labels(_ blob: Int64?) throws -> [UInt32] {
        guard let blob else { return TileCodec.empty }
        guard let labels = TileCodec.labels(try content(blob).stream) else {
            throw damaged("the labels \(blob) cannot be unpacked")
        }
        return labels
    }

    /// What a tile holds of each object.
    func parts(_ blob: Int64?) throws -> [TilePart] {
        guard let blob else { return [] }
        guard let row = try row("SELECT parts FROM blob WHERE id = ?", [blob]) else {
            throw damaged("the labels \(blob) are missing")
        }
        guard let parts = [TilePart](bytes: try row.bytes(0)) else {
            throw damaged("the contents of the labels \(blob) cannot be read")
        }
        return parts
    }

    /// Stores labels, or finds those that are equal; nil for background alone.
    func insert(_ labels: [UInt32], _ parts: [TilePart]) throws -> Int64? {
        guard !parts.isEmpty else { return nil }
        let bytes = TileCodec.bytes(labels)
        let hash = try TileCodec.hash(bytes)
        if let known = try row("SELECT id FROM blob WHERE hash = ?", [hash]) {
            return try known.value(0)
        }
        try run(
            "INSERT INTO blob (hash, labels, parts) VALUES (?, ?, ?)",
            [hash, Data(try TileCodec.compress(bytes)), Data(parts.bytes)]
        )
        return db.lastInsertedRowID
    }

    /// Says which labels a tile has.
    func setTile(_ address: TileAddress, of image: Int64, _ blob: Int64?) throws {
        if let blob {
            try run(
                """
                INSERT OR REPLACE INTO tile (image, t, z, row, col, blob) VALUES (?, ?, ?, ?, ?, ?)
                """,
                [image, address.t, address.z, address.row, address.col, blob]
            )
        } else {
            try run(
                "DELETE FROM tile WHERE image = ? AND t = ? AND z = ? AND row = ? AND col = ?",
                [image, address.t, address.z, address.row, address.col]
            )
        }
    }

    /// All tiles of an image that are not background alone.
    func tiles(of image: Int64) throws -> [TileAddress: Int64] {
        let rows = try rows("SELECT t, z, row, col, blob FROM tile WHERE image = ?", [image])
        return try Dictionary(
            rows.map { (try address($0), try $0.value(4)) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The tiles of a plane that are not background alone.
    func tiles(of image: Int64, t: Int, z: Int) throws -> [TileAddress: Int64] {
        let sql = "SELECT t, z, row, col, blob FROM tile WHERE image = ? AND t = ? AND z = ?"
        return try Dictionary(
            rows(sql, [image, t, z]).map { (try address($0), try $0.value(4)) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The address in the four columns from one on.
    func address(_ row: StoredRow, from index: Int = 0) throws -> TileAddress {
        let limit = 0..<BoxMask.coordinateLimit
        return TileAddress(
            t: try row.number(index, limit),
            z: try row.number(index + 1, limit),
            row: try row.number(index + 2, limit),
            col: try row.number(index + 3, limit)
        )
    }
}
