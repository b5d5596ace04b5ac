import Foundation
import ImageFormats
package import Imaging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Segments images one after the other, on a thread of its own.
package struct SegmentationBatch: Sendable {
    /// How images become objects.
    package struct Settings: Sendable {
        /// Which plane of each image.
        package var plane = PlaneSelection()

        /// How maps become objects.
        package var watershed = WatershedOptions()

        /// Whether an opacity channel takes part, as in the reference.
        package var keepsOpacity = false

        /// Whether results that are already there are made again.
        package var replacesResults = false

        /// The reference's defaults, for images of one plane.
        package init() {}
    }

    /// The images.
    package let items: [BatchItem]

    /// How images become objects.
    package let settings: Settings

    /// Loads the model; called once, before the first image that needs it.
    package let makePredictor: @Sendable () throws -> any MapPredictor

    /// Creates a batch; nothing happens yet.
    package init(
        items: [BatchItem],
        settings: Settings = Settings(),
        makePredictor: @escaping @Sendable () throws -> any MapPredictor
    ) {
        self.items = items
        self.settings = settings
        self.makePredictor = makePredictor
    }

    /// Starts the work and returns at once.
    ///
    /// - Parameters:
    ///   - gate: Closing it ends the work.
    ///   - events: Where everything is told; finished at the end.
    package func start(_ gate: OutputGate, telling events: AsyncStream<BatchEvent>.Continuation) {
        let thread = Thread {
            BatchWorker(batch: self, gate: gate, events: events).run()
            events.finish()
        }
        thread.name = "segmentation"
        thread.stackSize = 16 << 20
        thread.start()
    }
}

/// The work itself; lives on one thread, because libtorch keeps its threads and modes by thread.
private struct BatchWorker {
    let batch: SegmentationBatch
    let gate: OutputGate
    let events: AsyncStream<BatchEvent>.Continuation
    private var predictor: (any MapPredictor)?

    init(
        batch: SegmentationBatch,
        gate: OutputGate,
        events: AsyncStream<BatchEvent>.Continuation
    ) {
        self.batch = batch
        self.gate = gate
        self.events = events
    }

    consuming func run() {
        for (index, item) in batch.items.enumerated() {
            if !batch.settings.replacesResults, item.isFinished {
                events.yield(.finished(skipped(item)))
                continue
            }
            let (gate, events) = (gate, events)
            var clock = StageClock(isStopped: { gate.isClosed }) { stage in
                events.yield(.began(stage, item: index))
            }
            do {
                try segment(item, &clock)
            } catch is WorkStopped {
                return
            } catch let error as ModelFailure {
                events.yield(.modelFailed(error.message))
                return
            } catch {
                events.yield(.finished(failed(item, error, clock.times)))
            }
        }
    }

    private mutating func segment(_ item: BatchItem, _ clock: inout StageClock) throws {
        let settings = batch.settings
        let image = try clock.measure(.read) {
            try SourceImage(
                reading: item.input,
                settings.plane,
                keepsOpacity: settings.keepsOpacity
            )
        }
        let input = try clock.measure(.prepare) { try image.prepared(file: item.input) }
        let predictor = try loadedPredictor(&clock)
        let maps = try predictor.maps(of: input, &clock)
        let labels = try clock.measure(.segment) { try maps.segmented(settings.watershed) }
        try gate.pass {
            try clock.measure(.write) { try write(labels, of: image, as: item) }
            events.yield(.finished(segmented(item, image, labels, clock.times)))
        }
    }

    private mutating func loadedPredictor(_ clock: inout StageClock) throws -> any MapPredictor {
        if let predictor { return predictor }
        let loaded = try clock.measure(.modelLoad) {
            do {
                return try batch.makePredictor()
            } catch {
                throw ModelFailure(message: describe(error))
            }
        }
        predictor = loaded
        return loaded
    }

    private func write(_ labels: LabelImage, of image: SourceImage, as item: BatchItem) throws {
        let output = URL(filePath: item.output)
        try OutputPlan.makeFolder(for: item.output)
        try labels.writeTIFF(to: output, physicalSize: image.physicalSize)
        guard let overlay = item.overlay else { return }
        do {
            let picture = try labels.overlay(on: image.raster.renderedForDisplay())
            try OutputPlan.makeFolder(for: overlay)
            try AnyRaster.uint8(picture).writePNG(to: URL(filePath: overlay))
        } catch {
            // Half of a result would be taken for the whole one by the next run.
            unlink(item.output)
            throw error
        }
    }
}

/// The model could not be loaded.
private struct ModelFailure: Error {
    let message: String
}

// MARK: - Reports

extension BatchWorker {
    private func segmented(
        _ item: BatchItem,
        _ image: SourceImage,
        _ labels: LabelImage,
        _ times: StageTimes
    ) -> FileReport {
        FileReport(
            input: item.input,
            output: item.output,
            overlay: item.overlay,
            status: .segmented,
            objects: Int(labels.labels.max() ?? 0),
            width: labels.size.width,
            height: labels.size.height,
            seconds: times,
            warnings: image.warnings
        )
    }

    private func skipped(_ item: BatchItem) -> FileReport {
        FileReport(
            input: item.input,
            output: item.output,
            overlay: item.overlay,
            status: .skipped
        )
    }

    private func failed(
        _ item: BatchItem,
        _ error: any Error,
        _ times: StageTimes
    ) -> FileReport {
        let paths = [item.input, item.output, item.overlay].compactMap { $0 }
        let message = describe(error, naming: paths)
        let named = message.contains(item.input) ? message : "\(item.input): \(message)"
        return FileReport(input: item.input, status: .failed, seconds: times, error: named)
    }
}
