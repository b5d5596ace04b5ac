import Files
public import Jobs
import Prompting
public import Terminal

/// Shows the course of a batch to the user.
public struct BatchPresenter: Sendable {
    private let items: [BatchItem]
    private let console: Console
    private let printsResults: Bool
    private let isQuiet: Bool
    private var progress: ProgressLine
    private var workStart: ContinuousClock.Instant?
    private var lastResult: ContinuousClock.Instant?

    /// What is done for each image that is worked on, and since when.
    private var activities: [Int: Activity] = [:]
    private var told: Set<Decision> = []

    /// What looks odd about the results of each image, said when all its planes are known.
    private var hints: [Int: PlaneHints] = [:]

    /// Skipped images before all others: if there are no others, the summary says all of them in one line.
    private var skipped: [FileReport] = []

    /// What is done for an image.
    private struct Activity {
        let name: String
        var start = ContinuousClock().now

        /// Whether a pipe was told how long it takes.
        var isTimed = false
    }

    /// A decision about an image.
    private struct Decision: Hashable {
        let item: Int
        let kind: WorkDecision.Kind

        init(item: Int, _ decision: WorkDecision) { (self.item, kind) = (item, decision.kind) }
    }

    /// Creates a presenter.
    ///
    /// - Parameter printsResults: Whether each result is a line on standard output.
    public init(
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
    public mutating func handle(_ event: BatchEvent, _ report: BatchReport) {
        switch event {
        case .began(let stage, let item):
            if workStart == nil { workStart = ContinuousClock().now }
            activities[item] = Activity(name: stage.activity)
            // Reading the next image goes on beside; what the first unfinished one waits for counts.
            if item == report.files.count {
                progress.show(line(for: item, doing: stage.activity, report))
            }
        case .decided(let decision, let item):
            // What follows is what was decided on.
            activities[item]?.start = ContinuousClock().now
            guard !decision.isHint else { return hints[item, default: PlaneHints()].add(decision) }
            // Of a stack, the same is decided for every plane.
            guard !isQuiet, told.insert(Decision(item: item, decision)).inserted else { return }
            progress.clear()
            console.printError("usam: \(items[item].input): \(decision.words)")
        case .advanced(let item, let done, let total):
            if item == report.files.count, total > 1 { showParts(done, total, item, report) }
        case .finished(let file):
            if file.status == .segmented { lastResult = ContinuousClock().now }
            showHints(file)
            show(file, report)
        case .modelFailed:
            break
        }
    }

    /// Shows how far the step of an image is; in a pipe, where much is left, as a line now and then.
    private mutating func showParts(
        _ done: Int,
        _ total: Int,
        _ item: Int,
        _ report: BatchReport
    ) {
        guard let activity = activities[item] else { return }
        let now = ContinuousClock().now
        let left =
            activity.start.duration(to: now).seconds / Double(max(done, 1)) * Double(total - done)
        let outlook = left < 2 ? "" : " (about \(Wording.duration(left.rounded())))"
        let text = line(for: item, doing: "\(activity.name) \(done)/\(total)\(outlook)", report)
        let seconds = (workStart ?? now).duration(to: now).seconds
        let isUrgent = !activity.isTimed && done > 0 && left > 20
        if isUrgent { activities[item]?.isTimed = true }
        progress.show(text, at: seconds, isUrgent: isUrgent)
    }

    /// Clears the line of progress, and names what was skipped before the run was stopped.
    public mutating func finish() {
        progress.clear()
        if skipped.count < items.count { printSkipped() }
    }

    /// Says what looks odd about a result, of a stack with the number of its planes.
    private mutating func showHints(_ file: FileReport) {
        let item = items.firstIndex { $0.input == file.input }
        guard let hints = item.flatMap({ hints.removeValue(forKey: $0) }), !isQuiet,
            file.status == .segmented
        else { return }
        progress.clear()
        for hint in hints.words(planes: file.planes ?? 1) {
            console.printError("usam: \(file.input): \(hint)")
        }
    }

    private mutating func show(_ file: FileReport, _ report: BatchReport) {
        progress.clear()
        if items.count > 1, file.status == .skipped,
            report.counts.segmented + report.counts.failed == 0
        {
            return skipped.append(file)
        }
        printSkipped()
        if items.count > 1, file.status != .skipped {
            progress.note(
                "[\(report.files.count)/\(items.count)] \(file.input): \(file.status)\(outlook(report))"
            )
        }
        if let error = file.error { console.printError("usam: \(error)") }
        for warning in file.warnings { console.printError("usam: \(file.input): \(warning)") }
        printResult(of: file)
    }

    private mutating func printSkipped() {
        skipped.forEach(printResult)
        skipped = []
    }

    private func printResult(of file: FileReport) {
        guard printsResults else { return }
        switch file.status {
        case .segmented:
            let objects = Wording.count(file.objects ?? 0, "object")
            let planes = file.planes.map { " in " + Wording.count($0, "plane") } ?? ""
            let outputs = file.outputs.joined(separator: ", ")
            console.print("\(file.input): \(objects)\(planes) -> \(outputs)")
        case .skipped:
            console.print(
                "\(file.input): skipped, \(file.output ?? "") exists (--force replaces it)"
            )
        case .failed:
            break
        }
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
