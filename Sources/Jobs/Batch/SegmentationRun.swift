import Files
import Foundation
import ModelZoo
public import Prompting
import Segmentation
public import Torch

/// All that a run over images needs: where results go, how they are made, and by which model.
///
/// ```swift
/// let run = SegmentationRun(plan, settings, weights, on: device)
/// let result = await try run.prepared().result { event, report in print(event) }
/// ```
public struct SegmentationRun: Sendable {
    /// Where results go.
    public let plan: OutputPlan

    /// What decides what the results are.
    public let settings: SegmentationSettings

    /// Whether results that are there already are made again.
    public var replacesResults = false

    /// The manifest; nil for none.
    public var manifestPath: String?

    /// Where embeddings are taken from or stored; nil for nowhere.
    public var embeddings: EmbeddingPlace?

    /// Whether images are read region by region where they are needed, and not as a whole.
    public var readsByRegion = false

    /// How the run was asked for, noted in the manifest for information.
    public var arguments: [String] = []

    /// How errors become the sentences of the report and of the manifest.
    public var wording: ErrorWording = { ErrorText.line($0) }

    /// How notes of readers become the warnings of the report and of the manifest.
    public var noteWording: NoteWording = { $0.description }

    /// Called if another run writes to the manifest, before it is waited for.
    public var waiting: @Sendable () -> Void = {}

    private let weights: ModelWeights
    private let device: Device

    /// Describes a run; nothing happens yet.
    ///
    /// - Parameters:
    ///   - weights: The weights.
    ///   - device: Where the networks run.
    public init(
        _ plan: OutputPlan,
        _ settings: SegmentationSettings,
        _ weights: ModelWeights,
        on device: Device
    ) {
        self.plan = plan
        self.settings = settings
        self.weights = weights
        self.device = device
    }

    /// The run with its manifest open and everything checked that can be known before.
    ///
    /// - Throws: ``OutputPlanError`` if there is no place for results, ``ManifestError`` if the manifest
    ///   there does not belong to this run, `ModelZooError` if the weights cannot be read.
    public func prepared() throws -> BatchRun {
        try plan.checkFolders()
        let manifest = try manifestPath.map { path in
            try RunManifest(path, header: header(), for: plan.items, waiting: waiting)
        }
        let report = BatchReport(
            images: plan.items.count,
            model: weights.report,
            device: device.description,
            threads: Engine.threadCount,
            settings: settings,
            manifest: manifestPath
        )
        var batchSettings = SegmentationBatch.Settings()
        batchSettings.segmentation = settings
        batchSettings.replacesResults = replacesResults
        batchSettings.embeddings = embeddings
        batchSettings.readsByRegion = readsByRegion
        batchSettings.wording = wording
        batchSettings.noteWording = noteWording
        batchSettings.modelName = FileName.last(of: weights.files.name)
        batchSettings.joinedTable = plan.joinedTable
        if settings.volume != nil {
            let model = try ManifestModel(
                weights.files,
                architecture: weights.report.architecture
            )
            batchSettings.modelHash = [model.hash, model.decoderHash ?? ""].joined(separator: " ")
        }
        let (weights, device, settings) = (weights, device, settings)
        let batch = SegmentationBatch(
            items: plan.items,
            settings: batchSettings,
            manifest: manifest
        ) {
            let model = try InferenceEngine.shared(on: device).perform(.automatic) { _ in
                try weights.load(on: device)
            }
            return NetworkSegmenter(
                try Segmenter(
                    model,
                    settings.automatic,
                    tiling: settings.tiling,
                    limits: settings.limits
                )
            )
        }
        return BatchRun(batch, report: report)
    }

    private func header() throws -> ManifestHeader {
        ManifestHeader(
            started: Date.now.formatted(.iso8601),
            libtorch: Engine.version,
            device: device.description,
            threads: Engine.threadCount,
            arguments: arguments,
            model: try ManifestModel(weights.files, architecture: weights.report.architecture),
            settings: settings,
            replacesResults: replacesResults
        )
    }
}
