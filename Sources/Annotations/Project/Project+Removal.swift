import GRDB

extension Project {
    /// Takes images out of the project, with their objects and their history; the files stay.
    ///
    /// This is no gesture and cannot be undone.
    ///
    /// - Throws: ``ProjectError/unknownImage(_:)``; errors of the file. Nothing is changed then.
    public func removeImages(_ ids: [Int64]) throws(ProjectError) {
        try write { store in
            for id in ids {
                _ = try store.image(id)
                for table in ["edit_tile", "edit_object"] {
                    try store.run(
                        "DELETE FROM \(table) WHERE edit IN (SELECT id FROM edit WHERE image = ?)",
                        [id]
                    )
                }
                for table in ["tile", "present", "object", "edit", "request"] {
                    try store.run("DELETE FROM \(table) WHERE image = ?", [id])
                }
                try store.run("DELETE FROM image WHERE id = ?", [id])
            }
            try store.removeUnreferenced()
        }
        try attempt { try database.vacuum() }
    }
}

extension Store {
    /// Removes labels and prompts that no image and no edit refers to.
    fileprivate func removeUnreferenced() throws {
        try run(
            """
            DELETE FROM blob WHERE id NOT IN (
                SELECT blob FROM tile
                UNION SELECT before FROM edit_tile WHERE before IS NOT NULL
                UNION SELECT after FROM edit_tile WHERE after IS NOT NULL)
            """
        )
        try run(
            """
            DELETE FROM prompt WHERE id NOT IN (
                SELECT prompt FROM object WHERE prompt IS NOT NULL)
            """
        )
    }
}
