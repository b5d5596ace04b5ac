import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where a command prints: results, and what happens meanwhile.
public struct Console: Sendable {
    /// Writes text as it is to standard output.
    public let writeOutput: @Sendable (String) -> Void

    /// Writes text as it is to standard error.
    public let writeError: @Sendable (String) -> Void

    /// Columns of the terminal that standard error goes to; nil if it goes elsewhere.
    public let terminalWidth: @Sendable () -> Int?

    /// Creates a console of one's own, such as one that collects what is written.
    public init(
        writeOutput: @escaping @Sendable (String) -> Void,
        writeError: @escaping @Sendable (String) -> Void,
        terminalWidth: @escaping @Sendable () -> Int?
    ) {
        self.writeOutput = writeOutput
        self.writeError = writeError
        self.terminalWidth = terminalWidth
    }

    /// Prints a line of results; nothing for an empty text.
    public func print(_ text: String) {
        if !text.isEmpty { writeOutput(text + "\n") }
    }

    /// Prints a line to standard error; nothing for an empty text.
    public func printError(_ text: String) {
        if !text.isEmpty { writeError(text + "\n") }
    }

    /// The process's own streams.
    public static let system = Console(
        writeOutput: { text in write(text, to: STDOUT_FILENO) },
        writeError: { text in write(text, to: STDERR_FILENO) },
        terminalWidth: {
            guard isatty(STDERR_FILENO) == 1, environment("TERM") != "dumb" else { return nil }
            var size = winsize()
            let code = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size)
            return code == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
        }
    )

    private static func environment(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name]
    }

    /// Writes all bytes.
    ///
    /// A reader that has gone away ends the program, as it does for every tool.
    private static func write(_ text: String, to descriptor: Int32) {
        // Safe because the rest begins within the text, which outlives the closure.
        var text = text
        text.withUTF8 { bytes in
            var position = 0
            while position < bytes.count {
                let rest = UnsafeRawBufferPointer(
                    rebasing: UnsafeRawBufferPointer(bytes)[position...]
                )
                let count = systemWrite(descriptor, rest)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                position += count
            }
        }
    }
}

/// The system's `write`, which the type's own function of that name would hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    // Safe because the system is told how many bytes there are.
    write(descriptor, bytes.baseAddress, bytes.count)
}
