import ArgumentParser
import Files
import Foundation
import ImageFormats
import Imaging
import Jobs
import ModelZoo
import Prompting
import Segmentation
import Terminal
import Torch

/// `usam prompt`: points, boxes and other hints to objects.
struct PromptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt",
        abstract: "Segment objects from points, boxes, outlines, scribbles and masks.",
        discussion: """
            All prompts on the command line describe one object, or several objects with --each. A \
            file of prompts describes many objects. Coordinates are y,x in pixels, counted from 0 at the top left.

            usam prompt cells.tif --point 84,120 -o object.tif
            usam prompt cells.tif --point 84,120 --point 90,140,negative -o object.tif --overlay
            usam prompt cells.tif --each --box 10,12,40,52 --box 60,80,95,110 -o objects.tif
            usam prompt cells.tif --prompts RoiSet.zip -o objects.tif --predictions objects.json

            Labels are the numbers of the objects. docs/prompts.md explains prompts and files.
            """
    )

    @Argument(help: ArgumentHelp("The image.", valueName: "image"), completion: .file())
    var image: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The label image, a .tif file.", valueName: "file"),
        completion: .file()
    )
    var output: String?

    @Option(
        help: ArgumentHelp("Scores, boxes and masks of all objects as JSON.", valueName: "file"),
        completion: .file()
    )
    var predictions: String?

    @OptionGroup(title: "Prompts") var given: GivenPrompts
    @OptionGroup(title: "Masks") var use: PromptUseOptions
    @Option(
        help: ArgumentHelp(
            "The embeddings of this image, stored by 'usam embed'.",
            discussion: "They must belong to the same pixels and model.",
            valueName: "store.zarr"
        ),
        completion: .directory
    )
    var embedding: String?

    @OptionGroup(title: "Large images") var tiling: TilingArguments
    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Machine") var machine: DeviceOptions
    @OptionGroup(title: "Images with several planes") var plane: PlaneOptions
    @OptionGroup(title: "Images with several planes") var part: SeriesOptions

    @Flag(help: "Also write a picture with the contours of all objects: NAME_overlay.png.")
    var overlay = false

    @Flag(help: "Replace existing results.")
    var force = false

    @Flag(help: "Print what --predictions writes.")
    var json = false

    @Flag(help: "Show no progress.")
    var quiet = false

    mutating func validate() throws {
        if embedding != nil, tiling.tileShape != nil {
            throw ValidationError("--embedding brings its own tiles; leave --tile-shape out.")
        }
        guard output != nil || predictions != nil || json else {
            throw ValidationError("There is no output: give -o, --predictions or --json.")
        }
        if let output {
            let ending = URL(filePath: output).pathExtension.lowercased()
            guard ["tif", "tiff"].contains(ending) else {
                throw ValidationError("The label image is a TIFF; '\(output)' must end in .tif.")
            }
        } else if overlay {
            throw ValidationError("--overlay needs -o; the picture is written beside the label image.")
        }
    }

    func run() async throws {
        let console = Console.system
        try requireNewResults()
        let device = try machine.prepare()
        let placed = try given.placed(on: image, plane.value(in: part))
        let selection = placed?.prompts.selection ?? plane.value(in: part)
        let plane = try PlaneSource(
            opening: image,
            selection,
            keepsOpacity: model.referenceBehavior
        )
        NoteDisplay(console).show(plane.notes + (placed?.notes ?? []))
        let store = try embedding.map { try EmbeddingStore(opening: URL(filePath: $0)) }
        let tiling = store?.tilingChoice ?? tiling.value
        warn(of: plane, tiling, console)
        let document = try given.document(for: plane.size, with: placed?.prompts.document)
        var options = use.value(over: document.options ?? PromptOptions())
        if model.referenceBehavior { options.swapsPointsOfMasks = true }
        let weights = try await model.weights(console)
        let masks = try await predicted(
            document,
            options,
            in: plane,
            tiling,
            weights,
            on: device
        )
        for mask in masks where mask.droppedPoints > 0 {
            console.printError(
                "usam: object \(document.objects[mask.object].id): "
                    + Wording.count(mask.droppedPoints, "point")
                    + " outside its tile left out; place them closer together"
            )
        }
        let result = PredictionDocument(
            image: .init(name: image, width: plane.size.width, height: plane.size.height),
            model: weights.files.name,
            options: options,
            predictions: masks.map { ObjectPrediction($0, of: document.objects[$0.object]) }
        )
        try write(masks, of: document.objects, options, on: plane)
        try report(result, console)
    }

    /// Says what looks odd where the image is not divided.
    private func warn(of plane: PlaneSource, _ tiling: TilingChoice, _ console: Console) {
        let (size, side) = (plane.size, ModelFrame.side)
        guard size.longestSide > 4 * side, tiling.tiling(of: size) == nil else { return }
        console.printError(
            "usam: \(image): the image of \(size) pixels is reduced to \(side) pixels on the longer "
                + "side, so small objects may be missed; divide it into tiles"
        )
    }

    private func predicted(
        _ document: PromptDocument,
        _ options: PromptOptions,
        in plane: PlaneSource,
        _ tiling: TilingChoice,
        _ weights: ModelWeights,
        on device: Device
    ) async throws -> [PredictedMask] {
        let console = Console.system
        let progress = SharedLine(console, isQuiet: quiet)
        defer { progress.clear() }
        progress.show("computing the embedding")
        let (embedding, file) = (embedding, image)
        return try await interruptible(on: device, console, notice: "stopped") { work in
            let prompter = Prompter(try weights.load(on: device), tiling: tiling)
            let isWhole = prompter.planner.base(of: plane.size).tiling == nil
            let isSmall = plane.size.count <= 1 << 26
            // A plane that is not divided is read once, for all that looks at it.
            let source: any PixelSource = isWhole && isSmall ? try plane.read() : plane
            let pixels = PlanePixels(source, prompter.model.normalization)
            let shelf = try embedding.map { path in
                try StoreShelf(
                    URL(filePath: path),
                    holding: plane,
                    pixels: pixels,
                    prompter.planner,
                    isWritable: false,
                    work
                )
            }
            for warning in shelf?.warnings ?? [] { console.printError("usam: \(warning)") }
            let told = work.part { event in
                switch event {
                case .advanced(let done, let all): progress.show("\(done) of \(all) predictions")
                case .decided(let decision):
                    progress.say("usam: \(file): \(decision.words)")
                default: break
                }
            }
            do {
                if prompter.model.normalization == .minmax, isSmall,
                    let note = try source.outlierNote(file)
                {
                    work.note(note)
                }
                if isWhole, try pixels.isBlank() {
                    throw PlaneError.constant(file: file)
                }
                return try prompter.masks(
                    of: document.objects,
                    in: pixels,
                    options,
                    shelf: shelf ?? NoShelf(),
                    told
                )
            } catch let error as ImagingError {
                guard case .notFinite = error else { throw error }
                throw PlaneError.unusablePixels(file: file, error)
            }
        }
    }

    // MARK: - Results

    private var overlayPath: String? {
        guard overlay, let output else { return nil }
        let folder = URL(filePath: output).deletingLastPathComponent().relativePath
        return FileName.join(folder, FileName.stem(output) + "_overlay.png")
    }

    private func requireNewResults() throws {
        for path in [output, overlayPath, predictions].compactMap({ $0 }) {
            try OutputPlan.requireFree(path, besides: image, replacing: force)
        }
    }

    private func write(
        _ masks: [PredictedMask],
        of objects: [PromptedObject],
        _ options: PromptOptions,
        on plane: PlaneSource
    ) throws {
        guard let output else { return }
        let labels = try LabelImage(
            painting: masks,
            of: objects,
            size: plane.size,
            options
        )
        try OutputPlan.makeFolder(for: output)
        try labels.writeTIFF(to: URL(filePath: output), physicalSize: plane.physicalSize)
        if let overlayPath {
            let picture = try labels.overlay(on: plane.read().renderedForDisplay())
            try AnyRaster.uint8(picture).writePNG(to: URL(filePath: overlayPath))
        }
    }

    private func report(_ result: PredictionDocument, _ console: Console) throws {
        let text = try JSONText.encode(result)
        if let predictions {
            try OutputPlan.makeFolder(for: predictions)
            do {
                try FileReplacement.write(text + "\n", to: predictions)
            } catch {
                throw CommandFailure(
                    "\(predictions): cannot be written; check space and permissions"
                )
            }
        }
        if json {
            console.print(text)
        } else {
            let scores = result.predictions.map { prediction in
                [
                    "\(prediction.id)", prediction.name ?? "", "\(prediction.area)",
                    String(format: "%.3f", prediction.score),
                    String(format: "%.3f", prediction.stability),
                ]
            }
            let header = ["object", "name", "pixels", "score", "stability"]
            console.print(TextTable(header: header, rows: scores).text)
        }
    }
}
