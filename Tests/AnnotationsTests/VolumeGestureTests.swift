import Annotations
import Foundation
import Imaging
import Prompting
import Testing

@Suite("Objects of several planes")
struct VolumeGestureTests {
    private let test: TestProject

    init() throws { test = try TestProject(ImageShape(z: 4, y: 300, x: 280)) }

    private func part(z: Int, x: Int = 10) throws -> NewObject {
        var part = NewObject(mask: try box(y: 10, x: x, height: 10, width: 10))
        part.z = z
        return part
    }

    private func area(_ label: UInt32) throws -> [Int] {
        try (0..<4).map { try test.project.labelImage(image: test.image, z: $0).area(label) }
    }

    @Test("The masks of all slices are one object, and one step of undo")
    func commit() throws {
        var parts = try [1, 2, 3].map { try part(z: $0) }
        parts[1].prompts = [.point(Point(x: 12, y: 13))]
        parts[1].score = 0.75
        let answer = try test.apply(.commitVolume(parts))
        #expect(answer.created == [1] && answer.words == "Commit object 1 on 3 planes")
        #expect(try area(1) == [0, 100, 100, 100])
        #expect(answer.objects[0].area == 300 && answer.objects[0].score == 0.75)
        #expect(try test.project.object(image: test.image, label: 1).prompts.count == 1)
        try test.project.undo(image: test.image, client: test.client)
        #expect(try area(1) == [0, 0, 0, 0])
        try test.project.redo(image: test.image, client: test.client)
        try test.reopen()
        #expect(try area(1) == [0, 100, 100, 100])
        #expect(try test.project.check().isEmpty)
    }

    @Test("What is committed already keeps its pixels, and the object the rest")
    func keep() throws {
        try test.apply(.commitVolume([part(z: 1, x: 15)]))
        let answer = try test.apply(.commitVolume([part(z: 1), part(z: 2)]))
        #expect(answer.created == [2])
        #expect(try area(1) == [0, 100, 0, 0] && area(2) == [0, 50, 100, 0])
        let nothing = try test.apply(.commitVolume([part(z: 1, x: 15)]))
        #expect(nothing.created.isEmpty && nothing.words == "Nothing changed")
        try test.apply(.commitVolume([part(z: 1)], .overwrite))
        #expect(try area(1) == [0, 50, 0, 0] && area(3) == [0, 100, 0, 0])
    }

    @Test("An object that is gone on with changes on the planes of the masks only")
    func replace() throws {
        try test.apply(.commitVolume([part(z: 0), part(z: 1)]))
        try test.apply(.setName(1, "Anna"))
        let answer = try test.apply(.commitVolume([part(z: 1, x: 50), part(z: 2)], replacing: 1))
        #expect(answer.created.isEmpty && answer.objects.map(\.name) == ["Anna"])
        #expect(answer.words == "Commit object 1 again on 2 planes")
        #expect(try area(1) == [100, 100, 100, 0])
        let slice = try test.project.labelImage(image: test.image, z: 1)
        #expect(slice.labels[slice.size.index(x: 55, y: 15)] == 1)
        #expect(slice.labels[slice.size.index(x: 15, y: 15)] == 0)
    }

    @Test("A plane that is not there, and no mask at all, are refused")
    func refused() throws {
        #expect(throws: ProjectError.self) { try test.apply(.commitVolume([part(z: 4)])) }
        #expect(throws: ProjectError.self) { try test.apply(.commitVolume([])) }
        #expect(throws: ProjectError.unknownObject(9)) {
            try test.apply(.commitVolume([part(z: 1)], replacing: 9))
        }
    }

    @Test("Pixels that somebody else changed on one of the planes are a conflict")
    func conflict() throws {
        let other = UUID()
        try test.apply(.commitVolume([part(z: 2)]), client: other)
        do {
            try test.apply(.commitVolume([part(z: 1), part(z: 2)]), base: 0)
            Issue.record("no conflict")
        } catch let error as ProjectError {
            guard case .conflict = error else { throw error }
        }
        try test.apply(.commitVolume([part(z: 1), part(z: 3)]), base: 0)
        #expect(try area(2) == [0, 100, 0, 100])
    }
}
