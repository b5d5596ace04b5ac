/// What differs between the states after two edits of an image.
struct Transition {
    /// An edit that is done, or undone.
    struct Step {
        let edit: EditRecord
        let isUndo: Bool
    }

    /// The versions before and after; nil for background alone, or no object.
    struct Change {
        let before: Int64?
        var after: Int64?
    }

    private(set) var steps: [Step]
    private(set) var tiles: [TileAddress: Change] = [:]
    private(set) var objects: [UInt32: Change] = [:]
    private(set) var status: ImageStatus?
    private(set) var nextLabel: UInt32?

    /// Goes from one edit to another by way of the last one that both build on.
    init(from origin: Int64, to target: Int64, of image: Int64, _ store: Store) throws {
        steps = try Self.path(from: origin, to: target, of: image, store)
        for step in steps { try add(step, store) }
    }

    /// The steps from one edit to another, 0 being the state before all edits.
    ///
    /// An edit has a higher number than the one that it was made on, so the higher of the two is never an
    /// ancestor of the lower one.
    static func path(from origin: Int64, to target: Int64, of image: Int64, _ store: Store) throws
        -> [Step]
    {
        var (up, down): ([Step], [Step]) = ([], [])
        var (from, to) = (origin, target)
        while from != to {
            if from > to {
                let edit = try store.edit(from, of: image)
                up.append(Step(edit: edit, isUndo: true))
                from = edit.parent
            } else {
                let edit = try store.edit(to, of: image)
                down.append(Step(edit: edit, isUndo: false))
                to = edit.parent
            }
        }
        return up + down.reversed()
    }

    private mutating func add(_ step: Step, _ store: Store) throws {
        let edit = step.edit
        for change in try store.tileChanges(edit.id) {
            let (before, after) =
                step.isUndo ? (change.after, change.before) : (change.before, change.after)
            tiles[change.address, default: Change(before: before, after: after)].after = after
        }
        for change in try store.objectChanges(edit.id) {
            let (before, after) =
                step.isUndo ? (change.after, change.before) : (change.before, change.after)
            objects[change.label, default: Change(before: before, after: after)].after = after
        }
        status = step.isUndo ? edit.statusBefore : edit.statusAfter
        nextLabel = step.isUndo ? edit.labelBefore : edit.labelAfter
    }

    // MARK: - Use

    /// Makes the state after the last step the present one.
    func carryOut(on image: inout ImageRecord, target: Int64, _ store: Store) throws {
        for (address, change) in tiles {
            try store.setTile(address, of: image.id, change.after)
        }
        for (label, change) in objects {
            try store.setPresent(label, of: image.id, change.after)
        }
        image.status = status ?? image.status
        image.nextLabel = nextLabel ?? image.nextLabel
        image.current = target
        // Redo leads back along what was undone, and along what was gone down last.
        for step in steps {
            if step.edit.parent == 0 {
                image.redo = step.edit.id
            } else {
                try store.setRedo(of: step.edit.parent, step.edit.id)
            }
        }
        try store.update(image)
    }

    /// The tiles as they are afterwards.
    func tileStates(_ store: Store) throws -> [TileState] {
        try tiles.sorted { $0.key < $1.key }.map {
            TileState(address: $0.key, hash: try store.hash($0.value.after))
        }
    }

    /// The objects as they are afterwards.
    func objectStates(_ store: Store) throws -> [AnnotatedObject] {
        try objects.sorted { $0.key < $1.key }.compactMap { _, change in
            try change.after.map { AnnotatedObject(try store.object(version: $0)) }
        }
    }

    /// Labels of objects that are gone afterwards.
    var removed: [UInt32] {
        objects.filter { $0.value.before != nil && $0.value.after == nil }.keys.sorted()
    }

    /// Labels of objects that are new afterwards.
    var created: [UInt32] {
        objects.filter { $0.value.before == nil && $0.value.after != nil }.keys.sorted()
    }
}
