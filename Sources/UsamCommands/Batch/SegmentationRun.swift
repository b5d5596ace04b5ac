import Files
import Foundation
import ModelZoo
import Prompting
import Segmentation
import Torch

/// A whole run over images, as `usam segment` and `usam rerun` do it.
struct SegmentationRun {
    /// Where results go.
    let plan: OutputPlan

    /// What decides what the results are.
    let settings: SegmentationSettings

    /// The files of the weights.
    let files: ModelFiles

    /// The weights.
    let source: ModelSource

    /// Where the networks run.
    let device: Device

    /// Whether results that are there already are made again.
    let replacesResults: Bool

    /// The manifest; nil for none.
    let manifestPath: String?

    /// Where embeddings are taken from or stored; nil for nowhere.
    var embeddings: EmbeddingPlace?

    /// How the run is shown.
    struct Display {
        var console = Console.system
        var printsResults = true
        var isQuiet = false
    }

    /// Runs to the end, or to Ctrl-C.
    ///
    /// - Throws: An error that says what to do, before any work.
    func result(_ display: Display) async throws -> BatchRun.Result {
        try plan.checkFolders()
        let manifest = try manifestPath.map { try RunManifest($0, header: header()) }
        if let manifest, manifest.isContinued, !display.isQuiet {
            display.console.printError("usam: continuing the run of \(manifest.path)")
        }
        let report = BatchReport(
            images: plan.items.count,
            model: source.report,
            device: device.description,
            threads: Engine.threadCount,
            settings: settings,
            manifest: manifestPath
        )
        var batchSettings = SegmentationBatch.Settings()
        batchSettings.segmentation = settings
        batchSettings.replacesResults = replacesResults
        batchSettings.embeddings = embeddings
        let (source, device, files, settings) = (source, device, files, settings)
        let batch = SegmentationBatch(
            items: plan.items,
            settings: batchSettings,
            manifest: manifest
        ) {
            try source.segmenter(settings.automatic, settings.tiling, on: device, files)
        }
        let presenter = BatchPresenter(
            report,
            items: plan.items,
            console: display.console,
            printsResults: display.printsResults,
            isQuiet: display.isQuiet
        )
        return await BatchRun(batch: batch, presenter: presenter).result()
    }

    private func header() throws -> ManifestHeader {
        ManifestHeader(
            started: Date.now.formatted(.iso8601),
            libtorch: Engine.version,
            device: device.description,
            threads: Engine.threadCount,
            arguments: Array(CommandLine.arguments.dropFirst()),
            model: try Self.manifestModel(files, architecture: source.report.architecture),
            settings: settings,
            replacesResults: replacesResults
        )
    }

    /// The weights as a manifest names them.
    static func manifestModel(_ files: ModelFiles, architecture: String) throws -> ManifestModel {
        let own = files.decoder
        return ManifestModel(
            name: FileStatus(of: files.name) == nil ? files.name : RunManifest.whole(files.name),
            architecture: architecture,
            hash: try files.signature(),
            decoder: own?.path,
            decoderHash: try own.map { try FileDigest(of: $0, algorithm: .xxh128).description }
        )
    }
}

extension BatchRun.Result {
    /// Prints the summary, then the failures, and gives the exit status.
    func conclude(json: Bool, _ console: Console) throws -> Int32 {
        if json {
            console.print(try JSONText.encode(report))
        } else {
            report.summaryLines.forEach { console.print($0) }
        }
        let errors = report.errors + [modelError].compactMap { $0 }
        for error in errors { console.printError("usam: \(error)") }
        if let signal {
            console.printError("usam: stopped; \(report.summary)")
            return 128 + signal
        }
        return errors.isEmpty ? 0 : 1
    }
}
