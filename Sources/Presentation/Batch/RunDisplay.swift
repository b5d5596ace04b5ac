import Files
public import Jobs
import Prompting
public import Terminal

/// Shows a run to the user, who can stop it with Ctrl-C.
public struct RunDisplay: Sendable {
    private let console: Console
    private let printsResults: Bool
    private let isQuiet: Bool

    /// Creates a display.
    ///
    /// - Parameter printsResults: Whether each result is a line on standard output.
    public init(_ console: Console, printsResults: Bool, isQuiet: Bool) {
        self.console = console
        self.printsResults = printsResults
        self.isQuiet = isQuiet
    }

    /// How a run ended, and the signal that stopped it if one did.
    public struct Ending: Sendable {
        /// What was done.
        public let result: BatchRun.Result

        /// The signal that stopped it; nil if it ended by itself.
        public let signal: Int32?
    }

    /// Runs to the end, or to Ctrl-C.
    public func show(_ run: BatchRun) async -> Ending {
        let received = ReceivedSignal()
        let watch = SignalWatch { signal in
            received.note(signal)
            run.stop()
        }
        defer { withExtendedLifetime(watch) {} }
        var presenter = BatchPresenter(
            items: run.items,
            console: console,
            printsResults: printsResults,
            isQuiet: isQuiet
        )
        let result = await run.result { presenter.handle($0, $1) }
        presenter.finish()
        return Ending(
            result: result,
            signal: result.isStopped ? received.number : nil
        )
    }
}

extension RunDisplay.Ending {
    /// Prints the summary, then the failures, and gives the exit status.
    public func conclude(json: Bool, _ console: Console) throws -> Int32 {
        let report = result.report
        if json {
            console.print(try JSONText.encode(report))
        } else {
            report.summaryLines.forEach { console.print($0) }
            if let table = result.joinedTable { console.print("objects of all images: \(table)") }
        }
        if let table = result.joinedTable, result.imagesWithoutTable > 0 {
            let count = result.imagesWithoutTable
            console.printError(
                "usam: \(table) is without \(Wording.count(count, "image")) that "
                    + (count == 1 ? "has" : "have") + " no table; --format with csv adds "
                    + (count == 1 ? "it" : "them")
            )
        }
        if let error = result.modelError { console.printError("usam: \(error)") }
        // Each failure was said when it was met; of many images that was long ago.
        let failed = report.files.filter { $0.status == .failed }.map(\.input)
        if !failed.isEmpty, report.counts.images > 1 {
            console.printError("usam: failed: \(Wording.list(failed))")
        }
        if let signal {
            console.printError("usam: stopped; \(report.summary)")
            return 128 + signal
        }
        return result.errors.isEmpty ? 0 : 1
    }
}

extension BatchRun {
    /// What is said before the run begins; empty for nothing.
    public var announcement: String {
        guard isContinued, let manifest = manifestPath else { return "" }
        return "usam: continuing the run of \(manifest)"
    }
}

extension SegmentationRun {
    /// Lets the run speak to the user of a program: with the names of options, and of what it waits for.
    public mutating func speak(_ console: Console) {
        wording = describe
        noteWording = \.words
        waiting = { [manifestPath] in
            console.printError(
                "usam: another run is writing to \(manifestPath ?? "the results"); waiting"
            )
        }
    }
}
