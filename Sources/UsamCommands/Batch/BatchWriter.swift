import Imaging

/// Finds the objects in what the model said, and writes the results of a batch.
struct BatchWriter {
    let batch: SegmentationBatch
    let course: BatchCourse

    /// The results of the present image.
    private var staged: StagedResults?

    /// What is known of the present image.
    private var times = StageTimes()
    private var warnings: [String] = []

    /// The image of which a plane failed, so that its others are left out.
    private var failedItem: Int?

    init(batch: SegmentationBatch, course: BatchCourse) {
        self.batch = batch
        self.course = course
    }

    consuming func run(from queue: BoundedQueue<PredictedJob>) {
        defer {
            queue.finish()
            course.finished.end()
        }
        while let job = queue.take() {
            guard !course.gate.isClosed else { return }
            let item = batch.items[job.read.item]
            switch job.work {
            case .skipped:
                course.finished.note(job.read.item)
                course.events.yield(.finished(report(item, .skipped)))
            case .failed(let error):
                guard failedItem != job.read.item else { continue }
                times.add(job.times)
                fail(job, error)
            case .plane(let image, let work, let grid):
                guard failedItem != job.read.item else { continue }
                times.add(job.times)
                for warning in job.warnings where !warnings.contains(warning) {
                    warnings.append(warning)
                }
                var clock = course.clock(item: job.read.item)
                do {
                    try course.side.run { try finish(job, image, work, grid, &clock) }
                } catch is WorkStopped {
                    return
                } catch {
                    times.add(clock.times)
                    fail(job, error)
                }
            }
        }
    }

    private mutating func finish(
        _ job: PredictedJob,
        _ image: SourceImage,
        _ work: RemainingWork,
        _ grid: PlaneGrid,
        _ clock: inout StageClock
    ) throws {
        let item = batch.items[job.read.item]
        let labels = try clock.measure(.segment) { try work() }
        try course.gate.pass { staging in
            staging = item
            try clock.measure(.write) {
                let results = try staged ?? StagedResults(item, grid: grid, size: labels.size)
                staged = results
                try results.append(labels, of: image)
            }
            guard let results = staged, results.isComplete else {
                times.add(clock.times)
                return
            }
            try complete(results, job, item, planes: grid.count, &clock)
            staging = nil
        }
    }

    /// Notes the image in the manifest, and gives its results their names.
    private mutating func complete(
        _ results: StagedResults,
        _ job: PredictedJob,
        _ item: BatchItem,
        planes: Int,
        _ clock: inout StageClock
    ) throws {
        let digests = try batch.manifest.map { _ in try results.digests() }
        // What is noted as a step has to be over, so that the time of the last ones is missing.
        let all = times.adding(clock.times)
        var report = report(item, .segmented)
        report.objects = results.objects
        report.width = results.size.width
        report.height = results.size.height
        report.planes = planes > 1 ? planes : nil
        report.seconds = all
        report.warnings = warnings
        if let manifest = batch.manifest, let digests {
            try manifest.append(line(report, item, job.read, digests, manifest))
        }
        try results.commit()
        course.finished.note(job.read.item)
        reset()
        course.events.yield(.finished(report))
    }

    private mutating func fail(_ job: PredictedJob, _ error: any Error) {
        let item = batch.items[job.read.item]
        failedItem = job.read.item
        StagedResults.discard([item])
        course.gate.clear()
        var report = report(item, .failed)
        report.output = nil
        report.outputs = []
        report.overlay = nil
        report.seconds = times
        let message = describe(error, naming: [item.input] + item.results.map(\.path))
        report.error = message.contains(item.input) ? message : "\(item.input): \(message)"
        // A full disk may be the reason of the failure; then there is no line either.
        if let manifest = batch.manifest {
            try? manifest.append(line(report, item, job.read, [], manifest))
        }
        course.finished.note(job.read.item)
        reset()
        course.events.yield(.finished(report))
    }

    private mutating func reset() {
        staged = nil
        times = StageTimes()
        warnings = []
    }

    // MARK: - Reports

    private func report(_ item: BatchItem, _ status: FileReport.Status) -> FileReport {
        FileReport(
            input: item.input,
            output: item.output,
            outputs: item.results.map(\.path),
            overlay: item.overlay,
            status: status
        )
    }

    private func line(
        _ report: FileReport,
        _ item: BatchItem,
        _ read: ReadJob,
        _ digests: [String],
        _ manifest: RunManifest
    ) -> ManifestItem {
        ManifestItem(
            input: RunManifest.whole(item.input),
            inputHash: read.hash,
            inputBytes: read.identity?.byteCount,
            inputModified: read.identity?.modified,
            status: report.status,
            outputs: zip(item.results, digests).map { file, hash in
                .init(kind: file.kind, path: manifest.relative(file.path), hash: hash)
            },
            objects: report.objects,
            width: report.width,
            height: report.height,
            planes: report.planes,
            seconds: report.seconds,
            warnings: report.warnings,
            error: report.error
        )
    }
}
