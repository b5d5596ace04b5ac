public import Foundation

/// A built program, run as a process of its own.
public struct Program {
    /// What a run of the program left.
    public struct Ending: Sendable {
        /// The exit status.
        public let status: Int32
        /// What it printed.
        public let output: String
        /// What it printed to the standard error.
        public let error: String
    }

    /// Where `usam` is.
    public static let url = url(of: "usam")

    /// Programs lie beside the tests: in the same folder, or beside the bundle they are in.
    private static func url(of name: String) -> URL {
        let bundle = Bundle(for: Anchor.self).bundleURL
        let inside = bundle.appending(path: name)
        return FileManager.default.fileExists(atPath: inside.path)
            ? inside : bundle.deletingLastPathComponent().appending(path: name)
    }

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

    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - name: Which one.
    ///   - whileRunning: Called after the start, for example to send a signal.
    public static func run(
        _ arguments: [String],
        in folder: String,
        program name: String = "usam",
        whileRunning: (Process) throws -> Void = { _ in }
    ) throws -> Ending {
        let process = Process()
        process.executableURL = url(of: name)
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
