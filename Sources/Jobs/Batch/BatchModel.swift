import Imaging
import Prompting
import Segmentation

/// Runs the model on the images of a batch; lives on one thread.
struct BatchModel {
    let batch: SegmentationBatch
    let course: BatchCourse
    private var segmenter: (any BatchSegmenter)?

    /// The image of which a plane failed, so that its others are left out.
    private var failedItem: Int?

    /// The image of which was told how it is divided.
    private var toldItem: Int?

    init(batch: SegmentationBatch, course: BatchCourse) {
        self.batch = batch
        self.course = course
    }

    consuming func run(
        from queue: BoundedQueue<ReadJob>,
        into next: BoundedQueue<PredictedJob>
    ) {
        defer {
            queue.finish()
            next.finish()
        }
        while let job = queue.take() {
            guard !course.gate.isClosed, hand(job, to: next) else { return }
        }
    }

    /// Handles a job; false ends the work.
    private mutating func hand(_ job: ReadJob, to next: BoundedQueue<PredictedJob>) -> Bool {
        switch job.work {
        case .skipped:
            return next.put(PredictedJob(read: job, work: .skipped, times: job.times))
        case .failed(let error):
            return next.put(PredictedJob(read: job, work: .failed(error), times: job.times))
        case .plane(let image, let prepared, let grid):
            if failedItem == job.item { return true }
            guard course.finished.wait(before: job.item) else { return false }
            var clock = course.clock(item: job.item)
            tellTiles(prepared, job.item)
            do {
                var prepared = prepared
                prepared?.store = batch.settings.embeddings?.store(of: batch.items[job.item].input)
                let work = try predict(prepared, size: image.raster.size, &clock)
                var predicted = PredictedJob(
                    read: job,
                    work: .plane(image, work, grid: grid),
                    times: job.times.adding(clock.times)
                )
                if prepared?.tiling == nil { predicted.warnings = image.warnings }
                return next.put(predicted)
            } catch is WorkStopped {
                return false
            } catch let error as ModelFailure {
                course.events.yield(.modelFailed(error.message))
                return false
            } catch {
                failedItem = job.item
                let times = job.times.adding(clock.times)
                return next.put(PredictedJob(read: job, work: .failed(error), times: times))
            }
        }
    }

    /// Says how a large image is divided, once for each image, unless the user has said it.
    private mutating func tellTiles(_ image: PreparedImage?, _ item: Int) {
        guard batch.settings.segmentation.tiling == .automatic, toldItem != item,
            let tiling = image?.tiling, let size = image?.raster.size,
            let count = try? tiling.blocking(of: size).count
        else { return }
        toldItem = item
        course.events.yield(
            .decided(
                "\(size) pixels are divided into \(count) tiles of \(tiling.tileShape) pixels that "
                    + "reach \(tiling.halo.width) pixels into their neighbours (--tile-shape "
                    + "chooses others, or none)",
                item: item
            )
        )
    }

    private mutating func predict(
        _ image: PreparedImage?,
        size: Size,
        _ clock: inout StageClock
    ) throws -> RemainingWork {
        guard let image else { return { try LabelImage.empty(size) } }
        let segmenter = try loadedSegmenter(&clock)
        return try segmenter.predict(image, &clock)
    }

    private mutating func loadedSegmenter(_ clock: inout StageClock) throws -> any BatchSegmenter {
        if let segmenter { return segmenter }
        let loaded = try clock.measure(.modelLoad) {
            do {
                return try batch.makeSegmenter()
            } catch {
                throw ModelFailure(message: batch.settings.wording(error))
            }
        }
        segmenter = loaded
        return loaded
    }
}

extension LabelImage {
    /// An image without objects.
    fileprivate static func empty(_ size: Size) throws -> LabelImage {
        try LabelImage(size: size, labels: [UInt32](repeating: 0, count: size.count))
    }
}

/// The model could not be loaded.
private struct ModelFailure: Error {
    let message: String
}
