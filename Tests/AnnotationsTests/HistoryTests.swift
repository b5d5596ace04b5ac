import Annotations
import Foundation
import Imaging
import Testing

@Suite("History")
struct HistoryTests {
    @Test("A key that was answered changes nothing and gets the same answer")
    func idempotency() throws {
        let test = try TestProject()
        let mask = try box(y: 1, x: 1, height: 5, width: 5)
        let gesture = Gesture(.commit(NewObject(mask: mask)), client: test.client)
        let first = try test.project.apply(gesture, to: test.image)
        try test.commit(y: 1, x: 1, height: 50, width: 5, .overwrite)
        let undo = UUID()
        let undone = try test.project.undo(image: test.image, key: undo, client: test.client)
        try test.reopen()
        var again = try test.project.apply(gesture, to: test.image)
        #expect(again.repeated && again.tiles == first.tiles && again.objects == first.objects)
        #expect(again.edit == first.edit && again.created == [1])
        again = try test.project.undo(image: test.image, key: undo, client: test.client)
        #expect(again.repeated && again.tiles == undone.tiles && again.removed == undone.removed)
        #expect(try test.project.current(image: test.image) == first.edit)
        let other = ImageEntry(name: "b", path: "b.tif", shape: ImageShape(y: 9, x: 9))
        let id = try #require(try test.project.addImages([other]).first)
        #expect(throws: ProjectError.keyReused(gesture.key)) {
            try test.project.apply(gesture, to: id)
        }
    }

    @Test("A new edit after an undo begins a branch, and the old one stays reachable")
    func branches() throws {
        let test = try TestProject()
        try test.commit(y: 1, x: 1, height: 5, width: 5)
        try test.commit(y: 10, x: 1, height: 5, width: 5)
        let old = try test.labels()
        try test.project.undo(image: test.image, client: test.client)
        let answer = try test.commit(y: 20, x: 1, height: 5, width: 5)
        #expect(answer.edit == 3 && answer.parent == 1 && !answer.canRedo)
        let history = try test.project.history(image: test.image)
        #expect(history.map(\.edit) == [3, 2, 1] && history.map(\.undone) == [false, true, false])
        #expect(try test.labels(at: 2) == old)
        #expect(try test.project.objects(image: test.image, at: 2).map(\.box.y) == [1, 10])
        let now = try test.labels()
        try test.reopen()
        let gone = try test.project.goto(2, image: test.image, client: test.client)
        #expect(gone.edit == 2 && gone.kind == "goto")
        #expect(try test.labels() == old)
        try test.project.goto(0, image: test.image, client: test.client)
        #expect(try test.labels().objectLabels().isEmpty)
        for _ in 0..<2 { try test.project.redo(image: test.image, client: test.client) }
        #expect(try test.labels() == old)
        #expect(try !test.project.redo(image: test.image, client: test.client).canRedo)
        try test.project.goto(3, image: test.image, client: test.client)
        #expect(try test.labels() == now)
    }

    @Test("Where others changed other things a gesture on an old state is done")
    func noConflict() throws {
        let test = try TestProject()
        try test.commit(y: 1, x: 1, height: 5, width: 5)
        try test.apply(.paint(label: 1, box(y: 1, x: 6, height: 5, width: 5)), client: UUID())
        let mask = try box(y: 50, x: 1, height: 5, width: 5)
        let answer = try test.apply(.commit(NewObject(mask: mask)), base: 1)
        #expect(answer.edit == 3)
        // One's own edits are no conflict.
        #expect(try test.apply(.paint(label: 2, mask), base: 1).edit == 3)
    }

    @Test(
        "Where somebody else changed the same pixels or objects, the answer says what is there now"
    )
    func conflict() throws {
        let test = try TestProject()
        try test.commit(y: 1, x: 1, height: 5, width: 5)
        try test.apply(.paint(label: 1, box(y: 1, x: 6, height: 5, width: 5)), client: UUID())
        let actions: [Gesture.Action] = [
            .delete([1]), .commit(NewObject(mask: try box(y: 5, x: 10, height: 3, width: 3))),
        ]
        for action in actions {
            do {
                try test.apply(action, base: 1)
                Issue.record("no conflict")
            } catch ProjectError.conflict(let conflict) {
                #expect(conflict.current == 2 && conflict.objects.map(\.area) == [50])
                #expect(conflict.tiles.count == 1 && conflict.removed.isEmpty)
            }
        }
        #expect(try test.apply(.setClass([1], "a"), base: 1).edit == 3)
        #expect(throws: ProjectError.unknownEdit(99)) { try test.apply(.delete([1]), base: 99) }
    }
}
