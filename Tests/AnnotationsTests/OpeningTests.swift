import Annotations
import Foundation
import Imaging
import Prompting
import Testing

@Suite("Opening projects")
struct OpeningTests {
    @Test(
        "Images, objects and prompts are there again after a restart; a known image keeps its number"
    )
    func reopened() throws {
        let test = try TestProject()
        var entry = ImageEntry(name: "b", path: "sub/b.tif", shape: ImageShape(z: 3, y: 9, x: 9))
        entry.selection.t = 4
        entry.pixelSize = PhysicalPixelSize(y: 0.5, x: 0.25, unit: "µm")
        let ids = try test.project.addImages([entry, entry])
        #expect(ids == [2, 2])
        let gesture = Gesture(
            .paint(label: 0, try box(y: 1, x: 1, height: 2, width: 2)),
            client: test.client,
            z: 2
        )
        _ = try test.project.apply(gesture, to: 2)
        try test.reopen()
        let image = try test.project.image(2)
        #expect(image.entry == entry && image.objectCount == 1 && image.canUndo)
        #expect(try test.project.objects(image: 2).map(\.slices) == [2..<3])
        #expect(try test.project.labelImage(image: 2, z: 2).area(1) == 4)
        #expect(try test.project.images().map(\.id) == [1, 2])
        #expect(throws: ProjectError.unknownImage(9)) { try test.project.image(9) }
    }

    @Test("A project is open once; it is free again when it is closed")
    func twice() throws {
        let test = try TestProject()
        #expect(throws: ProjectError.inUse(test.url.path)) { try Project.open(at: test.url) }
        #expect(throws: ProjectError.exists(test.url.path)) {
            try test.project.close()
            return try Project.create(at: test.url)
        }
        #expect(throws: ProjectError.closed(test.url.path)) { try test.project.images() }
        test.project = try Project.open(at: test.url)
        try test.commit(y: 1, x: 1, height: 9, width: 9)
        #expect(try test.labels().area(1) == 81)
        try test.project.close()
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: test.folder.path) == ["test.usam"]
        )
        test.project = try Project.open(at: test.url)
    }

    @Test("What is no project is refused, and stays as it was")
    func foreign() throws {
        let test = try TestProject()
        func refuse(_ bytes: [UInt8], _ expected: (String) -> ProjectError) throws {
            let url = test.folder.appending(path: "foreign.usam")
            try Data(bytes).write(to: url)
            #expect(throws: expected(url.path)) { try Project.open(at: url) }
            #expect(try Array(Data(contentsOf: url)) == bytes)
            let names = try FileManager.default.contentsOfDirectory(atPath: test.folder.path)
            #expect(!names.contains { $0.hasPrefix("foreign.usam-") })
        }
        try test.commit(y: 1, x: 1, height: 9, width: 9)
        try test.project.close()
        let whole = try Array(Data(contentsOf: test.url))
        try refuse([], ProjectError.foreign)
        try refuse(Array("II*\0 a picture".utf8), ProjectError.foreign)
        try refuse(Array(whole.prefix(50)), ProjectError.foreign)
        try refuse(Array(whole.prefix(whole.count / 2)), ProjectError.truncated)
        try refuse(Array(whole.prefix(whole.count - 1)), ProjectError.truncated)
        var other = whole
        other[68] = 0
        try refuse(other, ProjectError.foreign)
        var newer = whole
        newer[62] = 1
        try refuse(newer) { .newer($0, version: 257, supported: 1) }
        #expect(throws: ProjectError.notFound(test.folder.path + "/none.usam")) {
            try Project.open(at: test.folder.appending(path: "none.usam"))
        }
        #expect(throws: ProjectError.foreign(test.folder.path)) {
            try Project.open(at: test.folder)
        }
        #expect(throws: ProjectError.notFound(test.folder.path + "/none")) {
            try Project.create(at: test.folder.appending(path: "none/a.usam"))
        }
        test.project = try Project.open(at: test.url)
        #expect(try test.labels().area(1) == 81)
    }

    @Test("Five hundred images open within a second")
    func many() throws {
        let test = try TestProject()
        let entries = (0..<500).map {
            ImageEntry(name: "\($0)", path: "\($0).tif", shape: ImageShape(y: 512, x: 512))
        }
        let ids = try test.project.addImages(entries)
        for id in ids.prefix(50) {
            let mask = try box(y: 250, x: 250, height: 12, width: 12)
            _ = try test.project.apply(Gesture(.paint(label: 0, mask), client: UUID()), to: id)
        }
        try test.project.close()
        let start = ContinuousClock.now
        test.project = try Project.open(at: test.url)
        let images = try test.project.images()
        #expect(images.count == 501 && images.count { $0.objectCount == 1 } == 50)
        #expect(ContinuousClock.now - start < .seconds(1))
    }
}
