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
        let inputs = Set(batch.items.map(\.input))
        var announces = true
        for index in batch.items.indices {
            guard !course.work.isCancelled, read(index, of: inputs, into: queue, &announces) else {
                return
            }
        }
    }

    /// Reads one image; false if nobody wants more.
    private func read(
        _ index: Int,
        of inputs: Set<String>,
        into queue: BoundedQueue<ReadJob>,
        _ announces: inout Bool
    ) -> Bool {
        let item = batch.items[index]
        var clock = course.clock(item: index)
        do {
            var known: KnownLabels?
            var also: [ResultFile] = []
            switch try course.side.run({ try self.state(of: item) }) {
            case .finished: return queue.put(ReadJob(item: index, content: .skipped))
            case .labelled(let labels): known = labels
            case .missing(let others): also = others
            }
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
                    let isHashed = batch.manifest != nil || settings.volume != nil
                    let hash = isHashed ? try ContentDigest.digest(of: item.input) : nil
                    return (file, identity, hash)
                }
            }
            if settings.volume != nil { try file.requireVolume() }
            // The slices of a volume may be known from a run that was killed.
            if announces, known == nil, settings.volume == nil {
                announces = false
                guard queue.put(ReadJob(item: index, content: .announced)) else { return false }
            }
            let fileNotes = file.notes + twins(of: file, in: inputs)
            let axes = known == nil ? settings.volume?.slicedAxes ?? [.z] : [.z]
            for axis in axes {
                let view = try axis == .z ? file : self.view(of: file, along: axis, item, &clock)
                for (number, plane) in view.planes.enumerated() {
                    let content = try course.side.run {
                        try known == nil
                            ? read(plane, view.grid, &clock) : labelled(plane, view.grid, &clock)
                    }
                    var job = ReadJob(item: index, content: content)
                    job.known = known
                    job.also = also
                    (job.number, job.axis) = (number, axis)
                    job.identity = identity
                    job.hash = hash
                    job.notes = fileNotes
                    if case .plane(let plane, _, _) = content, axis == .z {
                        job.notes += try notes(of: plane)
                    }
                    job.times = clock.times
                    clock = course.clock(item: index)
                    guard queue.put(job) else { return false }
                }
            }
            return true
        } catch is CancellationError {
            return false
        } catch {
            return queue.put(ReadJob(item: index, content: .failed(error), times: clock.times))
        }
    }

    /// The slices of a volume along another axis than z.
    private func view(
        of file: PlaneFile,
        along axis: VolumeOptions.Axis,
        _ item: BatchItem,
        _ clock: inout StageClock
    ) throws -> PlaneFile {
        try course.side.run {
            try clock.measure(.read) {
                try ImageView(file, along: axis).planes(
                    StagedResults.scratch(item, "along-\(axis.rawValue).tif"),
                    keepsOpacity: batch.settings.segmentation.keepsOpacity,
                    course.work
                )
            }
        }
    }

    /// What is said of an image that lies in several files, of which others are inputs, too: it is then
    /// segmented more than once, and its objects count as often.
    private func twins(of file: PlaneFile, in inputs: Set<String>) -> [FileNote] {
        let folder = FileName.folder(of: file.file)
        let twins = file.description.otherFiles.filter {
            inputs.contains(FileName.join(folder, $0))
        }
        return twins.isEmpty ? [] : [FileNote(file.file, .sameImage(twins))]
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
        let normalization = settings.segmentation.behavior.normalization ?? .minmax
        let plane = BatchPlane(source, raster: raster, normalization)
        let isBlank = try clock.measure(.prepare) {
            do {
                if isRead {
                    // What is stretched as a whole is so while the model is busy with the image before.
                    let (tiling, size) = (settings.segmentation.tiling, source.size)
                    if tiling.tiling(of: size) == nil || tiling.enlarging(size) != nil {
                        _ = try plane.pixels.whole(course.work)
                    } else {
                        _ = try plane.pixels.ranges(course.work)
                    }
                }
                return try plane.pixels.isBlank(course.work)
            } catch let error as ImagingError {
                throw PlaneError.unusablePixels(file: source.file, error)
            }
        }
        // The empty labels of a joined plane would not fit into memory either.
        let joins = settings.segmentation.joinsTiles(of: source.size)
        return .plane(plane, isBlank: isBlank && !joins, grid: grid)
    }

    /// What is said of the pixels; nothing of planes that are read by region, which takes too long.
    private func notes(of plane: BatchPlane) throws -> [FileNote] {
        try plane.raster?.intensityNotes(plane.source.file, plane.pixels.normalization) ?? []
    }

    /// A plane whose labels are known.
    private func labelled(
        _ source: PlaneSource,
        _ grid: PlaneGrid,
        _ clock: inout StageClock
    ) throws -> ReadJob.Content {
        let raster = try clock.measure(.read) { try source.read() }
        return .plane(BatchPlane(source, raster: raster), isBlank: false, grid: grid)
    }

    private func state(of item: BatchItem) throws -> RunManifest.State {
        if batch.settings.replacesResults {
            return .missing(also: batch.manifest?.others(besides: item) ?? [])
        }
        guard let manifest = batch.manifest else { return item.isFinished ? .finished : .missing() }
        // A missing image fails when it is read, unless its results are there.
        guard FileStatus(of: FileName.container(of: item.input)) != nil else {
            return item.isFinished ? .finished : .missing()
        }
        return try manifest.state(of: item)
    }
}
