import Imaging

/// Whether a gesture builds on something that somebody else has changed since.
struct ConflictCheck {
    let store: Store
    let image: ImageRecord
    /// Edits of others since the one that the gesture was made on, and all that were undone.
    private let steps: [Transition.Step]
    private let base: Int64

    init(_ gesture: Gesture, _ image: ImageRecord, _ store: Store) throws {
        (self.image, self.store) = (image, store)
        base = gesture.base ?? image.current
        steps = try Transition.path(from: base, to: image.current, of: image.id, store)
            .filter { $0.isUndo || $0.edit.client != gesture.client }
    }

    /// Throws if the objects that a gesture names, or the pixels that it covers, were changed.
    func check(_ action: Gesture.Action, _ editor: Editor) throws {
        guard !steps.isEmpty else { return }
        // Links are found from all labels, so they fit those alone.
        if case .link = action { throw try conflict() }
        try check(Set(action.named), onlyExistence: action.isAboutWords)
        for mask in action.masks { try check(try editor.pixels(mask), editor) }
        for object in action.newObjects {
            try editor.turn(t: object.t, z: object.z)
            try check(try editor.pixels(object.mask), editor)
        }
        try editor.turn()
    }

    /// Throws if one of the pixels was changed.
    func check(_ pixels: PixelSet, _ editor: Editor) throws {
        for step in steps {
            for change in try store.tileChanges(step.edit.id) {
                guard change.address.t == editor.t, change.address.z == editor.z else { continue }
                try check(pixels, change)
            }
        }
    }

    private func check(_ pixels: PixelSet, _ change: EditOutcome.TileChange) throws {
        let side = TileCodec.side
        let (top, left) = (change.address.row * side, change.address.col * side)
        let runs = pixels.runs.filter { run in
            (top..<top + side).contains(run.y) && run.start < left + side && run.end > left
        }
        guard !runs.isEmpty else { return }
        let (before, after) = (try store.labels(change.before), try store.labels(change.after))
        for run in runs {
            let row = (run.y - top) * side
            let range = row + max(run.start - left, 0)..<row + min(run.end - left, side)
            if before[range] != after[range] { throw try conflict() }
        }
    }

    private func check(_ labels: Set<UInt32>, onlyExistence: Bool) throws {
        guard !labels.isEmpty else { return }
        for step in steps {
            for change in try store.objectChanges(step.edit.id) where labels.contains(change.label)
            {
                if onlyExistence, change.before != nil, change.after != nil { continue }
                throw try conflict()
            }
        }
    }

    private func conflict() throws -> ProjectError {
        let since = try Transition(from: base, to: image.current, of: image.id, store)
        return .conflict(
            EditConflict(
                current: image.current,
                tiles: try since.tileStates(store),
                objects: try since.objectStates(store),
                removed: since.removed
            )
        )
    }
}

extension Gesture.Action {
    /// The objects that a gesture names.
    var named: [UInt32] {
        switch self {
        case .commit(_, let replaced, _), .commitVolume(_, let replaced, _):
            replaced.map { [$0] } ?? []
        case .paint(let label, _, _), .fill(let label, _, _): label == 0 ? [] : [label]
        case .erase(_, let label): label.map { [$0] } ?? []
        case .fillHoles(let labels), .smooth(let labels, _), .merge(let labels),
            .delete(let labels), .setClass(let labels, _), .setFlags(let labels, _):
            labels
        case .split(let label, _, _), .setName(let label, _): [label]
        case .relabel(let from, let to): [from, to]
        case .track(let edit): edit.nodes.map(\.label)
        case .commitMany, .accept, .importLabels, .link, .setStatus: []
        }
    }

    /// The objects that a gesture makes.
    var newObjects: [NewObject] {
        switch self {
        case .commit(let object, _, _): [object]
        case .commitMany(let objects, _), .commitVolume(let objects, _, _),
            .accept(let objects, _, _),
            .importLabels(let objects, _):
            objects
        default: []
        }
    }

    /// The masks that a gesture paints or erases.
    var masks: [BoxMask] {
        switch self {
        case .paint(_, let mask, _), .erase(let mask, _): [mask]
        default: []
        }
    }

    /// Whether a gesture says something about objects and leaves their pixels alone.
    var isAboutWords: Bool {
        switch self {
        case .setClass, .setName, .setFlags, .setStatus: true
        default: false
        }
    }
}
