import Files
import Foundation
import Prompting
import Synchronization

/// A program as a process of its own.
struct ChildProgram: Sendable {
    private let executable: URL
    private let arguments: [String]

    init(_ executable: URL, _ arguments: [String]) {
        self.executable = executable
        self.arguments = arguments
    }

    /// Time that a process gets to end after it was asked to.
    private static let patience = Duration.seconds(20)

    /// Runs the process to its end.
    ///
    /// - Parameters:
    ///   - work: The process is asked to end when it is cancelled.
    ///   - poll: Called every second.
    /// - Returns: What it printed to standard output.
    /// - Throws: ``AnnotatorError/programFailed(reason:)`` with what it printed to standard error; `CancellationError`.
    @discardableResult
    func run(_ work: Work, _ poll: () -> Void) async throws -> Data {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (Collector(), Collector())
        process.standardOutput = output.pipe
        process.standardError = errors.pipe
        try process.run()
        defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        var asked: ContinuousClock.Instant?
        while process.isRunning {
            if work.isCancelled || Task.isCancelled {
                let now = ContinuousClock.now
                if asked == nil { process.interrupt() }
                let first = asked ?? now
                asked = first
                if now - first > Self.patience { kill(process.processIdentifier, SIGKILL) }
            } else {
                poll()
            }
            // Goes on after a cancellation, until the process has ended.
            try? await Task.sleep(for: .milliseconds(asked == nil ? 1000 : 50))
            if asked != nil { usleep(20_000) }
        }
        if asked != nil { throw CancellationError() }
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            let lines = String(decoding: errors.data, as: UTF8.self)
                .split(separator: "\n").suffix(3).joined(separator: " ")
            throw AnnotatorError.programFailed(
                reason: lines.isEmpty
                    ? "the process ended with status \(process.terminationStatus)" : lines
            )
        }
        return output.data
    }

    /// Reads a pipe while the process runs, so that it never waits.
    private final class Collector: Sendable {
        let pipe = Pipe()
        private let bytes = Mutex(Data())

        init() {
            pipe.fileHandleForReading.readabilityHandler = { [weak self] handle in
                let more = handle.availableData
                if more.isEmpty { handle.readabilityHandler = nil }
                self?.bytes.withLock { $0.append(more) }
            }
        }

        var data: Data { bytes.withLock { $0 } }
    }
}
