import Annotations
import Foundation
import Testing

@Suite("Files of earlier versions")
struct MigrationTests {
    /// What is in each file: made by `fuzz-projects` of the version that wrote it, and never changed.
    struct Earlier: Sendable, CustomTestStringConvertible {
        let version: Int
        let objects: [Int]
        let edits: [Int]

        var testDescription: String { "version \(version)" }
    }

    static let files = [
        Earlier(version: 1, objects: [6, 9], edits: [19, 16])
    ]

    @Test(
        "Every earlier version opens with all that is in it, and can be worked with",
        arguments: files
    )
    func opened(_ earlier: Earlier) throws {
        let test = try TestProject()
        let fixture = try #require(
            Bundle.module.url(
                forResource: "version-\(earlier.version)",
                withExtension: "usam",
                subdirectory: "Fixtures"
            )
        )
        let url = test.folder.appending(path: "earlier.usam")
        try FileManager.default.copyItem(at: fixture, to: url)
        let project = try Project.open(at: url)
        defer { try? project.close() }
        #expect(try project.check() == [])
        let images = try project.images()
        #expect(images.map(\.entry.name) == ["a", "b"])
        #expect(images.map(\.objectCount) == earlier.objects)
        #expect(try images.map { try project.history(image: $0.id).count } == earlier.edits)
        let client = UUID()
        let before = try project.tiles(image: 1)
        let current = try project.current(image: 1)
        try project.goto(0, image: 1, client: client)
        #expect(try project.tiles(image: 1) == [])
        try project.goto(current, image: 1, client: client)
        #expect(try project.tiles(image: 1) == before)
        let gesture = Gesture(
            .paint(label: 0, try box(y: 1, x: 1, height: 200, width: 200), .overwrite),
            client: client
        )
        #expect(try project.apply(gesture, to: 1).created.count == 1)
        #expect(try project.check() == [])
    }
}
