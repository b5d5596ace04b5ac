import Synchronization

/// One line of progress that is rewritten on a terminal.
///
/// Where standard error is no terminal, nothing is rewritten: only what is given to ``note(_:)``
/// appears, a line each, and now and then a line of ``show(_:at:)``.
public struct ProgressLine: Sendable {
    private let console: Console
    private let isQuiet: Bool
    private var isShown = false
    private var lastNote: Double

    /// Seconds between two lines of a long activity where there is no terminal.
    private static let noteInterval = 30.0

    /// Creates a line.
    ///
    /// - Parameters:
    ///   - isQuiet: Whether nothing is shown at all.
    ///   - seconds: The time at which the activity begins, for ``show(_:at:)``.
    public init(_ console: Console, isQuiet: Bool = false, at seconds: Double = 0) {
        self.console = console
        self.isQuiet = isQuiet
        lastNote = seconds
    }

    /// Replaces the line.
    public mutating func show(_ text: String) {
        guard !isQuiet, let width = console.terminalWidth() else { return }
        console.writeError("\r\u{1B}[K" + text.prefix(max(width - 1, 1)))
        isShown = true
    }

    /// Replaces the line; elsewhere it stays if half a minute has passed since the last one.
    ///
    /// - Parameter isUrgent: Whether it stays in any case.
    public mutating func show(_ text: String, at seconds: Double, isUrgent: Bool = false) {
        show(text)
        guard isUrgent || seconds - lastNote >= Self.noteInterval else { return }
        note(text)
        lastNote = seconds
    }

    /// Removes the line, so that something else can be printed.
    public mutating func clear() {
        guard isShown else { return }
        console.writeError("\r\u{1B}[K")
        isShown = false
    }

    /// Prints a line that stays, where standard error is no terminal.
    public func note(_ text: String) {
        guard !isQuiet, console.terminalWidth() == nil else { return }
        console.printError(text)
    }

    /// Prints a line that stays, wherever standard error goes.
    public mutating func say(_ text: String, at seconds: Double = 0) {
        clear()
        if !isQuiet { console.printError(text) }
        lastNote = max(lastNote, seconds)
    }
}

/// A line of progress that several threads write to.
public final class SharedLine: Sendable {
    private let line: Mutex<ProgressLine>

    /// Creates a line.
    public init(_ console: Console, isQuiet: Bool = false) {
        line = Mutex(ProgressLine(console, isQuiet: isQuiet))
    }

    /// Replaces the line.
    public func show(_ text: String) { line.withLock { $0.show(text) } }

    /// Replaces the line; elsewhere it stays if half a minute has passed since the last one.
    ///
    /// - Parameter isUrgent: Whether it stays in any case.
    public func show(_ text: String, at seconds: Double, isUrgent: Bool = false) {
        line.withLock { $0.show(text, at: seconds, isUrgent: isUrgent) }
    }

    /// Prints a line that stays, wherever standard error goes.
    public func say(_ text: String) { line.withLock { $0.say(text) } }

    /// Removes the line.
    public func clear() { line.withLock { $0.clear() } }
}
