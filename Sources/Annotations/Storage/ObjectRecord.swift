import Files
import Foundation
import GRDB
import Imaging
import Prompting

/// A version of an object, as a row that never changes.
struct ObjectRecord: Hashable {
    var label: UInt32
    var category: String?
    var name: String?
    var extent = ObjectExtent()
    var source: ObjectSource
    var score: Double?
    var stability: Double?
    var threshold: Double?
    var model: String?
    var modelHash: String?
    var isLocked = false
    var isAccepted = false
    var isDoubtful = false
    var parent: UInt32?
    /// The row of its prompts.
    var prompt: Int64?
}

/// Where the pixels of an object are, added up over its tiles.
struct ObjectExtent: Hashable {
    var t = 0..<0
    var z = 0..<0
    var y = 0..<0
    var x = 0..<0
    var area = 0
    var sumY = 0
    var sumX = 0

    /// Adds what a tile holds of the object.
    mutating func add(_ part: TilePart, at address: TileAddress) {
        let (top, left) = (address.row * TileCodec.side, address.col * TileCodec.side)
        func union(_ range: Range<Int>, _ first: Int, _ last: Int) -> Range<Int> {
            area == 0
                ? first..<last + 1
                : min(range.lowerBound, first)..<max(range.upperBound, last + 1)
        }
        t = union(t, address.t, address.t)
        z = union(z, address.z, address.z)
        y = union(y, top + Int(part.minY), top + Int(part.maxY))
        x = union(x, left + Int(part.minX), left + Int(part.maxX))
        let count = Int(part.area)
        area += count
        sumY += top * count + Int(part.sumY)
        sumX += left * count + Int(part.sumX)
    }

    /// The rows and columns of the tiles around the object.
    private var tileRange: (rows: ClosedRange<Int>, columns: ClosedRange<Int>) {
        let side = TileCodec.side
        return (
            y.lowerBound / side...(y.upperBound - 1) / side,
            x.lowerBound / side...(x.upperBound - 1) / side
        )
    }

    /// The tiles that may hold pixels of the object; those that hold any are among them.
    func addresses(of image: ImageRecord, _ store: Store) throws -> [TileAddress] {
        guard area > 0 else { return [] }
        let (rows, columns) = tileRange
        let count = Double(t.count) * Double(z.count) * Double(rows.count) * Double(columns.count)
        // Where the box is large, most of its tiles are empty, and not stored.
        guard count <= 4096 else {
            return try store.tiles(of: image.id).keys.filter { address in
                t.contains(address.t) && z.contains(address.z) && rows.contains(address.row)
                    && columns.contains(address.col)
            }
        }
        return t.flatMap { t in
            z.flatMap { z in
                rows.flatMap { row in
                    columns.map { TileAddress(t: t, z: z, row: row, col: $0) }
                }
            }
        }
    }

    /// Whether the object lies in an image of this shape.
    func isInside(_ shape: ImageShape) -> Bool {
        t.upperBound <= shape.t && z.upperBound <= shape.z && y.upperBound <= shape.y
            && x.upperBound <= shape.x
    }
}

extension AnnotatedObject {
    init(_ record: ObjectRecord) {
        let extent = record.extent
        let area = Double(max(extent.area, 1))
        self.init(
            label: record.label,
            category: record.category,
            name: record.name,
            box: Region(
                x: extent.x.lowerBound,
                y: extent.y.lowerBound,
                width: extent.x.count,
                height: extent.y.count
            ),
            times: extent.t,
            slices: extent.z,
            area: extent.area,
            centroid: Point(x: Double(extent.sumX) / area, y: Double(extent.sumY) / area),
            source: record.source,
            score: record.score,
            stability: record.stability,
            threshold: record.threshold,
            model: record.model,
            modelHash: record.modelHash,
            isLocked: record.isLocked,
            isAccepted: record.isAccepted,
            isDoubtful: record.isDoubtful,
            parent: record.parent
        )
    }
}

/// The prompts of an object as they lie in the file, shared by all versions with the same ones.
struct StoredPrompts: Codable {
    var prompts: [Prompt]
    var options: PromptOptions?
}

extension Store {
    private static let objectColumns = """
        SELECT object.id, object.label, class, name, t0, t1, z0, z1, y0, y1, x0, x1, area, sum_y, sum_x,
            source, score, stability, threshold, model, model_hash, flags, parent, prompt
        FROM object
        """

