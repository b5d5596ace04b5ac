import Files
import Prompting

/// A run over images that is prepared: it begins with ``result(telling:)`` and can be stopped.
public final class BatchRun: Sendable {
    /// How a run ended.
    public struct Result: Sendable {
        /// What became of the images.
        public let report: BatchReport

        /// Why the model could not be used, if so.
        public let modelError: String?

        /// The table of the objects of all images, if it was written.
        public let joinedTable: String?

        /// Images with results in the folder that have no table, and so are missing in the joined one.
        public let imagesWithoutTable: Int

        /// Whether the run was stopped before its end.
        public var isStopped: Bool { report.interrupted }

        /// The messages of all failures, in order.
        public var errors: [String] { report.errors + [modelError].compactMap { $0 } }
    }

    private let batch: SegmentationBatch
    private let report: BatchReport
    private let work = Work()
    private let stream: AsyncStream<BatchEvent>
    private let events: AsyncStream<BatchEvent>.Continuation

    /// Prepares a run; nothing happens yet.
    ///
    /// - Parameter report: The account without images, to which they are added.
    public init(_ batch: SegmentationBatch, report: BatchReport) {
        self.batch = batch
        self.report = report
        (stream, events) = AsyncStream.makeStream()
    }

    /// The images in order.
    public var items: [BatchItem] { batch.items }

    /// Whether the run goes on with one that its manifest tells of.
    public var isContinued: Bool { batch.manifest?.isContinued == true }

    /// The file of the manifest; nil for none.
    public var manifestPath: String? { batch.manifest?.path }

    /// Asks the run to stop, from any thread: it ends after the present block of the encoder, and as soon as
    /// nothing is being written.
    ///
    /// What is finished remains. A run that has ended is not changed.
    public func stop() { work.cancel() }

    /// Runs to the end, or until the run is stopped or its task cancelled; to be called once.
    ///
    /// - Parameter receive: Told of every event with the account so far, in which a finished image is
    ///   counted already.
    public func result(telling receive: (BatchEvent, BatchReport) -> Void) async -> Result {
        await withTaskCancellationHandler {
            await run(receive)
        } onCancel: {
            stop()
        }
    }

    private func run(_ receive: (BatchEvent, BatchReport) -> Void) async -> Result {
        let clock = ContinuousClock()
        let start = clock.now
        batch.start(work, telling: events)
        var report = report
        var modelError: String?
        for await event in stream {
            switch event {
            case .finished(let file):
                report.add(file)
            case .modelFailed(let message):
                modelError = message
            default:
                break
            }
            receive(event, report)
        }
        var (joined, withoutTable): (String?, Int) = (nil, 0)
        do {
            (joined, withoutTable) = try joinTables()
        } catch {
            modelError = modelError ?? batch.settings.wording(error)
        }
        if report.counts.segmented + report.counts.skipped == 0 { batch.manifest?.removeIfNew() }
        report.interrupted = work.isCancelled && report.counts.remaining > 0
        report.totalSeconds = start.duration(to: clock.now).seconds.roundedForJSON
        return Result(
            report: report,
            modelError: modelError,
            joinedTable: joined,
            imagesWithoutTable: withoutTable
        )
    }

    /// Writes the table of all images of the folder anew: also where this run makes no tables of its own, but
    /// earlier ones did.
    private func joinTables() throws -> (path: String?, without: Int) {
        guard let path = batch.settings.joinedTable else { return (nil, 0) }
        let own = batch.items.flatMap(\.results).filter { $0.kind == .table }
        let known = try batch.manifest?.tables() ?? .init()
        let tables = known.files.union(own.map { RunManifest.whole($0.path) })
        guard !tables.isEmpty else { return (nil, 0) }
        try JoinedTable.write(tables, to: path)
        let isThere = FileStatus(of: path) != nil
        return (isThere ? path : nil, isThere ? known.imagesWithout : 0)
    }
}
