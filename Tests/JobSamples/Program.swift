public import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

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
    static func url(of name: String) -> URL {
        let bundle = Bundle(for: Anchor.self).bundleURL
        let inside = bundle.appending(path: name)
        return FileManager.default.fileExists(atPath: inside.path)
            ? inside : bundle.deletingLastPathComponent().appending(path: name)
    }

    private final class Anchor {}

    /// All bytes of a pipe or terminal; Foundation's own function ends the process when a signal interrupts it.
    private static func everything(from source: FileHandle) -> [UInt8] {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(source.fileDescriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return all }
            all += piece[..<count]
        }
    }

    /// A terminal: what is written to the one side is read from the other.
    private static func terminal(width: Int) throws -> (reading: FileHandle, writing: FileHandle) {
        let reading = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        #if os(Linux)
            // TIOCSPTLCK and TIOCGPTN, which Swift does not import.
            var (lock, number): (Int32, UInt32) = (0, 0)
            let isOpen = ioctl(reading, 0x4004_5431, &lock) == 0
            let isNamed = ioctl(reading, 0x8004_5430, &number) == 0
            let name: String? = isOpen && isNamed ? "/dev/pts/\(number)" : nil
        #else
            let isOpen = grantpt(reading) == 0 && unlockpt(reading) == 0
            let name = isOpen ? ptsname(reading).map { String(cString: $0) } : nil
        #endif
        let writing = open(try #require(name), O_RDWR | O_NOCTTY)
        var size = winsize(ws_row: 24, ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
        let isSized = ioctl(writing, UInt(TIOCSWINSZ), &size) == 0
        try #require(isSized)
        return (FileHandle(fileDescriptor: reading), FileHandle(fileDescriptor: writing))
    }

    /// The variables of a program that is tested in a folder.
    static func environment(in folder: String, _ variables: [String: String?]) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment
        environment["MICROSAM_CACHEDIR"] = folder + "/cache"
        environment["TERM"] = "xterm"
        for (name, value) in variables { environment[name] = value }
        return environment
    }

    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - model: Which model it works with where the arguments ask one and name none; nil for the one that is part of
    ///     it.
    ///   - name: Which program.
    ///   - file: Where it is, if not beside the tests.
    ///   - variables: Replace variables of the environment, or add to it; nil takes one out.
    ///   - terminalWidth: Columns of the terminal that standard error goes to; nil for a pipe.
    ///   - whileRunning: Called after the start, for example to send a signal.
    public static func run(
        _ arguments: [String],
        in folder: String,
        with model: QuickModel? = nil,
        program name: String = "usam",
        at file: String? = nil,
        variables: [String: String?] = [:],
        terminalWidth: Int? = nil,
        whileRunning: (Process) throws -> Void = { _ in }
    ) throws -> Ending {
        let process = Process()
        process.executableURL = file.map { URL(filePath: $0) } ?? url(of: name)
        process.arguments = try arguments + (model?.options(of: arguments) ?? [])
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = environment(in: folder, variables)
        let (output, pipe) = (Pipe(), Pipe())
        let terminal = try terminalWidth.map { try Self.terminal(width: $0) }
        process.standardOutput = output
        process.standardError = terminal.map(\.writing) ?? pipe.fileHandleForWriting
        try process.run()
        try (terminal?.writing ?? pipe.fileHandleForWriting).close()
        try whileRunning(process)
        // What is printed fits into a pipe, so that reading one after the other cannot block.
        let outputBytes = Self.everything(from: output.fileHandleForReading)
        let errorBytes = Self.everything(from: terminal?.reading ?? pipe.fileHandleForReading)
        try terminal?.reading.close()
        process.waitUntilExit()
        return Ending(
            status: process.terminationStatus,
            output: String(decoding: outputBytes, as: UTF8.self),
            error: String(decoding: errorBytes, as: UTF8.self)
        )
    }
}

extension Program {
    /// Runs `usam` to its end once for each list of arguments, all beside each other.
    ///
    /// Waits on threads of its own, so that other tests go on meanwhile.
    public static func runAll(
        _ commands: [[String]],
        in folder: String,
        with model: QuickModel? = nil
    ) async throws -> [Ending] {
        try await withThrowingTaskGroup(of: (Int, Ending).self) { group in
            for (index, command) in commands.enumerated() {
                group.addTask {
                    let ending = try await waiting { try run(command, in: folder, with: model) }
                    return (index, ending)
                }
            }
            var endings: [Int: Ending] = [:]
            for try await (index, ending) in group { endings[index] = ending }
            return commands.indices.compactMap { endings[$0] }
        }
    }

    /// What a function returns that blocks its thread.
    private static func waiting<Value: Sendable>(
        for body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }
}

extension QuickModel {
    /// What names this model in a command; nothing for one that asks none, or names another.
    func options(of arguments: [String]) throws -> [String] {
        let judging = ["automatic", "interactive", "grid-search"]
        let asks =
            switch arguments.first {
            case "segment", "prompt", "embed", "annotate": true
            case "track": !arguments.contains("--labels")
            case "train": !arguments.contains("--resume")
            case "evaluate": arguments.count > 1 && judging.contains(arguments[1])
            default: false
            }
        let names = arguments.contains { ["--model", "-m", "--help"].contains($0) }
        return try asks && !names && !Self.areReplaced ? ["--model", path] : []
    }
}
