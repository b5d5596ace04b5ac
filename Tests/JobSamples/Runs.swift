public import Jobs
public import Prompting

/// A batch of the stand-in, ready to run.
public func batchRun(
    _ items: [BatchItem],
    _ settings: SegmentationBatch.Settings = SegmentationBatch.Settings(),
    manifest: RunManifest? = nil,
    with segmenter: @escaping @Sendable () throws -> any BatchSegmenter = { BrightnessSegmenter() }
) -> BatchRun {
    let report = BatchReport(
        images: items.count,
        model: BatchReport.Model(name: "fake", architecture: "none", file: "none"),
        device: "cpu",
        threads: 1,
        settings: settings.segmentation
    )
    let batch = SegmentationBatch(
        items: items,
        settings: settings,
        manifest: manifest,
        makeSegmenter: segmenter
    )
    return BatchRun(batch, report: report)
}

/// Runs a batch to its end.
public func run(
    _ items: [BatchItem],
    _ settings: SegmentationBatch.Settings = SegmentationBatch.Settings(),
    manifest: RunManifest? = nil,
    with segmenter: @escaping @Sendable () throws -> any BatchSegmenter = { BrightnessSegmenter() }
) async -> BatchRun.Result {
    await batchRun(items, settings, manifest: manifest, with: segmenter).result { _, _ in }
}

/// The first line of a manifest of the stand-in.
public func manifestHeader(
    _ settings: SegmentationSettings = SegmentationSettings(),
    replacesResults: Bool = false
) -> ManifestHeader {
    ManifestHeader(
        started: "2026-01-01T00:00:00Z",
        libtorch: "none",
        device: "cpu",
        threads: 1,
        model: ManifestModel(name: "fake", architecture: "none", hash: "xxh128:0"),
        settings: settings,
        replacesResults: replacesResults
    )
}
