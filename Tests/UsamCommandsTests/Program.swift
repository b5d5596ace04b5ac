import Foundation
import Synchronization
import Testing

/// The built program, run as a process of its own.
struct Program {
    /// What a run of the program left.
    struct Ending {
        let status: Int32
        let output: String
        let error: String
    }

    /// The program lies beside the tests: in the same folder, or beside the bundle they are in.
    static let url: URL = {
        let bundle = Bundle(for: Anchor.self).bundleURL
        let inside = bundle.appending(path: "usam")
        return FileManager.default.fileExists(atPath: inside.path)
            ? inside : bundle.deletingLastPathComponent().appending(path: "usam")
    }()

    private final class Anchor {}

    /// Runs the program to its end.
    ///
    /// - Parameter whileRunning: Called after the start, for example to send a signal.
    static func run(
        _ arguments: [String],
        in folder: String,
        whileRunning: (Process) throws -> Void = { _ in }
    ) throws -> Ending {
        let process = Process()
        process.executableURL = url
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        var environment = ProcessInfo.processInfo.environment
        environment["MICROSAM_CACHEDIR"] = folder + "/cache"
        process.environment = environment
        let (output, error) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = error
        try process.run()
        try whileRunning(process)
        // What is printed fits into a pipe, so that reading one after the other can not block.
        let outputBytes = output.fileHandleForReading.readDataToEndOfFile()
        let errorBytes = error.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Ending(
            status: process.terminationStatus,
            output: String(decoding: outputBytes, as: UTF8.self),
            error: String(decoding: errorBytes, as: UTF8.self)
        )
    }
}
