import ArgumentParser
import Files
import Foundation
import ImageFormats
import Imaging
import ModelZoo
import Prompting
import Segmentation

/// `usam prompt`: points, boxes and other hints to objects.
struct PromptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt",
        abstract: "Segment objects from points, boxes, outlines, scribbles and masks.",
        discussion: """
            All prompts on the command line describe one object, unless --each is given; a file of \
            prompts describes many. Coordinates are y,x in pixels, counted from 0 at the top left.

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
            "The embeddings that 'usam embed' stored of this image.",
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

    @Flag(help: "Replace results that are there already.")
    var force = false

    @Flag(help: "Print what --predictions writes.")
    var json = false

    @Flag(help: "Show no progress.")
    var quiet = false

    mutating func validate() throws {
        if embedding != nil, tiling.tileShape != nil {
            throw ValidationError("--tile-shape is that of the store where --embedding is given.")
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
            throw ValidationError("--overlay needs -o, beside which it is written.")
        }
    }

    func run() async throws {
        let console = Console.system
        try requireNewResults()
        let device = try machine.prepare()
        let source = try SourceImage(
            reading: image,
            plane.value(in: part),
            keepsOpacity: model.referenceBehavior
        )
        for warning in source.warnings { console.printError("usam: \(image): \(warning)") }
        let document = try given.document(for: source.raster.size)
        var options = use.value(over: document.options ?? PromptOptions())
        if model.referenceBehavior { options.swapsPointsOfMasks = true }
        let files = try await model.files(console)
        let weights = try model.source(of: files)
        var progress = ProgressLine(console, isQuiet: quiet)
        progress.show("computing the embedding")
        let predictor = ImagePredictor(try weights.model(on: device))
        let embeddings =
            try embedding.map { try stored($0, predictor, files, console) }
            ?? embeddings(
                of: source,
                predictor,
                Enlargement(tiling.value, carried: weights.enlargement)
            )
        let masks = try predictor.segment(document.objects, in: embeddings, options) { done, all in
            progress.show("\(done) of \(all) predictions")
        }
        progress.clear()
        for mask in masks where mask.droppedPoints > 0 {
            console.printError(
                "usam: object \(document.objects[mask.object].id): "
                    + Wording.count(mask.droppedPoints, "point")
                    + " outside of its tile left out; place them closer together"
            )
        }
        let result = PredictionDocument(
            image: .init(
                name: image,
                width: source.raster.size.width,
                height: source.raster.size.height
            ),
            model: weights.report.name,
            options: options,
            predictions: masks.map { $0.prediction(of: document.objects) }
        )
        try write(masks, of: document.objects, options, on: source)
        try report(result, console)
    }

    /// The embedding of the image, or of those tiles of a large one that prompts lie in, when they are
    /// needed.
    private func embeddings(
        of source: SourceImage,
        _ predictor: ImagePredictor,
        _ enlargement: Enlargement?
    ) throws -> ImageEmbeddings {
        guard let tiling = tiling.value.tiling(of: source.raster.size) else {
            return try predictor.embed(source.prepared(file: image), enlargement, isLazy: true)
                .embeddings
        }
        return try predictor.embed(tilesOf: source.raster, tiling, enlargement, isLazy: true)
            .embeddings
    }

    /// The embeddings of a store, after it was compared with image and model.
    private func stored(
        _ path: String,
        _ predictor: ImagePredictor,
        _ files: ModelFiles,
        _ console: Console
    ) throws -> ImageEmbeddings {
        let store = try EmbeddingStore(opening: URL(filePath: path))
        var selection = plane.value(in: part)
        let place = selection.z ?? selection.t ?? 0
        if store.depth != nil { (selection.z, selection.t) = (nil, nil) }
        let input = try StackInput(
            opening: image,
            selection,
            keepsOpacity: model.referenceBehavior
        ).input
        let expected = EmbeddingSignature(
            data: try input.dataSignature(),
            model: EmbeddingSignature.Model(
                predictor.model,
                name: files.digest == nil ? nil : files.name,
                hash: try files.signature()
            ),
            tiling: store.signature.tiling
        )
        for warning in try store.check(against: expected) {
            console.printError("usam: \(warning)")
        }
        return try store.embeddings(plane: store.depth == nil ? nil : place)
    }

    // MARK: - Results

    private var overlayPath: String? {
        guard overlay, let output else { return nil }
        let folder = URL(filePath: output).deletingLastPathComponent().relativePath
        return FileName.join(folder, FileName.stem(output) + "_overlay.png")
    }

    private func requireNewResults() throws {
        for path in [output, overlayPath, predictions].compactMap({ $0 }) {
            guard let status = FileStatus(of: path) else { continue }
            if status.isFolder { throw CommandFailure("\(path): a folder of this name exists") }
            if status.identity == FileStatus(of: image)?.identity {
                throw CommandFailure("\(path): the result would replace the image")
            }
            guard force else {
                throw CommandFailure("\(path): the file exists; --force replaces it")
            }
        }
    }

    private func write(
        _ masks: [PromptedMask],
        of objects: [PromptedObject],
        _ options: PromptOptions,
        on source: SourceImage
    ) throws {
        guard let output else { return }
        let labels = try LabelImage(
            painting: masks,
            of: objects,
            size: source.raster.size,
            options
        )
        try OutputPlan.makeFolder(for: output)
        try labels.writeTIFF(to: URL(filePath: output), physicalSize: source.physicalSize)
        if let overlayPath {
            let picture = try labels.overlay(on: source.raster.renderedForDisplay())
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
                    "\(predictions): can not be written; check space and permissions"
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
