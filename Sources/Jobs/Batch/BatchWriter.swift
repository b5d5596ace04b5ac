import Files
import ImageFormats
import Imaging
import Prompting
import Segmentation

/// Finds the objects in what the model said, and writes the results of a batch.
struct BatchWriter {
    let batch: SegmentationBatch
    let course: BatchCourse

    /// The results of the present image.
    private var staged: StagedResults?

    /// The slices of the present image, if they are to be merged.
    private var volume: VolumeStaging?

    /// What is known of the present image.
    private var times = StageTimes()
    private var warnings: [String] = []

    init(batch: SegmentationBatch, course: BatchCourse) {
        self.batch = batch
        self.course = course
    }

    consuming func run(from queue: BoundedQueue<PredictedJob>) {
        defer {
            if staged != nil || hasViews { StagedResults.discard(batch.items) }
            queue.finish()
            course.finished.end()
        }
        while let job = queue.take() {
            guard !course.work.isCancelled else { return discard(job) }
            let item = batch.items[job.read.item]
            switch job.content {
            case .skipped:
                course.finished.note(job.read.item)
                course.events.yield(.finished(FileReport(item, ImageOutcome(.skipped))))
            case .failed(let error):
                guard course.finished.isOpen(job.read.item) else { continue }
                times.add(job.times)
                fail(job, error)
            case .plane(let plane, let rest, let grid):
                guard course.finished.isOpen(job.read.item) else { continue }
                times.add(job.times)
                note(job.read.notes.map { batch.settings.noteWording($0.note) } + job.warnings)
                var clock = course.clock(item: job.read.item)
                do {
                    try course.side.run { try finish(job, plane, rest, grid, &clock) }
                } catch is CancellationError {
                    return discard(job)
                } catch {
                    times.add(clock.times)
                    fail(job, error)
                }
            }
        }
    }

    /// Keeps warnings, of a stack those that are new.
    private mutating func note(_ new: [String]) {
        for warning in new where !warnings.contains(warning) { warnings.append(warning) }
    }

    /// Whether volumes are cut along several axes, for which files lie beside the results.
    private var hasViews: Bool {
        batch.settings.segmentation.volume?.slicedAxes.count ?? 1 > 1
    }

    private mutating func finish(
        _ job: PredictedJob,
        _ plane: BatchPlane,
        _ rest: RemainingWork,
        _ grid: PlaneGrid,
        _ clock: inout StageClock
    ) throws {
        let item = batch.items[job.read.item]
        let labels = try clock.measure(.segment) { try rest() }
        let work = clock.work
        // The objects of known labels go through all slices already.
        if let options = batch.settings.segmentation.volume, job.read.known == nil {
            return try finish(job, labels, of: plane, grid, options, &clock)
        }
        try clock.measure(.write) {
            let results =
                try staged
                ?? StagedResults(
                    job.read.written(item),
                    grid: grid,
                    size: labels.size,
                    model: batch.settings.modelName,
                    isVolume: batch.settings.segmentation.volume != nil
                )
            staged = results
            try results.append(labels, of: plane, work)
        }
        guard let results = staged, results.isComplete else {
            times.add(clock.times)
            return
        }
        try complete(results, job, item, of: plane, planes: grid.count, &clock)
        labels.discard()
    }

    /// Adds a slice to its volume, and writes the volume if it was the last one.
    private mutating func finish(
        _ job: PredictedJob,
        _ labels: PlaneLabels,
        of plane: BatchPlane,
        _ grid: PlaneGrid,
        _ options: VolumeOptions,
        _ clock: inout StageClock
    ) throws {
        let item = batch.items[job.read.item]
        let work = clock.work
        let volume =
            volume
            ?? VolumeStaging(options) { [batch] axis, size in
                try batch.sliceStore(item, hash: job.read.hash, along: axis, size: size)
            }
        self.volume = volume
        try clock.measure(.write) {
            try volume.add(labels, of: plane, along: job.read.axis, in: grid, work)
        }
        labels.discard()
        guard volume.isComplete, let slices = volume.grid, let first = volume.planes.first else {
            times.add(clock.times)
            return
        }
        let results = try StagedResults(
            job.read.written(item),
            grid: slices,
            size: first.size,
            model: batch.settings.modelName,
            isVolume: true
        )
        staged = results
        try clock.measure(.write) {
            try volume.merge(in: FileName.folder(of: item.output), work) { labels, plane in
                try results.append(.whole(labels), of: plane, work)
            }
        }
        try complete(results, job, item, of: first, planes: slices.count, &clock)
        volume.discard()
        if hasViews { StagedResults.discard([item]) }
    }

    /// Removes what was begun of an image that is not finished any more.
    private mutating func discard(_ job: PredictedJob) {
        StagedResults.discard([job.read.written(batch.items[job.read.item])])
        staged = nil
        volume = nil
    }

    /// Notes the image in the manifest, and gives its results their names.
    private mutating func complete(
        _ results: StagedResults,
        _ job: PredictedJob,
        _ item: BatchItem,
        of plane: BatchPlane,
        planes: Int,
        _ clock: inout StageClock
    ) throws {
        let digests = try batch.manifest.map { _ in try results.digests() }
        // What is noted as a step has to be over, so that the time of the last ones is missing.
        let all = times.adding(clock.times)
        var outcome = ImageOutcome(.segmented)
        outcome.objects = results.objects
        outcome.width = results.size.width
        outcome.height = results.size.height
        outcome.planes = planes > 1 ? planes : nil
        outcome.tiles = results.joined?.tiles
        outcome.reusedTiles = results.joined?.reusedTiles
        outcome.pixelSize = KnownPixelSize(of: plane.source)
        outcome.seconds = all
        outcome.warnings = warnings
        if let manifest = batch.manifest, let digests {
            try manifest.append(line(outcome, item, job.read, digests, manifest))
        }
        try results.commit()
        course.finished.note(job.read.item)
        reset()
        course.events.yield(.finished(FileReport(item, outcome)))
    }

    private mutating func fail(_ job: PredictedJob, _ error: any Error) {
        let item = batch.items[job.read.item]
        StagedResults.discard([job.read.written(item)])
        var outcome = ImageOutcome(.failed)
        outcome.seconds = times
        outcome.warnings = warnings
        let message = ErrorText.naming(
            [item.input] + item.results.map(\.path),
            in: batch.settings.wording(error)
        )
        outcome.error = message.contains(item.input) ? message : "\(item.input): \(message)"
        // A full disk may be the reason of the failure; then there is no line either.
        if let manifest = batch.manifest {
            try? manifest.append(line(outcome, item, job.read, [], manifest))
        }
        course.finished.note(job.read.item)
        reset()
        course.events.yield(.finished(FileReport(item, outcome)))
    }

    private mutating func reset() {
        staged = nil
        volume = nil
        times = StageTimes()
        warnings = []
    }

    private func line(
        _ outcome: ImageOutcome,
        _ item: BatchItem,
        _ read: ReadJob,
        _ digests: [String],
        _ manifest: RunManifest
    ) -> ManifestItem {
        ManifestItem(
            item.input,
            read.identity,
            hash: read.hash,
            outputs: manifest.ordered(
                zip(read.written(item).results, digests).map { file, hash in
                    .init(kind: file.kind, path: manifest.relative(file.path), hash: hash)
                } + (read.known?.kept ?? [])
            ),
            outcome
        )
    }
}

extension ReadJob {
    /// The image with the results that are written.
    fileprivate func written(_ item: BatchItem) -> BatchItem {
        let results = known?.missing ?? item.results + also
        return BatchItem(input: item.input, results: results, name: item.name)
    }
}
