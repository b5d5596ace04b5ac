import Foundation
import ImageFormats
import Imaging
import Prompting
import Segmentation

/// Runs the model on the images of a batch; lives on one thread.
struct BatchModel {
    let batch: SegmentationBatch
    let course: BatchCourse
    private var segmenter: (any BatchSegmenter)?

    /// What loading took before the image was there.
    private var loading = StageTimes()

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
            guard !course.work.isCancelled, hand(job, to: next) else { return }
        }
    }

    /// Handles a job; false ends the work.
    private mutating func hand(_ job: ReadJob, to next: BoundedQueue<PredictedJob>) -> Bool {
        switch job.content {
        case .announced:
            var clock = course.clock(item: job.item)
            // An image with equal pixels needs no model after all; any other will meet the error again.
            _ = try? loadedSegmenter(&clock)
            loading = clock.times
            return true
        case .skipped:
            return next.put(PredictedJob(read: job, content: .skipped, times: job.times))
        case .failed(let error):
            return next.put(PredictedJob(read: job, content: .failed(error), times: job.times))
        case .plane(let plane, let isBlank, let grid):
            guard course.finished.isWanted(job.item) else { return true }
            guard course.finished.wait(before: job.item) else { return false }
            var clock = course.clock(item: job.item)
            do {
                let rest =
                    if let known = job.known {
                        known.labels(number: job.number, of: grid)
                    } else if isBlank {
                        Self.known(LabelImage(size: plane.size))
                    } else if let slice = try knownSlice(job, size: plane.size) {
                        Self.known(slice)
                    } else {
                        try predict(plane, of: grid, job, &clock)
                    }
                var predicted = PredictedJob(
                    read: job,
                    content: .plane(plane, rest, grid: grid),
                    times: job.times.adding(clock.times).adding(loading)
                )
                loading = StageTimes()
                predicted.warnings = warnings(plane)
                if isBlank, grid.count == 1 { predicted.warnings.append(Self.emptyField) }
                predicted.warnings += anisotropyWarnings(job, plane)
                return next.put(predicted)
            } catch is CancellationError {
                return false
            } catch let error as ModelFailure {
                course.events.yield(.modelFailed(error.message))
                return false
            } catch {
                course.finished.giveUp(job.item)
                let times = job.times.adding(clock.times)
                return next.put(PredictedJob(read: job, content: .failed(error), times: times))
            }
        }
    }

    /// The labels of a slice of a volume, if a run that was killed has left them.
    private func knownSlice(_ job: ReadJob, size: Size) throws -> LabelImage? {
        guard batch.settings.segmentation.volume != nil else { return nil }
        let item = batch.items[job.item]
        return try batch.sliceStore(item, hash: job.hash, along: job.axis, size: size)
            .known(slice: job.number)
    }

    /// What is said of a volume that is cut along several axes although its voxels are no cubes.
    private func anisotropyWarnings(_ job: ReadJob, _ plane: BatchPlane) -> [String] {
        let axes = batch.settings.segmentation.volume?.slicedAxes ?? []
        guard axes.count > 1, job.axis == .z, job.number == 0,
            let ratio = plane.source.anisotropy, !(1 / 1.5...1.5).contains(ratio)
        else { return [] }
        let times = (100 * ratio).rounded() / 100
        return [
            "slices are \(times) times as far apart as pixels, so objects look distorted in slices along y and x; "
                + "slices along z alone may give better objects"
        ]
    }

    private static let emptyField = "all pixels have the same value, so there are no objects"

    /// Labels that need no model.
    private static func known(_ labels: LabelImage) -> RemainingWork { { .whole(labels) } }

    /// What looks odd where an image is not divided.
    private func warnings(_ plane: BatchPlane) -> [String] {
        let (size, side) = (plane.size, ModelFrame.side)
        guard size.longestSide > 4 * side,
            batch.settings.segmentation.tiling.tiling(of: size) == nil
        else { return [] }
        return [
            "the image of \(size) pixels is reduced to \(side) pixels on the longer side, so small "
                + "objects may be missed; divide it into tiles"
        ]
    }

    private mutating func predict(
        _ plane: BatchPlane,
        of grid: PlaneGrid,
        _ job: ReadJob,
        _ clock: inout StageClock
    ) throws -> RemainingWork {
        var plane = plane
        let item = batch.items[job.item]
        // Embeddings are stored of the slices as they are in the file.
        if job.axis == .z {
            if batch.settings.segmentation.volume != nil { plane.storedDepth = grid.slices.count }
            plane.store = batch.settings.embeddings?.store(of: item.input)
        }
        plane.workingFolder = item.workingFolder
        let segmenter = try loadedSegmenter(&clock)
        return try segmenter.predict(plane, &clock)
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

/// The model could not be loaded.
private struct ModelFailure: Error {
    let message: String
}

extension KnownLabels {
    /// Reads the labels of a plane.
    fileprivate func labels(number: Int, of grid: PlaneGrid) -> RemainingWork {
        let (file, depth) = (file, max(grid.slices.count, 1))
        return {
            let source = try ImageSource(opening: URL(filePath: file))
            let (t, z) = number.quotientAndRemainder(dividingBy: depth)
            return .whole(try source.readLabels(PlaneIndex(t: t, z: z)))
        }
    }
}
