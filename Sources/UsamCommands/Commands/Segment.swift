import ArgumentParser
import Files
import Foundation
import Jobs
import Presentation
import Prompting
import Segmentation
import Terminal

/// `usam segment`: images to label images.
struct Segment: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find all objects in images and write label images, outlines and tables.",
        discussion: """
            A label image has the size of the image. 0 is background, and every object has its own \
            number. It is a TIFF with 16 bits per pixel, or 32 bits for more than 65535 objects.

            usam segment cells.tif -o labels.tif
            usam segment 'plate1/*.png' -o labels --format tif,csv --overlay
            usam segment images/ -o objects --model vit_b_lm --mode apg --format geojson
            usam segment stack.tif --channel DAPI --volume -o labels.tif
            usam segment movie.tif --each-plane -o labels.tif

            Large images are divided into tiles. A folder of results has a manifest: the same \
            command continues an interrupted run, and 'usam rerun' repeats a run to compare the \
            results. A failed image does \
            not stop the others; failures are listed at the end, and the exit status is 1. \
            --volume joins objects across slices; 'usam track' links those of time points.
            """
    )

    @OptionGroup var images: InputOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A file for one image, or a folder that gets NAME.tif for every image.",
            valueName: "file or folder"
        ),
        completion: .file()
    )
    var output: String

    @OptionGroup(title: "Results") var results: ResultOptions
    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Machine") var machine: DeviceOptions
    @OptionGroup(title: "Images with several planes") var plane: PlaneOptions
    @OptionGroup(title: "Images with several planes") var part: SeriesOptions

    @Flag(help: "Segment every slice and time point separately; results are stacks.")
    var eachPlane = false

    @OptionGroup(title: "Volumes") var volumes: VolumeArguments

    @Option(
        help: ArgumentHelp(
            "Read embeddings (results of the image encoder) from a store made by 'usam embed' or from a folder of "
                + "NAME.zarr, and add missing ones.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var embeddings: String?

    @OptionGroup(title: "Large images") var tiling: TilingArguments
    @OptionGroup(title: "Large images") var joining: JoiningArguments

    @Flag(
        help: ArgumentHelp(
            "Read images by region instead of as a whole; the labels are the same.",
            discussion:
                "Images from 8192 x 8192 pixels on (see --join-from) are read this way without the "
                + "option; their objects are found tile by tile, with memory for only a few tiles."
        )
    )
    var byRegion = false

    @OptionGroup var objects: ObjectOptions

    @Flag(help: "Replace existing results.")
    var force = false

    @Option(
        help: ArgumentHelp(
            "Also write an HTML page with a small picture of every image and the number and size of its "
                + "objects, unusual images first.",
            valueName: "file"
        ),
        completion: .file(extensions: ["html"])
    )
    var report: String?

    @OptionGroup var display: DisplayOptions

    func run() async throws {
        let inputs = try images.list(output: output)
        var request = results.request(output: output)
        let isStack = eachPlane || volumes.volume
        (request.segmentsEachPlane, request.isVolume) = (isStack, volumes.volume)
        let plan = try OutputPlan(inputs, request)
        if report != nil, !ContactSheet.canShow(plan.kinds) {
            throw ValidationError("--report needs label images; add tif or ome-zarr to --format.")
        }
        if let report {
            try OutputPlan.requireFree(report, besides: inputs.paths, replacing: true)
        }
        let place = embeddings.map { EmbeddingPlace($0) }
        if eachPlane, volumes.volume {
            throw ValidationError(
                "--volume joins planes, --each-plane does not; leave out one of them."
            )
        }
        if place != nil, eachPlane {
            throw ValidationError(
                "--embeddings is for one plane or a volume; leave out --embeddings or --each-plane."
            )
        }
        if let place, place.isOneStore, plan.items.count > 1 {
            throw ValidationError("--embeddings is one store, but there are several images.")
        }
        try plan.checkFolders()
        let best = try objects.modes.best()
        let device = try machine.prepare()
        let weights = try await model.weights(.system, on: device)
        var settings = settings(plan.kinds)
        try objects.set(&settings, best, weights)
        var run = SegmentationRun(plan, settings, weights, on: device)
        run.readsByRegion = byRegion
        run.replacesResults = force
        run.manifestPath = results.manifest ?? plan.manifestPath
        run.embeddings = place
        run.arguments = Array(CommandLine.arguments.dropFirst())
        run.speak(.system)
        let prepared = try run.prepared()
        if !display.quiet {
            inputs.printLeftOut(.system)
            Console.system.printError(prepared.announcement)
        }
        let screen = RunDisplay(.system, printsResults: !display.json, isQuiet: display.quiet)
        let ending = await screen.show(prepared)
        if let report, !ending.result.isStopped {
            let sheet = try ContactSheet(
                of: plan.items,
                ending.result.report,
                plane: run.settings.plane
            )
            try sheet.write(to: URL(filePath: report))
        }
        let status = try ending.conclude(json: display.json, .system)
        if status != 0 { throw ExitCode(status) }
    }

    private func settings(_ kinds: [ResultKind]) -> SegmentationSettings {
        var settings = SegmentationSettings()
        settings.tiling = tiling.value
        settings.plane = plane.value(in: part)
        settings.volume = volumes.value(isReference: model.referenceBehavior)
        settings.segmentsEachPlane = eachPlane || settings.volume != nil
        settings.behavior = model.behavior
        settings.keepsOpacity = model.referenceBehavior
        settings.results = kinds
        settings.limits = joining.limits
        return settings
    }
}
