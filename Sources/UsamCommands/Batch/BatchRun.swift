/// One run of a batch, from its start to its end or to Ctrl-C.
package struct BatchRun {
    /// How a run ended.
    package struct Result {
        /// What became of the images.
        package let report: BatchReport

        /// Why the model could not be used, if so.
        package let modelError: String?

        /// The signal that stopped the run, if one did.
        package let signal: Int32?
    }

    private let batch: SegmentationBatch
    private let presenter: BatchPresenter

    /// Prepares a run.
    package init(batch: SegmentationBatch, presenter: BatchPresenter) {
        self.batch = batch
        self.presenter = presenter
    }

    /// Runs to the end.
    ///
    /// After an interruption the thread of the batch may still be computing; it writes nothing more,
    /// and is not waited for.
    package func result() async -> Result {
        let (stream, events) = AsyncStream.makeStream(of: BatchEvent.self)
        let watch = SignalWatch { signal in events.yield(.interrupted(signal: signal)) }
        defer { withExtendedLifetime(watch) {} }
        let gate = OutputGate()
        batch.start(gate, telling: events)

        var presenter = presenter
        var signal: Int32?
        loop: for await event in stream {
            presenter.handle(event)
            switch event {
            case .interrupted(let number):
                signal = number
                if let item = gate.close() { StagedResults.discard([item]) }
                events.yield(.stopped)
            case .stopped:
                break loop
            default:
                break
            }
        }
        presenter.finish(isInterrupted: signal != nil)
        return Result(
            report: presenter.report,
            modelError: presenter.modelError,
            signal: signal
        )
    }
}
