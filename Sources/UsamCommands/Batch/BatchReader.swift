import Files
import Imaging
import Prompting

/// Reads and decodes the images of a batch.
struct BatchReader {
    let batch: SegmentationBatch
    let course: BatchCourse

    func run(into queue: BoundedQueue<ReadJob>) {
        defer { queue.finish() }
        StagedResults.discard(batch.items)
        for index in batch.items.indices {
            guard !course.gate.isClosed, read(index, into: queue) else { return }
        }
    }

    /// Reads one image; false if nobody wants more.
    private func read(_ index: Int, into queue: BoundedQueue<ReadJob>) -> Bool {
        let item = batch.items[index]
        var clock = course.clock(item: index)
        do {
            let isFinished = try course.side.run { try self.isFinished(item) }
            if isFinished { return queue.put(ReadJob(item: index, work: .skipped)) }
            let settings = batch.settings.segmentation
            let (source, identity, hash) = try course.side.run {
                try clock.measure(.read) {
                    let source = try SourceFile(
                        opening: item.input,
                        settings.plane,
                        each: settings.segmentsEachPlane,
                        keepsOpacity: settings.keepsOpacity
                    )
                    let identity = InputIdentity(of: item.input)
                    let hash =
                        batch.manifest == nil ? nil : try ContentDigest.digest(of: item.input)
                    return (source, identity, hash)
                }
            }
            for plane in source.grid.indices {
                let work = try course.side.run {
                    let image = try clock.measure(.read) { try source.read(plane) }
                    let prepared = try clock.measure(.prepare) {
                        // An empty plane of a stack is a result; an empty image is a mistake.
                        source.grid.count > 1 && image.raster.isConstant
                            ? nil : try image.prepared(settings.tiling)
                    }
                    return ReadJob.Work.plane(image, prepared, grid: source.grid)
                }
                var job = ReadJob(item: index, work: work)
                job.identity = identity
                job.hash = hash
                job.times = clock.times
                clock = course.clock(item: index)
                guard queue.put(job) else { return false }
            }
            return true
        } catch is WorkStopped {
            return false
        } catch {
            return queue.put(ReadJob(item: index, work: .failed(error), times: clock.times))
        }
    }

    private func isFinished(_ item: BatchItem) throws -> Bool {
        if batch.settings.replacesResults { return false }
        guard let manifest = batch.manifest else { return item.isFinished }
        // A missing image fails when it is read, unless its results are there.
        guard FileStatus(of: FileName.container(of: item.input)) != nil else {
            return item.isFinished
        }
        return try manifest.progress(of: item) != .open
    }
}