    /// A version of an object.
    func object(version: Int64) throws -> ObjectRecord {
        guard let row = try row(Self.objectColumns + " WHERE id = ?", [version]) else {
            throw damaged("version \(version) of an object is missing")
        }
        return try object(row)
    }

    /// The present version of an object and its number; nil if there is no such object.
    func object(_ label: UInt32, of image: Int64) throws -> (id: Int64, record: ObjectRecord)? {
        let sql =
            Self.objectColumns + """
                 JOIN present ON present.object = object.id
                WHERE present.image = ? AND present.label = ?
                """
        return try row(sql, [image, label]).map { (try $0.value(0), try object($0)) }
    }

    /// The present objects of an image by ascending label.
    func objects(of image: Int64) throws -> [ObjectRecord] {
        let sql =
            Self.objectColumns + """
                 JOIN present ON present.object = object.id
                WHERE present.image = ? ORDER BY present.label
                """
        return try rows(sql, [image]).map { try object($0) }
    }

    private func object(_ row: StoredRow) throws -> ObjectRecord {
        let limit = BoxMask.coordinateLimit
        func range(_ index: Int) throws -> Range<Int> {
            let first = try row.number(index, 0..<limit)
            return first..<(try row.number(index + 1, first + 1..<limit + 1))
        }
        let flags: Int = try row.value(21)
        var record = ObjectRecord(
            label: try row.value(1),
            category: try row.optional(2),
            name: try row.optional(3),
            source: try row.choice(15),
            score: try row.optional(16),
            stability: try row.optional(17),
            threshold: try row.optional(18),
            model: try row.optional(19),
            modelHash: try row.optional(20),
            isLocked: flags & 1 != 0,
            isAccepted: flags & 2 != 0,
            isDoubtful: flags & 4 != 0,
            parent: try row.optional(22),
            prompt: try row.optional(23)
        )
        record.extent = ObjectExtent(
            t: try range(4),
            z: try range(6),
            y: try range(8),
            x: try range(10),
            area: try row.number(12, 1..<Int.max),
            sumY: try row.number(13, 0..<Int.max),
            sumX: try row.number(14, 0..<Int.max)
        )
        return record
    }

    /// Stores a version of an object.
    func insert(_ object: ObjectRecord, image: Int64) throws -> Int64 {
        let extent = object.extent
        let flags =
            (object.isLocked ? 1 : 0) | (object.isAccepted ? 2 : 0) | (object.isDoubtful ? 4 : 0)
        try run(
            """
            INSERT INTO object (image, label, class, name, t0, t1, z0, z1, y0, y1, x0, x1, area, sum_y,
                sum_x, source, score, stability, threshold, model, model_hash, flags, parent, prompt)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                image, object.label, object.category, object.name,
                extent.t.lowerBound, extent.t.upperBound, extent.z.lowerBound, extent.z.upperBound,
                extent.y.lowerBound, extent.y.upperBound, extent.x.lowerBound, extent.x.upperBound,
                extent.area, extent.sumY, extent.sumX, object.source.rawValue,
                object.score, object.stability, object.threshold, object.model, object.modelHash,
                flags, object.parent, object.prompt,
            ]
        )
        return db.lastInsertedRowID
    }

    /// Says which version of an object counts; nil for none.
    func setPresent(_ label: UInt32, of image: Int64, _ version: Int64?) throws {
        if let version {
            try run(
                "INSERT OR REPLACE INTO present (image, label, object) VALUES (?, ?, ?)",
                [image, label, version]
            )
        } else {
            try run("DELETE FROM present WHERE image = ? AND label = ?", [image, label])
        }
    }

    /// Stores prompts, or finds those that are equal.
    func insert(_ prompts: StoredPrompts) throws -> Int64 {
        let body = try JSONText.encodeLine(prompts, keys: .asDeclared)
        let hash = try TileCodec.hash(Array(body.utf8))
        if let known = try row("SELECT id FROM prompt WHERE hash = ?", [hash]) {
            return try known.value(0)
        }
        try run("INSERT INTO prompt (hash, body) VALUES (?, ?)", [hash, body])
        return db.lastInsertedRowID
    }

    /// Stored prompts.
    func prompts(_ id: Int64) throws -> StoredPrompts {
        guard let row = try row("SELECT body FROM prompt WHERE id = ?", [id]) else {
            throw damaged("the prompts \(id) are missing")
        }
        let body: String = try row.value(0)
        do {
            return try JSONText.decode(
                StoredPrompts.self,
                from: Data(body.utf8),
                keys: .asDeclared
            )
        } catch {
            throw damaged("the prompts \(id) cannot be read")
        }
    }
}
