import GRDB

extension Project {
    /// Adds images at the end of the series; one that is there already keeps its number.
    ///
    /// - Returns: The numbers of the images, in the order of the entries.
    /// - Throws: ``ProjectError/badGesture(_:)`` for a shape that cannot be annotated.
    @discardableResult
    public func addImages(_ entries: [ImageEntry]) throws(ProjectError) -> [Int64] {
        try write { store in try entries.map { try store.add($0) } }
    }

    /// All images in the order in which they were added.
    public func images() throws(ProjectError) -> [ProjectImage] {
        try read { store in
            let counts = try store.objectCounts()
            return try store.images().map {
                try ProjectImage($0, objectCount: counts[$0.id] ?? 0, store)
            }
        }
    }

    /// An image.
    ///
    /// - Throws: ``ProjectError/unknownImage(_:)``.
    public func image(_ id: Int64) throws(ProjectError) -> ProjectImage {
        try read { store in
            let sql = "SELECT COUNT(*) FROM present WHERE image = ?"
            let count: Int = try store.row(sql, [id])?.value(0) ?? 0
            return try ProjectImage(try store.image(id), objectCount: count, store)
        }
    }
}

extension ProjectImage {
    init(_ record: ImageRecord, objectCount: Int, _ store: Store) throws {
        self.init(
            id: record.id,
            entry: record.entry,
            status: record.status,
            objectCount: objectCount,
            edit: record.current,
            canUndo: record.current != 0,
            canRedo: try store.redo(of: record) != 0
        )
    }
}
