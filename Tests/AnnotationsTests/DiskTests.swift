import Annotations
import Foundation
import Testing

/// Mounting needs rights that not everybody has.
private let canMount: Bool = {
    #if os(Linux)
        return (try? DiskTests.run("mount -t tmpfs none /mnt"))?.status == 0
    #else
        return false
    #endif
}()

/// File systems that are full or cannot be written, in a mount namespace that ends with the program.
@Suite("Disks", .enabled(if: canMount))
struct DiskTests {
    @Test("On a full disk a gesture is refused, and everything that was answered is sound")
    func full() throws {
        let test = try TestProject()
        try test.project.close()
        let folder = test.folder.path
        let result = try Self.run(
            """
            mkdir \(folder)/small
            mount -t tmpfs -o size=1500k none \(folder)/small
            cp \(folder)/test.usam \(folder)/small
            '\(KillTests.program.path)' \(folder)/small/test.usam 7
            cp \(folder)/small/test.usam* \(folder)
            rm -f \(folder)/test.usam-shm
            """
        )
        let lines = result.output.split(separator: "\n").map(String.init)
        let answered = lines.filter { $0.hasPrefix("answered") }
        #expect(answered.count > 3)
        #expect(
            lines.contains { $0.lowercased().contains("no space") },
            "\(lines.suffix(3))"
        )
        test.project = try Project.open(at: test.url)
        for line in answered {
            let key = try #require(UUID(uuidString: String(line.split(separator: " ")[1])))
            #expect(try test.project.answer(to: key, image: test.image) != nil)
        }
        #expect(try test.project.check() == [])
    }

    @Test("In a folder that cannot be written a project is not opened")
    func readOnly() throws {
        let test = try TestProject()
        try test.project.close()
        let folder = test.folder.path
        let result = try Self.run(
            """
            mount --bind \(folder) \(folder)
            mount -o remount,bind,ro \(folder)
            '\(KillTests.program.path)' \(folder)/test.usam 7
            """
        )
        #expect(result.output.contains("the file or its folder cannot be written"))
        test.project = try Project.open(at: test.url)
    }

    fileprivate static func run(_ script: String) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/unshare")
        process.arguments = ["--mount", "--propagation", "private", "sh", "-c", script]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}
