import Files
import Imaging
public import Jobs
import Prompting
import Segmentation
public import Terminal

/// Shows the user how far the stores of embeddings are.
public struct EmbeddingPresenter: Sendable {
    private let console: Console
    private let printsResults: Bool
    private let isQuiet: Bool
    private var progress: ProgressLine

    /// Creates a presenter.
    ///
    /// - Parameter printsResults: Whether each result is a line on standard output.
    public init(_ console: Console, printsResults: Bool, isQuiet: Bool) {
        self.console = console
        self.printsResults = printsResults
        self.isQuiet = isQuiet
        progress = ProgressLine(console, isQuiet: isQuiet)
    }

    /// Takes note of an event.
    public mutating func handle(_ event: EmbeddingEvent) {
        switch event {
        case .began(let item, let size, let tiling):
            guard !isQuiet, let tiling else { return }
            console.printError(Self.announcement(item.input, size, tiling))
        case .advanced(let item, let done, let total):
            progress.show("\(item.output): \(done) of \(total) embeddings")
        case .finished(let report):
            progress.clear()
            guard report.error == nil else { return }
            if printsResults { console.print(report.line) }
            report.warnings.forEach { console.printError("usam: \($0)") }
        }
    }

    /// How an image is divided, before the work begins.
    private static func announcement(_ input: String, _ size: Size, _ tiling: TilingOptions)
        -> String
    {
        guard let blocking = try? tiling.blocking(of: size) else { return "" }
        return "\(input): \(size) pixels, divided into \(blocking.count) \(tiling.summary); "
            + "--tile-shape and --halo change this, --tile-shape none turns it off"
    }
}

extension EmbeddingReport {
    /// One line of results.
    fileprivate var line: String {
        let count = Wording.count(computed + reused, "embedding")
        let what =
            computed == 0
            ? "\(count), complete already"
            : reused == 0 ? count : "\(count), \(reused) of them there already"
        return "\(output): \(what), \(Wording.duration(seconds))"
    }
}
