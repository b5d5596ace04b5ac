import ArgumentParser
import Imaging
import Segmentation
import Torch

/// `usam segment`: images to label images.
struct Segment: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find all objects in images and write label images.",
        discussion: """
            A label image has the size of the image; 0 is background and every object has a number \
            of its own. It is a TIFF of 16 bits a pixel, 32 if there are more than 65535 objects.

            usam segment cells.tif -o labels.tif
            usam segment 'plate1/*.png' -o labels --overlay --model vit_b_lm
            usam segment stack.tif --channel 1 --z 12 -o slice.tif

            Results that are there already are skipped. An image that can not be segmented does \
            not stop the others; it is reported at the end and the exit status is 1. One plane is \
            segmented per image: volumes and time series as a whole come with a later version.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "Images, folders of images, or patterns such as 'data/*.tif'.",
            valueName: "input"
        ),
        completion: .file()
    )
    var inputs: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A .tif file for one image, or a folder, which gets NAME.tif for every image.",
            valueName: "file or folder"
        ),
        completion: .file()
    )
    var output: String

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Machine") var machine: DeviceOptions
    @OptionGroup(title: "Images with several planes") var plane: PlaneOptions
    @OptionGroup(title: "Images with several planes") var part: SeriesOptions
    @OptionGroup(title: "Objects") var objects: AutomaticOptions
    @OptionGroup(title: "Large images") var tiling: TilingArguments

    @Flag(help: "Also write a picture with the contours of all objects: NAME_overlay.png.")
    var overlay = false

    @Option(
        help: ArgumentHelp("A folder for these pictures of their own.", valueName: "folder"),
        completion: .directory
    )
    var overlayFolder: String?

    @Flag(help: "Replace results that are there already.")
    var force = false

    @Flag(help: "Print a summary as JSON.")
    var json = false

    @Flag(help: "Show no progress.")
    var quiet = false

    mutating func validate() throws {
        if inputs.contains("") { throw ValidationError("An input has an empty name.") }
    }

    func run() async throws {
        let console = Console.system
        let plan = try OutputPlan(
            InputList(inputs),
            OutputPlan.Request(
                output: output,
                drawsOverlay: overlay,
                overlayFolder: overlayFolder
            )
        )
        try plan.checkFolders()
        let device = try machine.prepare()
        let files = try await model.files(console)
        let source = try model.source(of: files)
        try source.requireDecoder()
        if let large = largeImage(plan) {
            var automatic = AutomaticSegmentationOptions()
            automatic.mode = .instanceDecoder
            automatic.watershed = objects.value
            let run = LargeImageRun(
                job: large,
                options: automatic,
                files: files,
                source: source,
                device: device,
                isQuiet: quiet
            )
            return try await run.run(console, json: json)
        }
        let report = BatchReport(
            images: plan.items.count,
            model: source.report,
            device: device.description,
            threads: Engine.threadCount,
            referenceBehavior: model.referenceBehavior,
            options: objects.value
        )
        let batch = SegmentationBatch(items: plan.items, settings: settings) {
            try source.predictor(on: device)
        }
        let presenter = BatchPresenter(
            report,
            items: plan.items,
            console: console,
            printsResults: !json,
            isQuiet: quiet
        )
        try conclude(await BatchRun(batch: batch, presenter: presenter).result(), console)
    }

    /// The work on a single image that is too large for memory, if it is not done yet.
    private func largeImage(_ plan: OutputPlan) -> LargeImageJob? {
        guard plan.items.count == 1, let item = plan.items.first, item.overlay == nil,
            force || !item.isFinished
        else { return nil }
        return LargeImageJob(
            input: item.input,
            output: item.output,
            plane: plane.value(in: part),
            keepsOpacity: model.referenceBehavior,
            tiling: tiling.value
        )
    }

    private var settings: SegmentationBatch.Settings {
        var settings = SegmentationBatch.Settings()
        settings.plane = plane.value(in: part)
        settings.watershed = objects.value
        settings.keepsOpacity = model.referenceBehavior
        settings.replacesResults = force
        return settings
    }

    /// Prints the summary, then the failures, and sets the exit status.
    private func conclude(_ ending: BatchRun.Result, _ console: Console) throws {
        if json {
            console.print(try JSONText.encode(ending.report))
        } else {
            ending.report.summaryLines.forEach { console.print($0) }
        }
        let errors = ending.report.errors + [ending.modelError].compactMap { $0 }
        for error in errors { console.printError("usam: \(error)") }
        if let signal = ending.signal {
            console.printError("usam: stopped; \(ending.report.summary)")
            throw ExitCode(128 + signal)
        }
        if !errors.isEmpty { throw ExitCode.failure }
    }
}
