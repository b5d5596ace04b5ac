/// One line of progress that is rewritten on a terminal.
///
/// Where standard error is no terminal, nothing is rewritten: only what is given to ``note(_:)``
/// appears, a line each.
package struct ProgressLine {
    private let console: Console
    private let isQuiet: Bool
    private var isShown = false

    package init(_ console: Console, isQuiet: Bool = false) {
        self.console = console
        self.isQuiet = isQuiet
    }

    /// Replaces the line.
    package mutating func show(_ text: String) {
        guard !isQuiet, let width = console.terminalWidth() else { return }
        console.writeError("\r\u{1B}[K" + text.prefix(max(width - 1, 1)))
        isShown = true
    }

    /// Removes the line, so that something else can be printed.
    package mutating func clear() {
        guard isShown else { return }
        console.writeError("\r\u{1B}[K")
        isShown = false
    }

    /// Prints a line that stays, where standard error is no terminal.
    package func note(_ text: String) {
        guard !isQuiet, console.terminalWidth() == nil else { return }
        console.printError(text)
    }
}
