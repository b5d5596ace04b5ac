import Foundation
import GRDB

/// A row of `edit`.
struct EditRecord {
    let id: Int64
    let image: Int64
    let parent: Int64
    var redo: Int64
    let client: UUID
    let time: String
    let kind: String
    let words: String
    let statusBefore: ImageStatus
    let statusAfter: ImageStatus
    let labelBefore: UInt32
    let labelAfter: UInt32
}

/// A request that was answered: it led from one edit to another, or changed nothing.
struct RequestRecord {
    let key: UUID
    let image: Int64
    let client: UUID
    let kind: String
    let words: String
    let origin: Int64
    let target: Int64
}

extension Store {
    private static let editColumns = """
        SELECT id, image, parent, redo, client, time, kind, words, status_before, status_after,
            label_before, label_after FROM edit
        """

    /// An edit of an image.
    func edit(_ id: Int64, of image: Int64) throws -> EditRecord {
        let row = try row(Self.editColumns + " WHERE id = ?", [id])
        guard let row else { throw ProjectError.unknownEdit(id) }
        let edit = try edit(row)
        guard edit.image == image else { throw ProjectError.unknownEdit(id) }
        return edit
    }

    /// All edits of an image in the order in which they were made.
    func edits(of image: Int64) throws -> [EditRecord] {
        try rows(Self.editColumns + " WHERE image = ? ORDER BY id", [image]).map { try edit($0) }
    }

    private func edit(_ row: StoredRow) throws -> EditRecord {
        let id: Int64 = try row.value(0)
        let parent: Int64 = try row.value(2)
        // The way to the beginning ends because of this.
        guard parent >= 0, parent < id else { throw row.wrong(2) }
        return EditRecord(
            id: id,
            image: try row.value(1),
            parent: parent,
            redo: try row.value(3),
            client: try uuid(row, 4),
            time: try row.value(5),
            kind: try row.value(6),
            words: try row.value(7),
            statusBefore: try row.choice(8),
            statusAfter: try row.choice(9),
            labelBefore: try row.value(10),
            labelAfter: try row.value(11)
        )
    }

    private func uuid(_ row: StoredRow, _ index: Int) throws -> UUID {
        let text: String = try row.value(index)
        guard let uuid = UUID(uuidString: text) else { throw row.wrong(index) }
        return uuid
    }

    /// Stores an edit with what it changed.
    ///
    /// - Returns: Its number.
    func insert(_ gesture: Gesture, _ words: String, _ outcome: EditOutcome, _ image: ImageRecord)
        throws -> Int64
    {
        let json = Array(try JSONEncoder().encode(gesture))
        try run(
            """
            INSERT INTO edit (image, parent, redo, client, time, kind, words, gesture, gesture_size,
                status_before, status_after, label_before, label_after)
            VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                image.id, image.current, gesture.client.uuidString, Self.now,
                gesture.action.kind.rawValue, words, Data(try TileCodec.compress(json)), json.count,
                image.status.rawValue, outcome.status.rawValue, image.nextLabel,
                outcome.nextLabel,
            ]
        )
        let id = db.lastInsertedRowID
        for tile in outcome.tiles {
            let address = tile.address
            try run(
                """
                INSERT INTO edit_tile (edit, t, z, row, col, before, after)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [id, address.t, address.z, address.row, address.col, tile.before, tile.after]
            )
        }
        for object in outcome.objects {
            try run(
                "INSERT INTO edit_object (edit, label, before, after) VALUES (?, ?, ?, ?)",
                [id, object.label, object.before, object.after]
            )
        }
        return id
    }

    /// The gesture of an edit.
    func gesture(_ edit: Int64) throws -> Gesture {
        let row = try row("SELECT gesture, gesture_size FROM edit WHERE id = ?", [edit])
        guard let row else { throw ProjectError.unknownEdit(edit) }
        let count = try row.number(1, 1..<1 << 30)
        guard let json = TileCodec.decompress(try row.bytes(0), count: count),
            let gesture = try? JSONDecoder().decode(Gesture.self, from: Data(json))
        else { throw damaged("the gesture of edit \(edit) cannot be read") }
        return gesture
    }

    /// Says which edit redo leads to from an edit; 0 for none.
    func setRedo(of edit: Int64, _ redo: Int64) throws {
        try run("UPDATE edit SET redo = ? WHERE id = ?", [redo, edit])
    }

    /// The tiles that an edit changed.
    func tileChanges(_ edit: Int64) throws -> [EditOutcome.TileChange] {
        let sql = "SELECT t, z, row, col, before, after FROM edit_tile WHERE edit = ?"
        return try rows(sql, [edit]).map {
            .init(address: try address($0), before: try $0.optional(4), after: try $0.optional(5))
        }
    }

    /// The objects that an edit changed.
    func objectChanges(_ edit: Int64) throws -> [EditOutcome.ObjectChange] {
        try rows("SELECT label, before, after FROM edit_object WHERE edit = ?", [edit]).map {
            .init(label: try $0.value(0), before: try $0.optional(1), after: try $0.optional(2))
        }
    }

    /// A request that was answered; nil if the key is new.
    func request(_ key: UUID) throws -> RequestRecord? {
        let row = try row(
            "SELECT image, client, kind, words, origin, target FROM request WHERE key = ?",
            [key.uuidString]
        )
        guard let row else { return nil }
        return RequestRecord(
            key: key,
            image: try row.value(0),
            client: try uuid(row, 1),
            kind: try row.value(2),
            words: try row.value(3),
            origin: try row.value(4),
            target: try row.value(5)
        )
    }

    /// Notes a request that is answered.
    func insert(_ request: RequestRecord) throws {
        try run(
            """
            INSERT INTO request (key, image, client, time, kind, words, origin, target)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                request.key.uuidString, request.image, request.client.uuidString, Self.now,
                request.kind, request.words, request.origin, request.target,
            ]
        )
    }

    private static var now: String {
        Date.now.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
    }
}
