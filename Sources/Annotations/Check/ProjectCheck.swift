import Foundation
import GRDB
public import Prompting

extension Project {
    /// Compares everything in the file with everything else.
    ///
    /// All labels and prompts have their hashes; the boxes and areas of all objects agree with their pixels;
    /// every edit, those on other branches included, fits the state that it was made on; and all edits from
    /// the beginning on give the present state.
    ///
    /// - Parameter work: Is told of the images, and may be cancelled.
    /// - Returns: What was found; empty for a sound file.
    /// - Throws: An error of the file that stops the check; `CancellationError`.
    public func check(_ work: Work = Work()) throws -> [ProjectProblem] {
        try database.read { db in
            var check = ProjectCheck(Store(db: db, file: url.path))
            try check.checkStorage()
            guard check.problems.isEmpty else { return check.problems }
            try check.checkContent(work)
            let images = try check.store.images()
            for (index, image) in images.enumerated() {
                try work.advance(index, of: images.count)
                try check.check(image)
            }
            return check.problems
        }
    }
}

struct ProjectCheck {
    let store: Store
    private(set) var problems: [ProjectProblem] = []
    /// What the tiles hold, by the number of their labels.
    private var parts: [Int64: [TilePart]] = [:]

    init(_ store: Store) { self.store = store }

    private mutating func find(
        _ kind: ProjectProblem.Kind,
        _ image: Int64? = nil,
        _ description: String
    ) {
        problems.append(ProjectProblem(kind, image: image, description))
    }

    mutating func checkStorage() throws {
        for row in try store.rows("PRAGMA integrity_check(20)") {
            let text: String = try row.value(0)
            if text != "ok" { find(.storage, nil, text) }
        }
    }

    // MARK: - Content

    mutating func checkContent(_ work: Work) throws {
        let ids: [Int64] = try store.rows("SELECT id FROM blob").map { try $0.value(0) }
        for id in ids {
            try work.checkpoint()
            let content = try store.content(id)
            let bytes = TileCodec.decompress(content.stream, count: TileCodec.byteCount)
            guard let bytes, try TileCodec.hash(bytes) == content.hash,
                let labels = TileCodec.labels(content.stream)
            else {
                find(.content, nil, "the labels \(id) do not match their hash")
                continue
            }
            let found = [TilePart](of: labels)
            parts[id] = found
            if try store.row("SELECT parts FROM blob WHERE id = ?", [id])?.bytes(0) != found.bytes {
                find(.content, nil, "the objects of the labels \(id) do not match the record")
            }
        }
        for row in try store.rows("SELECT id, hash, body FROM prompt") {
            let (id, body): (Int64, String) = (try row.value(0), try row.value(2))
            if try TileCodec.hash(Array(body.utf8)) != row.value(1) as String {
                find(.content, nil, "the prompts \(id) do not match their hash")
            }
        }
    }

    // MARK: - Images

    mutating func check(_ image: ImageRecord) throws {
        let tiles = try store.tiles(of: image.id)
        var extents: [UInt32: ObjectExtent] = [:]
        for (address, blob) in tiles.sorted(by: { $0.key < $1.key }) {
            guard image.has(address), let parts = parts[blob] else {
                find(.content, image.id, "a tile has no labels, or lies outside the image")
                continue
            }
            for part in parts {
                extents[part.label, default: ObjectExtent()].add(part, at: address)
            }
        }
        try checkObjects(image, extents)
        try checkHistory(image, tiles)
    }

    private mutating func checkObjects(
        _ image: ImageRecord,
        _ extents: [UInt32: ObjectExtent]
    ) throws {
        var known: Set<UInt32> = []
        for object in try store.objects(of: image.id) {
            known.insert(object.label)
            if extents[object.label] != object.extent {
                find(
                    .object,
                    image.id,
                    "the pixels of object \(object.label) do not match its record"
                )
            }
            if !object.extent.isInside(image.shape) {
                find(.object, image.id, "object \(object.label) reaches outside the image")
            }
            if object.label >= image.nextLabel {
                find(.object, image.id, "the label \(object.label) would be assigned again")
            }
            if let prompt = object.prompt, (try? store.prompts(prompt)) == nil {
                find(.content, image.id, "the prompts of object \(object.label) are missing")
            }
        }
        for label in Set(extents.keys).subtracting(known).sorted() {
            find(.object, image.id, "the pixels of label \(label) belong to no object")
        }
    }

