import Annotations
import Foundation
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
}
