import Checkpoints
import Files
import Foundation
import Testing

/// Finds files for the tests.
enum TestFiles {
    /// A small file written by `make_fixtures.py`.
    static func fixture(_ name: String) throws -> URL {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        return folder.appendingPathComponent(name)
    }

    /// A file of the reference outputs beside the checkout; nil where they are not installed.
    static func shared(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) -> URL? {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let url = root.appendingPathComponent("shared/fixtures/\(name)")
        if FileManager.default.fileExists(atPath: url.path) { return url }
        if ProcessInfo.processInfo.environment["CI"] != nil {
            Issue.record("\(url.path) is missing", sourceLocation: sourceLocation)
        } else {
            print("skipped: ../shared/fixtures/\(name) is missing")
        }
        return nil
    }
}

/// A folder of its own that vanishes with the test.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent(
            "usam-test-\(UUID().uuidString)"
        )
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        do {
            try FileManager.default.removeItem(at: url)
        } catch {
            print("could not remove \(url.path): \(error)")
        }
    }

    func file(_ name: String, _ bytes: [UInt8]) throws -> URL {
        let file = url.appendingPathComponent(name)
        try Data(bytes).write(to: file)
        return file
    }
}

/// Bytes of a pickle, written instruction by instruction.
struct PickleBytes {
    var bytes: [UInt8] = [0x80, 2]

    static func global(_ module: String, _ name: String) -> [UInt8] {
        Array("c\(module)\n\(name)\n".utf8)
    }

    static func text(_ text: String) -> [UInt8] {
        let utf8 = Array(text.utf8)
        return [UInt8(ascii: "X")]
            + withUnsafeBytes(of: UInt32(utf8.count).littleEndian) { Array($0) }
            + utf8
    }

    /// A zip archive with one stored pickle, as `torch.save` lays it out.
    static func archive(_ pickle: [UInt8], name: String = "a/data.pkl") -> [UInt8] {
        func integer(_ value: Int, _ width: Int) -> [UInt8] {
            (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let title = Array(name.utf8)
        let sizes = integer(0, 4) + integer(pickle.count, 4) + integer(pickle.count, 4)
        let local =
            integer(0x0403_4B50, 4) + integer(20, 2) + integer(0, 2) + integer(0, 2) + integer(0, 4)
            + sizes + integer(title.count, 2) + integer(0, 2) + title + pickle
        let central =
            integer(0x0201_4B50, 4) + integer(20, 2) + integer(20, 2) + integer(0, 2)
            + integer(0, 2)
            + integer(0, 4) + sizes + integer(title.count, 2) + integer(0, 12) + integer(0, 4)
            + title
        return local + central + integer(0x0605_4B50, 4) + integer(0, 4) + integer(1, 2)
            + integer(1, 2) + integer(central.count, 4) + integer(local.count, 4) + integer(0, 2)
    }
}

extension Checkpoint {
    /// Reads a checkpoint from bytes.
    init(bytes: [UInt8]) throws(CheckpointError) {
        try self.init(ByteStorage(copying: bytes, name: "test"))
    }

    /// The tensor of this name.
    func require(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws
        -> TensorEntry
    {
        try #require(tensors.first { $0.name == name }, sourceLocation: sourceLocation)
    }
}
