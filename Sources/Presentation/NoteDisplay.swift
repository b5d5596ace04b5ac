public import Prompting
import Synchronization
public import Terminal

/// Says what readers noticed about files, each thing once.
public final class NoteDisplay: Sendable {
    private let console: Console
    private let shown = Mutex<Set<FileNote>>([])

    /// Creates a display on standard error.
    public init(_ console: Console) { self.console = console }

    /// Shows notes that were not shown yet.
    public func show(_ notes: [FileNote]) {
        for note in notes where shown.withLock({ $0.insert(note).inserted }) {
            // A line of progress may stand there.
            if console.terminalWidth() != nil { console.writeError("\r\u{1B}[K") }
            console.printError("usam: \(note.words)")
        }
    }

    /// Shows what long work tells of files.
    @Sendable public func receive(_ event: WorkEvent) {
        if case .noted(let note) = event { show([note]) }
    }
}

extension FileNote {
    /// The file and what is said of it, with the names of options.
    public var words: String { "\(file): \(note.words)" }
}

extension ReadingNote {
    /// A sentence that names options.
    public var words: String { "\(self)\(options)" }

    /// The option that follows the advice of a note.
    fileprivate var options: String {
        switch self {
        case .outlyingPixels: " (--normalize percentile)"
        case .planesAsColours: " (--axes zyx or --axes cyx)"
        default: ""
        }
    }
}
