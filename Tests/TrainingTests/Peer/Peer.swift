import Foundation
import Testing

/// The Python original, where it is installed.
enum Peer {
    /// Its interpreter: in the folder that `PEER` names, or in `.peer` of the checkout.
    static let python: String? = {
        let checkout = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../..").standardized
        let folders: [String?] = [
            ProcessInfo.processInfo.environment["PEER"], checkout.appending(path: ".peer").path,
        ]
        let found = folders.compactMap(\.self).map { "\($0)/bin/python" }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
        if found == nil {
            print("skipped: the Python original is not installed (PEER names its folder)")
        }
        return found
    }()

    /// Runs `check.py` beside this file and returns what it prints last.
    static func check<Result: Decodable>(_ arguments: String..., as type: Result.Type) throws
        -> Result
    {
        let process = Process()
        process.executableURL = URL(filePath: try #require(python))
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "check.py"
        )
        process.arguments = ["-W", "ignore", script.path] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let line = try #require(data.split(separator: UInt8(ascii: "\n")).last)
        return try JSONDecoder().decode(type, from: line)
    }
}
