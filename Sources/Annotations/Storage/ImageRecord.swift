import Files
import Foundation
import GRDB
import Imaging
import Prompting

/// A row of `image`: what is fixed, and the state that edits move.
struct ImageRecord {
    let id: Int64
    let entry: ImageEntry
    var status: ImageStatus
    /// The label that the next object gets.
    var nextLabel: UInt32
    /// The current edit, 0 for none.
    var current: Int64
    /// The edit that redo makes current when nothing is, 0 for none.
    var redo: Int64

    var shape: ImageShape { entry.shape }
    var size: Size { entry.shape.size }
}

extension Store {
    private static let imageColumns = """
        SELECT id, name, path, selection, t, z, y, x, c, pixel_y, pixel_x, pixel_z, unit, content,
            status, next_label, current, redo FROM image
        """

    /// The image of a number.
    func image(_ id: Int64) throws -> ImageRecord {
        guard let row = try row(Self.imageColumns + " WHERE id = ?", [id]) else {
            throw ProjectError.unknownImage(id)
        }
        return try image(row)
    }

    /// All images in the order in which they were added.
    func images() throws -> [ImageRecord] {
        try rows(Self.imageColumns + " ORDER BY id").map { try image($0) }
    }

    private func image(_ row: StoredRow) throws -> ImageRecord {
        let limit = 1..<BoxMask.coordinateLimit + 1
        let shape = ImageShape(
            t: try row.number(4, limit),
            z: try row.number(5, limit),
            y: try row.number(6, limit),
            x: try row.number(7, limit),
            c: try row.number(8, limit)
        )
        let text: String = try row.value(3)
        let selection = try? JSONText.decode(
            PlaneSelection.self,
            from: Data(text.utf8),
            keys: .asDeclared
        )
        guard let selection else { throw row.wrong(3) }
        var pixelSize: PhysicalPixelSize?
        if let y: Double = try row.optional(9) {
            pixelSize = PhysicalPixelSize(
                y: y,
                x: try row.value(10),
                z: try row.optional(11),
                unit: try row.value(12)
            )
        }
        let nextLabel: UInt32 = try row.value(15)
        guard nextLabel > 0 else { throw row.wrong(15) }
        return ImageRecord(
            id: try row.value(0),
            entry: ImageEntry(
                name: try row.value(1),
                path: try row.value(2),
                selection: selection,
                shape: shape,
                pixelSize: pixelSize,
                contentHash: try row.optional(13)
            ),
            status: try row.choice(14),
            nextLabel: nextLabel,
            current: try row.value(16),
            redo: try row.value(17)
        )
    }

    /// Adds an image, or finds the one that it is already.
    func add(_ entry: ImageEntry) throws -> Int64 {
        guard entry.shape.isUsable else {
            throw ProjectError.badGesture(
                "the image '\(entry.name)' has a shape that cannot be annotated"
            )
        }
        let selection = try JSONText.encodeLine(entry.selection, keys: .asDeclared)
        let known = try row(
            "SELECT id FROM image WHERE path = ? AND selection = ?",
            [entry.path, selection]
        )
        if let known { return try known.value(0) }
        let (shape, pixel) = (entry.shape, entry.pixelSize)
        try run(
            """
            INSERT INTO image (name, path, selection, t, z, y, x, c, pixel_y, pixel_x, pixel_z, unit,
                content, status, next_label, current, redo)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, 0)
            """,
            [
                entry.name, entry.path, selection, shape.t, shape.z, shape.y, shape.x, shape.c,
                pixel?.y, pixel?.x, pixel?.z, pixel?.unit, entry.contentHash,
                ImageStatus.new.rawValue,
            ]
        )
        return db.lastInsertedRowID
    }

    /// Stores the state that edits move.
    func update(_ image: ImageRecord) throws {
        try run(
            "UPDATE image SET status = ?, next_label = ?, current = ?, redo = ? WHERE id = ?",
            [image.status.rawValue, image.nextLabel, image.current, image.redo, image.id]
        )
    }

    /// Stores which frames a movie has.
    func setFrames(of id: Int64, _ entry: ImageEntry) throws {
        try run(
            "UPDATE image SET selection = ?, t = ?, content = ? WHERE id = ?",
            [
                JSONText.encodeLine(entry.selection, keys: .asDeclared), entry.shape.t,
                entry.contentHash, id,
            ]
        )
    }

    /// The number of objects of each image that has some.
    func objectCounts() throws -> [Int64: Int] {
        let rows = try rows("SELECT image, COUNT(*) FROM present GROUP BY image")
        return try Dictionary(
            rows.map { (try $0.value(0), try $0.value(1)) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The edit that redo makes current; 0 for none.
    func redo(of image: ImageRecord) throws -> Int64 {
        guard image.current != 0 else { return image.redo }
        let row = try row("SELECT redo FROM edit WHERE id = ?", [image.current])
        guard let row else { throw damaged("edit \(image.current) is missing") }
        return try row.value(0)
    }
}
