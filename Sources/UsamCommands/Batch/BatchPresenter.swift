import Files
import Jobs
import Prompting
import Terminal

/// Shows the course of a batch to the user.
struct BatchPresenter {
    private let items: [BatchItem]
    private let console: Console
    private let printsResults: Bool
    private let isQuiet: Bool
    private var progress: ProgressLine
    private var workStart: ContinuousClock.Instant?
    private var lastResult: ContinuousClock.Instant?
    private var activity = ""
    private var told: Set<Decision> = []

    /// A decision about an image.
    private struct Decision: Hashable {
        let item: Int
        let kind: WorkDecision.Kind

        init(item: Int, _ decision: WorkDecision) { (self.item, kind) = (item, decision.kind) }
    }

    /// Creates a presenter.
    ///
    /// - Parameter printsResults: Whether each result is a line on standard output.
    init(
        items: [BatchItem],
        console: Console,
        printsResults: Bool,
        isQuiet: Bool
    ) {
        self.items = items
        self.console = console
        self.printsResults = printsResults
        self.isQuiet = isQuiet
        progress = ProgressLine(console, isQuiet: isQuiet)
    }

    /// Takes note of an event.
    mutating func handle(_ event: BatchEvent, _ report: BatchReport) {
        switch event {
        case .began(let stage, let item):
            if workStart == nil { workStart = ContinuousClock().now }
            // Reading the next image goes on beside; what the first unfinished one waits for counts.
            if item == report.files.count {
                activity = stage.activity
                progress.show(line(for: item, doing: activity, report))
            }
        case .decided(let decision, let item):
            // Of a stack, the same is decided for every plane.
            guard !isQuiet, told.insert(Decision(item: item, decision)).inserted else { return }
            progress.clear()
            console.printError("usam: \(items[item].input): \(decision.words)")
        case .advanced(let item, let done, let total):
            if item == report.files.count, total > 1 {
                progress.show(line(for: item, doing: "\(activity) \(done)/\(total)", report))
            }
        case .finished(let file):
            if file.status == .segmented { lastResult = ContinuousClock().now }
            show(file, report)
        case .modelFailed:
            break
        }
    }

    /// Clears the line of progress.
    mutating func finish() { progress.clear() }

    private mutating func show(_ file: FileReport, _ report: BatchReport) {
        progress.clear()
        if items.count > 1 {
            let position = "[\(report.files.count)/\(items.count)] \(file.input): \(file.status)"
            progress.note(position + (file.status == .skipped ? "" : outlook(report)))
        }
        guard printsResults else { return }
        switch file.status {
        case .segmented:
            let objects = Wording.count(file.objects ?? 0, "object")
            let planes = file.planes.map { " in " + Wording.count($0, "plane") } ?? ""
            let outputs = file.outputs.joined(separator: ", ")
            console.print("\(file.input): \(objects)\(planes) -> \(outputs)")
        case .skipped:
            console.print(
                "\(file.input): skipped, \(file.output ?? "") is there (--force replaces)"
            )
        case .failed:
            break
        }
        for warning in file.warnings { console.printError("usam: \(file.input): \(warning)") }
    }

    private func line(for item: Int, doing activity: String, _ report: BatchReport) -> String {
        guard items.count > 1 else { return "\(items[item].input): \(activity)" }
        return "[\(item + 1)/\(items.count)] \(items[item].input): \(activity)\(outlook(report))"
    }

    /// The rate, and how long the rest will take at this rate.
    private func outlook(_ report: BatchReport) -> String {
        guard let workStart, let lastResult else { return "" }
        let elapsed = workStart.duration(to: lastResult).seconds
        let done = report.counts.segmented
        let left = items.count - report.files.count
        let rate = Wording.rate(done, in: elapsed, "image")
        guard left > 0, done > 0 else { return ", \(rate)" }
        return ", \(rate), about "
            + Wording.duration((elapsed / Double(done) * Double(left)).rounded(.up)) + " left"
    }
}

extension WorkDecision {
    /// The decision, and how the user can decide otherwise.
    var words: String {
        switch kind {
        case .tiles: "\(text) (--tile-shape chooses others, or none)"
        case .enlarged:
            "\(text) (--diameter says another diameter, --tile-shape none prevents it)"
        }
    }
}
