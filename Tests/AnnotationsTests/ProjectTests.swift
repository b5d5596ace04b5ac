import Annotations
import Foundation
import Imaging
import Prompting
import Testing

@Suite("Project files")
struct ProjectTests {
    @Test("A project is made where none is")
    func made() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).usam")
        defer { try? FileManager.default.removeItem(at: url) }
        let project = try Project.create(at: url)
        try project.close()
        #expect(FileManager.default.fileExists(atPath: url.path))
    }

    @Test("A movie gets frames at its end, and keeps its objects; other frames are refused")
    func frames() throws {
        let test = try TestProject()
        func movie(_ names: [String], height: Int = 20) -> ImageEntry {
            let shape = ImageShape(t: names.count, y: height, x: 30)
            var entry = ImageEntry(name: "m", path: "m", shape: shape)
            entry.selection.frames = .files(names)
            return entry
        }
        let added = try test.project.addImages([movie(["0", "1"])])
        let id = try #require(added.first)
        var object = NewObject(mask: try box(y: 2, x: 3, height: 4, width: 5), label: 3)
        object.t = 1
        for action in [.importLabels([object]), .setStatus(.done)] as [Gesture.Action] {
            _ = try test.project.apply(Gesture(action, client: test.client), to: id)
        }
        for other in [
            movie(["0", "1"]), movie(["0"]), movie(["1", "0", "2"]),
            movie(["0", "1", "2"], height: 21),
        ] {
            #expect(throws: ProjectError.self) { try test.project.extendMovie(id, to: other) }
        }
        #expect(throws: ProjectError.self) {
            try test.project.extendMovie(test.image, to: movie(["0", "1", "2"]))
        }
        try test.project.extendMovie(id, to: movie(["0", "1", "2", "3"]))
        try test.reopen()
        let image = try test.project.image(id)
        #expect(image.entry == movie(["0", "1", "2", "3"]))
        #expect(image.status == .done && image.objectCount == 1)
        object.t = 3
        let more = Gesture(.importLabels([object]), client: test.client)
        #expect(try test.project.apply(more, to: id).created == [4])
        #expect(try test.project.labelImage(image: id, t: 1).labels.count { $0 == 3 } == 20)
        #expect(try test.project.check() == [])
    }
}
