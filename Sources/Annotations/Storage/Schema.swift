import GRDB

/// The tables of a project file, and how older files become new ones.
enum Schema {
    /// `uSAM`, the number by which SQLite files of this kind are recognised.
    static let applicationID: Int64 = 0x7553_414D

    /// The version that is written.
    static var version: Int { migrations.count }

    /// What leads from each version to the next one.
    ///
    /// An entry is never changed once it was released.
    static let migrations = [version1]

    /// The tables of the present version.
    static let tables = [
        "image", "blob", "tile", "prompt", "object", "present", "edit", "edit_tile", "edit_object",
        "request",
    ]

    /// Brings a file to the present version.
    static func migrate(_ db: Database, from version: Int) throws {
        for (index, sql) in migrations.enumerated().dropFirst(version) {
            try db.execute(sql: sql)
            try db.execute(sql: "PRAGMA user_version = \(index + 1)")
        }
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    }

    // Versions of objects are rows that never change, as tiles are: `present` and `tile` point at those that
    // count now, and an edit at those before and after it.
    private static let version1 = """
        CREATE TABLE image (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            path TEXT NOT NULL,
            selection TEXT NOT NULL,
            t INTEGER NOT NULL, z INTEGER NOT NULL, y INTEGER NOT NULL, x INTEGER NOT NULL,
            c INTEGER NOT NULL,
            pixel_y REAL, pixel_x REAL, pixel_z REAL, unit TEXT,
            content TEXT,
            status TEXT NOT NULL,
            next_label INTEGER NOT NULL,
            current INTEGER NOT NULL,
            redo INTEGER NOT NULL,
            UNIQUE (path, selection)
        ) STRICT;
        CREATE TABLE blob (
            id INTEGER PRIMARY KEY,
            hash TEXT NOT NULL UNIQUE,
            labels BLOB NOT NULL,
            parts BLOB NOT NULL
        ) STRICT;
        CREATE TABLE tile (
            image INTEGER NOT NULL,
            t INTEGER NOT NULL, z INTEGER NOT NULL, row INTEGER NOT NULL, col INTEGER NOT NULL,
            blob INTEGER NOT NULL,
            PRIMARY KEY (image, t, z, row, col)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE prompt (
            id INTEGER PRIMARY KEY,
            hash TEXT NOT NULL UNIQUE,
            body TEXT NOT NULL
        ) STRICT;
        CREATE TABLE object (
            id INTEGER PRIMARY KEY,
            image INTEGER NOT NULL,
            label INTEGER NOT NULL,
            class TEXT, name TEXT,
            t0 INTEGER NOT NULL, z0 INTEGER NOT NULL, y0 INTEGER NOT NULL, x0 INTEGER NOT NULL,
            t1 INTEGER NOT NULL, z1 INTEGER NOT NULL, y1 INTEGER NOT NULL, x1 INTEGER NOT NULL,
            area INTEGER NOT NULL, sum_y INTEGER NOT NULL, sum_x INTEGER NOT NULL,
            source TEXT NOT NULL,
            score REAL, stability REAL, threshold REAL,
            model TEXT, model_hash TEXT,
            flags INTEGER NOT NULL,
            parent INTEGER,
            prompt INTEGER
        ) STRICT;
        CREATE INDEX object_of_image ON object (image, label);
        CREATE TABLE present (
            image INTEGER NOT NULL,
            label INTEGER NOT NULL,
            object INTEGER NOT NULL,
            PRIMARY KEY (image, label)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE edit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            image INTEGER NOT NULL,
            parent INTEGER NOT NULL,
            redo INTEGER NOT NULL,
            client TEXT NOT NULL,
            time TEXT NOT NULL,
            kind TEXT NOT NULL,
            words TEXT NOT NULL,
            gesture BLOB NOT NULL,
            gesture_size INTEGER NOT NULL,
            status_before TEXT NOT NULL, status_after TEXT NOT NULL,
            label_before INTEGER NOT NULL, label_after INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX edit_of_image ON edit (image);
        CREATE TABLE edit_tile (
            edit INTEGER NOT NULL,
            t INTEGER NOT NULL, z INTEGER NOT NULL, row INTEGER NOT NULL, col INTEGER NOT NULL,
            before INTEGER, after INTEGER,
            PRIMARY KEY (edit, t, z, row, col)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE edit_object (
            edit INTEGER NOT NULL,
            label INTEGER NOT NULL,
            before INTEGER, after INTEGER,
            PRIMARY KEY (edit, label)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE request (
            key TEXT PRIMARY KEY,
            image INTEGER NOT NULL,
            client TEXT NOT NULL,
            time TEXT NOT NULL,
            kind TEXT NOT NULL,
            words TEXT NOT NULL,
            origin INTEGER NOT NULL,
            target INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
