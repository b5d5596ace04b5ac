public import Foundation
import GRDB

extension Project {
    /// Does what a gesture says, as one transaction.
    ///
    /// A gesture whose key was answered before changes nothing and gets the same answer again. One that changes
    /// nothing makes no edit: its answer has the edit that is current.
    ///
    /// - Throws: ``ProjectError/conflict(_:)`` if somebody else changed what it builds on;
    ///   ``ProjectError/unknownObject(_:)``, ``ProjectError/labelTaken(_:)``,
    ///   ``ProjectError/badGesture(_:)`` if it cannot be done; errors of the file. Nothing is changed then.
    public func apply(_ gesture: Gesture, to image: Int64) throws(ProjectError) -> EditAnswer {
        try write { store in
            if let known = try store.repeated(gesture.key, image) { return known }
            var image = try store.image(image)
            let request = try store.apply(gesture, to: &image)
            return try store.answer(request, of: image)
        }
    }

    /// Takes the current edit back; without one nothing changes.
    ///
    /// - Parameters:
    ///   - key: By what the request is recognised when it is sent again.
    ///   - client: The window, or the program, that sends it.
    /// - Throws: ``ProjectError/unknownImage(_:)``; errors of the file.
    @discardableResult
    public func undo(
        image: Int64,
        key: UUID = UUID(),
        client: UUID
    ) throws(ProjectError) -> EditAnswer {
        try move(image, key, client, "undo") { store, image in
            guard image.current != 0 else { return nil }
            let edit = try store.edit(image.current, of: image.id)
            return (edit.parent, "Undo: \(edit.words)")
        }
    }

    /// Does again what was undone last; without such an edit nothing changes.
    ///
    /// - Throws: ``ProjectError/unknownImage(_:)``; errors of the file.
    @discardableResult
    public func redo(
        image: Int64,
        key: UUID = UUID(),
        client: UUID
    ) throws(ProjectError) -> EditAnswer {
        try move(image, key, client, "redo") { store, image in
            let target = try store.redo(of: image)
            guard target != 0 else { return nil }
            return (target, "Redo: \(try store.edit(target, of: image.id).words)")
        }
    }

    /// Undoes and does again whatever leads to an edit, on any branch of the history; 0 is the beginning.
    ///
    /// - Throws: ``ProjectError/unknownEdit(_:)``; errors of the file.
    @discardableResult
    public func goto(
        _ edit: Int64,
        image: Int64,
        key: UUID = UUID(),
        client: UUID
    ) throws(ProjectError) -> EditAnswer {
        try move(image, key, client, "goto") { store, image in
            if edit == 0 { return (0, "Go to the beginning") }
            return (edit, "Go to: \(try store.edit(edit, of: image.id).words)")
        }
    }

    /// The answer to a request that was answered before; nil if the key is new.
    ///
    /// - Throws: ``ProjectError/keyReused(_:)`` if the key belongs to another image.
    public func answer(to key: UUID, image: Int64) throws(ProjectError) -> EditAnswer? {
        try read { try $0.repeated(key, image) }
    }

    private func move(
        _ id: Int64,
        _ key: UUID,
        _ client: UUID,
        _ kind: String,
        _ target: (Store, ImageRecord) throws -> (edit: Int64, words: String)?
    ) throws(ProjectError) -> EditAnswer {
        try write { store in
            if let known = try store.repeated(key, id) { return known }
            var image = try store.image(id)
            let origin = image.current
            let target = try target(store, image)
            let request = RequestRecord(
                key: key,
                image: id,
                client: client,
                kind: kind,
                words: target?.words ?? "Nothing to \(kind)",
                origin: origin,
                target: target?.edit ?? origin
            )
            let way = try Transition(from: origin, to: request.target, of: id, store)
            if !way.steps.isEmpty {
                try way.carryOut(on: &image, target: request.target, store)
            }
            try store.insert(request)
            return try store.answer(request, way, of: image, isRepeated: false)
        }
    }
}

extension Store {
    /// The answer to a request that was answered before; nil if the key is new.
    fileprivate func repeated(_ key: UUID, _ id: Int64) throws -> EditAnswer? {
        guard let request = try request(key) else { return nil }
        guard request.image == id else { throw ProjectError.keyReused(key) }
        let way = try Transition(from: request.origin, to: request.target, of: id, self)
        return try answer(request, way, of: try image(id), isRepeated: true)
    }

    /// Changes the labels and notes the edit and the request.
    func apply(_ gesture: Gesture, to image: inout ImageRecord) throws -> RequestRecord {
        let editor = try Editor(self, image, t: gesture.t, z: gesture.z)
        let check = try ConflictCheck(gesture, image, self)
        try check.check(gesture.action, editor)
        let words = try editor.perform(gesture.action)
        if case .fill = gesture.action, let region = editor.touchedRegion {
            try check.check(PixelSet(region), editor)
        }
        let outcome = try editor.finish()
        let origin = image.current
        let isEmpty =
            outcome.tiles.isEmpty && outcome.objects.isEmpty && outcome.status == image.status
        if !isEmpty {
            var stored = gesture
            stored.action = editor.resolved ?? gesture.action
            let edit = try insert(stored, words, outcome, image)
            if origin == 0 { image.redo = edit } else { try setRedo(of: origin, edit) }
            image.current = edit
            image.status = outcome.status
            image.nextLabel = outcome.nextLabel
            try update(image)
        }
        let request = RequestRecord(
            key: gesture.key,
            image: image.id,
            client: gesture.client,
            kind: gesture.action.kind.rawValue,
            words: isEmpty ? "Nothing changed" : words,
            origin: origin,
            target: image.current
        )
        try insert(request)
        return request
    }

    fileprivate func answer(_ request: RequestRecord, of image: ImageRecord) throws -> EditAnswer {
        let way = try Transition(
            from: request.origin,
            to: request.target,
            of: image.id,
            self
        )
        return try answer(request, way, of: image, isRepeated: false)
    }

    fileprivate func answer(
        _ request: RequestRecord,
        _ way: Transition,
        of image: ImageRecord,
        isRepeated: Bool
    ) throws -> EditAnswer {
        let target = request.target
        return EditAnswer(
            edit: target,
            parent: target == 0 ? 0 : try edit(target, of: image.id).parent,
            kind: request.kind,
            words: request.words,
            tiles: try way.tileStates(self),
            objects: try way.objectStates(self),
            removed: way.removed,
            created: way.created,
            status: image.status,
            canUndo: image.current != 0,
            canRedo: try redo(of: image) != 0,
            repeated: isRepeated
        )
    }
}
