import Synchronization
import Terminal

/// Collects what a command prints.
final class Transcript: Sendable {
    private let texts = Mutex((output: "", error: ""))

    var output: String { texts.withLock { $0.output } }
    var error: String { texts.withLock { $0.error } }

    func console(terminalWidth: Int? = nil) -> Console {
        Console(
            writeOutput: { text in self.texts.withLock { $0.output += text } },
            writeError: { text in self.texts.withLock { $0.error += text } },
            terminalWidth: { terminalWidth }
        )
    }
}
