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

    /// All bytes of a pipe; Foundation's own function ends the process when a signal interrupts it.
    private static func everything(from pipe: Pipe) -> [UInt8] {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(pipe.fileHandleForReading.fileDescriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return all }
            all += piece[..<count]
        }
    }

    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - variables: Replace variables of the environment, or add to it.
    ///   - whileRunning: Called after the start, for example to send a signal.
    static func run(
        _ arguments: [String],
        in folder: String,
        variables: [String: String] = [:],
        whileRunning: (Process) throws -> Void = { _ in }
    ) throws -> Ending {
        let process = Process()
        process.executableURL = url
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        var environment = ProcessInfo.processInfo.environment
        environment["MICROSAM_CACHEDIR"] = folder + "/cache"
        process.environment = environment.merging(variables) { $1 }
        let (output, error) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = error
        try process.run()
        try whileRunning(process)
        // What is printed fits into a pipe, so that reading one after the other can not block.
        let outputBytes = Self.everything(from: output)
        let errorBytes = Self.everything(from: error)
        process.waitUntilExit()
        return Ending(
            status: process.terminationStatus,
            output: String(decoding: outputBytes, as: UTF8.self),
            error: String(decoding: errorBytes, as: UTF8.self)
        )
    }
}