    /// Goes through all branches from the beginning on, and back.
    private mutating func checkHistory(_ image: ImageRecord, _ tiles: [TileAddress: Int64]) throws {
        let edits = try store.edits(of: image.id)
        var children: [Int64: [EditRecord]] = [:]
        for edit in edits { children[edit.parent, default: []].append(edit) }
        if image.current != 0, !edits.contains(where: { $0.id == image.current }) {
            find(.history, image.id, "the current edit \(image.current) is missing")
        }
        checkRedo(image.redo, of: 0, image, children)
        var state = ReplayedState()
        if image.current == 0 { try compare(state, image, tiles) }
        var open: [(edit: EditRecord, isDone: Bool)] =
            (children[0] ?? []).map { ($0, false) }
        var visited = 0
        while let (edit, isDone) = open.popLast() {
            if isDone {
                _ = try state.take(edit, isUndo: true, store)
                continue
            }
            visited += 1
            if try !state.take(edit, isUndo: false, store) {
                find(.history, image.id, "edit \(edit.id) does not fit the state before it")
            }
            checkRedo(edit.redo, of: edit.id, image, children)
            if edit.id == image.current { try compare(state, image, tiles) }
            open.append((edit, true))
            open += (children[edit.id] ?? []).map { ($0, false) }
        }
        if visited != edits.count {
            find(.history, image.id, "\(edits.count - visited) edits build on one that is missing")
        }
    }

    private mutating func checkRedo(
        _ redo: Int64,
        of edit: Int64,
        _ image: ImageRecord,
        _ children: [Int64: [EditRecord]]
    ) {
        if redo != 0, children[edit]?.contains(where: { $0.id == redo }) != true {
            find(
                .history,
                image.id,
                "redo leads from edit \(edit) to \(redo), which does not follow it"
            )
        }
    }

    private mutating func compare(
        _ state: ReplayedState,
        _ image: ImageRecord,
        _ tiles: [TileAddress: Int64]
    ) throws {
        let sql = "SELECT label, object FROM present WHERE image = ?"
        var objects: [UInt32: Int64] = [:]
        for row in try store.rows(sql, [image.id]) { objects[try row.value(0)] = try row.value(1) }
        if state.tiles != tiles {
            find(.state, image.id, "the edits do not lead to the current labels")
        }
        if state.objects != objects {
            find(.state, image.id, "the edits do not lead to the current objects")
        }
        if state.status != image.status || state.nextLabel != image.nextLabel {
            find(.state, image.id, "the edits do not lead to the current status")
        }
        for blob in Set(tiles.values) where parts[blob] == nil {
            find(.content, image.id, "the labels \(blob) are missing")
        }
    }
}

/// The state of an image while its edits are gone through.
private struct ReplayedState {
    var tiles: [TileAddress: Int64] = [:]
    var objects: [UInt32: Int64] = [:]
    var status = ImageStatus.new
    var nextLabel: UInt32 = 1

    /// Does an edit, or takes it back.
    ///
    /// - Returns: Whether everything was before as the edit says.
    mutating func take(_ edit: EditRecord, isUndo: Bool, _ store: Store) throws -> Bool {
        var fits = true
        for change in try store.tileChanges(edit.id) {
            let (before, after) =
                isUndo ? (change.after, change.before) : (change.before, change.after)
            fits = fits && tiles[change.address] == before
            tiles[change.address] = after
        }
        for change in try store.objectChanges(edit.id) {
            let (before, after) =
                isUndo ? (change.after, change.before) : (change.before, change.after)
            fits = fits && objects[change.label] == before
            objects[change.label] = after
        }
        let (from, to) =
            isUndo
            ? (edit.statusAfter, edit.statusBefore) : (edit.statusBefore, edit.statusAfter)
        let (low, high) =
            isUndo ? (edit.labelAfter, edit.labelBefore) : (edit.labelBefore, edit.labelAfter)
        fits = fits && status == from && nextLabel == low
        (status, nextLabel) = (to, high)
        return fits
    }
}
