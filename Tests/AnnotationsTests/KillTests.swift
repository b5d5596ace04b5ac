import Annotations
import Foundation
import Imaging
import Testing

@Suite("Killed annotators", .serialized)
struct KillTests {
    /// Twenty kills by default; a thousand with the slow tests.
    static let kills =
        ProcessInfo.processInfo.environment["MICROSAM_SLOW_TESTS"] == nil ? 20 : 1000

    @Test("What was answered before a kill is there, once, and everything can be undone and redone")
    func killed() throws {
        let test = try TestProject()
        try test.project.close()
        var generator = SystemRandomNumberGenerator()
        var (answered, edits): (Set<String>, Set<Int64>) = ([], [])
        for round in 0..<Self.kills {
            let pause = Double.random(in: 0.02...0.4, using: &generator)
            for line in try Self.annotate(test.url, seed: UInt64(round), killAfter: pause) {
                let words = line.split(separator: " ").map(String.init)
                try #require(words.first == "answered" || words.first == "refused", "\(line)")
                guard words[0] == "answered", words.count == 3 else { continue }
                answered.insert(words[1])
                edits.insert(try #require(Int64(words[2])))
            }
        }
        test.project = try Project.open(at: test.url)
        for key in answered {
            let key = try #require(UUID(uuidString: key))
            #expect(try test.project.answer(to: key, image: test.image)?.repeated == true)
        }
        let history = try test.project.history(image: test.image).map(\.edit)
        #expect(edits.subtracting(history + [0]).isEmpty)
        // Of each kill, one request of each client may have been done without an answer.
        #expect(history.count <= answered.count + 2 * Self.kills)
        #expect(try test.project.check() == [])
        print("\(Self.kills) kills: \(answered.count) answers, \(history.count) edits")
        #expect(answered.count > Self.kills)

        let before = try test.project.tiles(image: test.image)
        let current = try test.project.current(image: test.image)
        var undone = 0
        while try test.project.undo(image: test.image, client: test.client).canUndo { undone += 1 }
        #expect(try test.project.tiles(image: test.image) == [])
        while try test.project.current(image: test.image) != current {
            try test.project.redo(image: test.image, client: test.client)
        }
        #expect(try test.project.tiles(image: test.image) == before)
        #expect(try test.project.check() == [])
    }

    /// Runs the program that annotates by chance, and kills it.
    ///
    /// - Returns: The whole lines that it printed.
    static func annotate(_ project: URL, seed: UInt64, killAfter pause: Double) throws -> [String] {
        let process = Process()
        process.executableURL = program
        process.arguments = [project.path, "\(seed)"]
        let output = project.deletingLastPathComponent().appending(path: "output")
        try Data().write(to: output)
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        // On a busy machine all kills would come before the first answer.
        let limit = Date.now + 60
        while seed.isMultiple(of: 2), process.isRunning, Date.now < limit,
            try Data(contentsOf: output).count(where: { $0 == 10 }) < 4
        {
            Thread.sleep(forTimeInterval: 0.002)
        }
        Thread.sleep(forTimeInterval: pause)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let text = try String(contentsOf: output, encoding: .utf8)
        return text.split(separator: "\n").map(String.init)
    }

    private final class Anchor {}

    /// Programs lie beside the tests: in the same folder, or beside the bundle they are in.
    static let program: URL = {
        let bundle = Bundle(for: Anchor.self).bundleURL
        let inside = bundle.appending(path: "random-annotator")
        return FileManager.default.fileExists(atPath: inside.path)
            ? inside
            : bundle.deletingLastPathComponent().appending(path: "random-annotator")
    }()
}
