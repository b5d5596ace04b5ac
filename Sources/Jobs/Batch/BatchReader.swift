import Files
import ImageFormats
import Imaging
import Prompting
import Segmentation

/// Reads and decodes the images of a batch.
struct BatchReader {
    let batch: SegmentationBatch
    let course: BatchCourse

    func run(into queue: BoundedQueue<ReadJob>) {
        defer { queue.finish() }
        StagedResults.discard(batch.items)
        for index in batch.items.indices {
            guard !course.work.isCancelled, read(index, into: queue) else { return }
        }
    }

    /// Reads one image; false if nobody wants more.
    private func read(_ index: Int, into queue: BoundedQueue<ReadJob>) -> Bool {
        let item = batch.items[index]
        var clock = course.clock(item: index)
        do {
            let isFinished = try course.side.run { try self.isFinished(item) }
            if isFinished { return queue.put(ReadJob(item: index, content: .skipped)) }
            let settings = batch.settings.segmentation
            let (file, identity, hash) = try course.side.run {
                try clock.measure(.read) {
                    let file = try PlaneFile(
                        opening: item.input,
                        settings.plane,
                        each: settings.segmentsEachPlane,
                        keepsOpacity: settings.keepsOpacity
                    )
                    let identity = InputIdentity(of: item.input)
                    let hash =
                        batch.manifest == nil ? nil : try ContentDigest.digest(of: item.input)
                    return (file, identity, hash)
                }
            }
            for plane in file.planes {
                let content = try course.side.run { try read(plane, file.grid, &clock) }
                var job = ReadJob(item: index, content: content)
                job.identity = identity
                job.hash = hash
                job.notes = file.notes
                job.times = clock.times
                clock = course.clock(item: index)
                guard queue.put(job) else { return false }
            }
            return true
        } catch is CancellationError {
            return false
        } catch {
            return queue.put(ReadJob(item: index, content: .failed(error), times: clock.times))
        }
    }

    /// Reads a plane and stretches it, if it is neither large nor to be read by region.
    private func read(
        _ source: PlaneSource,
        _ grid: PlaneGrid,
        _ clock: inout StageClock
    ) throws -> ReadJob.Content {
        let settings = batch.settings
        let isRead =
            !settings.readsByRegion && !settings.segmentation.joinsTiles(of: source.size)
        let raster = isRead ? try clock.measure(.read) { try source.read() } : nil
        let plane = BatchPlane(source, raster: raster)
        let isBlank = try clock.measure(.prepare) {
            do {
                if isRead {
                    // What is stretched as a whole is so while the model is busy with the image before.
                    let (tiling, size) = (settings.segmentation.tiling, source.size)
                    if tiling.tiling(of: size) == nil || tiling.enlarging(size) != nil {
                        _ = try plane.pixels.whole()
                    } else {
                        _ = try plane.pixels.ranges()
                    }
                }
                return try plane.pixels.isBlank()
            } catch let error as ImagingError {
                throw PlaneError.unusablePixels(file: source.file, error)
            }
        }
        // An empty plane of a stack is a result; an empty image is a mistake.
        if isBlank, grid.count == 1 { throw PlaneError.constant(file: source.file) }
        // The empty labels of a joined plane would not fit into memory either.
        let joins = settings.segmentation.joinsTiles(of: source.size)
        return .plane(plane, isBlank: isBlank && !joins, grid: grid)
    }

    private func isFinished(_ item: BatchItem) throws -> Bool {
        if batch.settings.replacesResults { return false }
        guard let manifest = batch.manifest else { return item.isFinished }
        // A missing image fails when it is read, unless its results are there.
        guard FileStatus(of: FileName.container(of: item.input)) != nil else {
            return item.isFinished
        }
        return try manifest.isFinished(item)
    }
}
