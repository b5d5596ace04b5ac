import ArgumentParser
import Files
import Imaging
import Jobs
import Prompting
import Segmentation
import Terminal
import Torch

/// `usam segment`: images to label images.
struct Segment: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find all objects in images and write label images, outlines and tables.",
        discussion: """
            A label image has the size of the image; 0 is background and every object has a number \
            of its own. It is a TIFF of 16 bits a pixel, 32 if there are more than 65535 objects.

            usam segment cells.tif -o labels.tif
            usam segment 'plate1/*.png' -o labels --format tif,csv --overlay
            usam segment images/ -o objects --model vit_b_lm --mode apg --format geojson
            usam segment stack.tif --channel DAPI --each-plane -o labels.tif

            Large images are divided into tiles. A folder of results has a manifest: the same \
            command goes on where an earlier one was stopped or killed, and 'usam rerun' repeats \
            it. An image that can not be segmented does not stop the others; it is reported at the \
            end and the exit status is 1. Volumes and time series as a whole come with a later \
            version.
            """
    )

    @OptionGroup var images: InputOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A file for one image, or a folder, which gets NAME.tif for every image.",
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

    @Flag(help: "Segment every slice and time point for itself; results are stacks of them.")
    var eachPlane = false

    @Option(
        help: ArgumentHelp(
            "Take embeddings from this store of 'usam embed', or a folder of NAME.zarr; store them there "
                + "if they are missing.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var embeddings: String?

    @OptionGroup(title: "Large images") var tiling: TilingArguments

    @Flag(
        help: ArgumentHelp(
            "Read images region by region, not as a whole; the labels are the same.",
            discussion: "From 8192 x 8192 pixels on this is done without asking, and objects are "
                + "found tile by tile, with memory for a few tiles."
        )
    )
    var byRegion = false

    @OptionGroup(title: "Objects") var modes: ModeOptions
    @OptionGroup(title: "Objects from the maps of the decoder (ais, apg)") var maps:
        DecoderMapOptions
    @OptionGroup(title: "Objects from generated prompts (apg)") var prompts: GeneratedPromptOptions
    @OptionGroup(title: "Objects from a grid of points (amg)") var grid: PointGridOptions

    @Flag(help: "Replace results that are there already.")
    var force = false

    @OptionGroup var display: DisplayOptions

    func run() async throws {
        let listed = try InputList(images.inputs)
        NoteDisplay(.system).show(listed.notes)
        let plan = try OutputPlan(listed, results.request(output: output))
        if eachPlane, let kind = plan.kinds.first(where: { !$0.holdsSeveralPlanes }) {
            let name = kind == .overlay ? "--overlay" : "--format \(kind.rawValue)"
            throw ValidationError(
                "\(name) holds one plane; with --each-plane choose tif, ome-zarr or csv."
            )
        }
        let place = embeddings.map { EmbeddingPlace($0) }
        if place != nil, eachPlane {
            throw ValidationError("--embeddings holds one plane; leave it or --each-plane out.")
        }
        if let place, place.isOneStore, plan.items.count > 1 {
            throw ValidationError("--embeddings is one store, but there are several images.")
        }
        try plan.checkFolders()
        let best = try modes.best()
        let device = try machine.prepare()
        let weights = try await model.weights(.system)
        let objects = AutomaticOptions(
            choice: modes.mode,
            best: best,
            maps: maps,
            prompts: prompts,
            grid: grid
        )
        let mode = try objects.mode(hasDecoder: weights.hasDecoder)
        try weights.requireDecoder(for: mode)
        let options = try objects.value(mode, suggested: weights.traits.parameters(of: mode))
        var settings = settings(options, plan.kinds)
        if weights.normalization != .minmax {
            settings.behavior.normalization = weights.normalization
        }
        var run = SegmentationRun(plan, settings, weights, on: device)
        run.readsByRegion = byRegion
        run.replacesResults = force
        run.manifestPath = results.manifestPath(plan)
        run.embeddings = place
        run.arguments = Array(CommandLine.arguments.dropFirst())
        run.wording = describe
        let prepared = try run.prepared()
        if !display.quiet { Console.system.printError(prepared.announcement) }
        let screen = RunDisplay(.system, printsResults: !display.json, isQuiet: display.quiet)
        let status = try await screen.show(prepared).conclude(json: display.json, .system)
        if status != 0 { throw ExitCode(status) }
    }

    private func settings(
        _ automatic: AutomaticSegmentationOptions,
        _ kinds: [ResultKind]
    ) -> SegmentationSettings {
        var settings = SegmentationSettings()
        settings.automatic = automatic
        settings.tiling = tiling.value
        settings.plane = plane.value(in: part)
        settings.segmentsEachPlane = eachPlane
        settings.behavior = model.behavior
        settings.keepsOpacity = model.referenceBehavior
        settings.results = kinds
        settings.limits = tiling.limits
        return settings
    }
}
