import ArgumentParser
import Files
import Foundation
import ImageFormats
import Imaging
import Jobs
import ModelZoo
import Presentation
import SegmentAnything
import Segmentation
import Terminal
import Torch
import Zarr

/// `usam embed`: images to stores of embeddings.
struct Embed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compute and store the embeddings of images.",
        discussion: """
            The image encoder does most of the work of a segmentation, so its result is stored. A store is \
            a Zarr folder in the layout of micro-sam; each program reads the stores of the other.

            usam embed cells.tif -o cells.zarr
            usam embed stack.tif -o stack.zarr             all slices or time points
            usam embed 'plate1/*.tif' -o embeddings        embeddings/NAME.zarr for every image
            usam embed slide.tif -o slide.zarr --tile-shape 768 --halo 128

            An incomplete store is continued, and a complete one is checked: it must \
            belong to the same pixels, model and tiles.
            """
    )

    @OptionGroup var images: InputOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "NAME.zarr for one image, or a folder that gets NAME.zarr for every image.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var output: String

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Machine") var machine: DeviceOptions
    @OptionGroup(title: "Images with several planes") var plane: PlaneOptions
    @OptionGroup(title: "Images with several planes") var part: SeriesOptions
    @Flag(
        help: ArgumentHelp(
            "The image is a volume: slices of one time point.",
            discussion: "All slices are stored without it, too; with it, anything else is refused."
        )
    )
    var volume = false

    @OptionGroup(title: "Large images") var tiling: TilingArguments

    @Option(
        help: ArgumentHelp(
            "A label image or mask of the same size. Only tiles with pixels other than 0 are computed.",
            valueName: "image"
        ),
        completion: .file()
    )
    var mask: String?

    @Option(help: ArgumentHelp("The version of Zarr, 2 or 3.", valueName: "version"))
    var zarr = 3

    @Flag(help: "Store 16-bit numbers: half the space; micro-sam does not read them.")
    var half = false

    @OptionGroup var display: DisplayOptions

    mutating func validate() throws {
        guard ZarrFormat(rawValue: zarr) != nil else {
            throw ValidationError("--zarr is \(zarr); it must be 2 or 3.")
        }
    }

    func run() async throws {
        let console = Console.system
        let inputs = try images.list(output: output)
        let plan = try EmbeddingPlan(inputs, output: output)
        if mask != nil, plan.items.count > 1 {
            throw ValidationError("--mask belongs to one image.")
        }
        if !display.quiet { inputs.printLeftOut(console) }
        let device = try machine.prepare()
        let weights = try await model.weights(console, on: device)
        let job = EmbeddingJob(plan, settings)
        let presenter = EmbeddingPresenter(
            console,
            printsResults: !display.json,
            isQuiet: display.quiet
        )
        let reports = try await interruptible(
            on: device,
            console,
            notice: "stopped; run the same command to continue"
        ) { work in
            let model = try weights.load(on: device)
            var presenter = presenter
            return try job.run(model, work) { presenter.handle($0) }
        }
        if display.json { console.print(try JSONText.encode(reports)) }
        for error in reports.compactMap(\.error) { console.printError("usam: \(error)") }
        if reports.contains(where: { $0.error != nil }) { throw ExitCode.failure }
    }

    private var settings: EmbeddingJob.Settings {
        var settings = EmbeddingJob.Settings()
        settings.plane = plane.value(in: part)
        settings.isVolume = volume
        settings.keepsOpacity = model.referenceBehavior
        settings.tiling = tiling.value
        settings.mask = mask
        settings.format = ZarrFormat(rawValue: zarr) ?? .v3
        settings.isHalfPrecision = half
        settings.wording = describe
        return settings
    }
}
