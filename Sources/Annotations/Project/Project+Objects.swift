import GRDB

extension Project {
    /// The objects of an image by ascending label.
    ///
    /// - Parameter edit: Nil for the present state; looking at another one changes nothing.
    public func objects(
        image: Int64,
        at edit: Int64? = nil
    ) throws(ProjectError) -> [AnnotatedObject] {
        try read { store in
            let record = try store.image(image)
            let now = try store.objects(of: image).map { AnnotatedObject($0) }
            guard let edit else { return now }
            let way = try Transition(from: record.current, to: edit, of: image, store)
            let kept = now.filter { way.objects[$0.label] == nil }
            return (kept + (try way.objectStates(store))).sorted { $0.label < $1.label }
        }
    }

    /// An object with its prompts.
    ///
    /// - Throws: ``ProjectError/unknownObject(_:)``.
    public func object(image: Int64, label: UInt32) throws(ProjectError) -> ObjectDetails {
        try read { store in
            guard let record = try store.object(label, of: try store.image(image).id)?.record
            else { throw ProjectError.unknownObject(label) }
            let stored = try record.prompt.map { try store.prompts($0) }
            return ObjectDetails(
                object: AnnotatedObject(record),
                prompts: stored?.prompts ?? [],
                options: stored?.options
            )
        }
    }

    /// The names of the models that made objects, on any branch of the history.
    public func models(image: Int64) throws(ProjectError) -> [String] {
        try read { store in
            let sql = """
                SELECT DISTINCT model FROM object
                WHERE image = ? AND model IS NOT NULL AND (prompt IS NOT NULL OR source = ?)
                ORDER BY model
                """
            let values: StatementArguments = [
                try store.image(image).id, ObjectSource.automatic.rawValue,
            ]
            return try store.rows(sql, values).map { try $0.value(0) }
        }
    }

    /// The edits of an image, the latest first, those on other branches among them.
    ///
    /// - Parameter limit: How many; nil for all.
    public func history(image: Int64, limit: Int? = nil) throws(ProjectError) -> [EditSummary] {
        try read { store in
            let record = try store.image(image)
            let edits = try store.edits(of: image)
            let parents = Dictionary(
                edits.map { ($0.id, $0.parent) },
                uniquingKeysWith: { first, _ in first }
            )
            var done: Set<Int64> = []
            var position = record.current
            while position != 0, let parent = parents[position] {
                done.insert(position)
                position = parent
            }
            return edits.reversed().prefix(limit ?? .max).map { edit in
                EditSummary(
                    edit: edit.id,
                    parent: edit.parent,
                    time: edit.time,
                    client: edit.client,
                    kind: edit.kind,
                    words: edit.words,
                    undone: !done.contains(edit.id)
                )
            }
        }
    }
}
