/// A run over images that is prepared: it begins with ``result(telling:)`` and can be stopped.
public final class BatchRun: Sendable {
    /// How a run ended.
    public struct Result: Sendable {
        /// What became of the images.
        public let report: BatchReport

        /// Why the model could not be used, if so.
        public let modelError: String?

        /// Whether the run was stopped before its end.
        public var isStopped: Bool { report.interrupted }

        /// The messages of all failures, in order.
        public var errors: [String] { report.errors + [modelError].compactMap { $0 } }
    }

    private let batch: SegmentationBatch
    private let report: BatchReport
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

    /// Asks the run to stop: it ends as soon as nothing is being written; from any thread.
    ///
    /// What is finished remains. A run that has ended is not changed.
    public func stop() { events.yield(.stopping) }

    /// Runs to the end, or until the run is stopped or its task cancelled; to be called once.
    ///
    /// After that the thread of the batch may still be computing; it writes nothing more, and is not waited
    /// for.
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
        let gate = OutputGate()
        batch.start(gate, telling: events)
        var report = report
        var modelError: String?
        loop: for await event in stream {
            switch event {
            case .finished(let file):
                report.add(file)
            case .modelFailed(let message):
                modelError = message
            case .stopping:
                report.interrupted = true
                if let item = gate.close() { StagedResults.discard([item]) }
                events.yield(.stopped)
            default:
                break
            }
            receive(event, report)
            if event.isLast { break loop }
        }
        report.totalSeconds = start.duration(to: clock.now).seconds.roundedForJSON
        return Result(report: report, modelError: modelError)
    }
}

extension BatchEvent {
    fileprivate var isLast: Bool { if case .stopped = self { true } else { false } }
}
