import ArgumentParser
import Files
import Foundation
import ImageFormats
import Imaging
import Jobs
import ModelZoo
import Presentation
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
            usam prompt stack.tif --volume --point 12,84,120 -o object.tif
            usam prompt movie.tif --movie --prompts cells.csv -o tracks.tif --tracks 01_RES

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
    @OptionGroup(title: "Volumes") var volume: VolumePromptArguments
    @Option(
        name: [.long, .customLong("embeddings")],
        help: ArgumentHelp(
            "The embeddings of this image, stored by 'usam embed'.",
            discussion:
                "They must belong to the same pixels and model. With --volume, missing ones are added.",
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
        guard output != nil || predictions != nil || volume.tracks != nil || json else {
            throw ValidationError("There is no output: give -o, --predictions or --json.")
        }
        if volume.isOn {
            try given.requireInVolume(
                plane: volume.movie ? plane.timePoint : plane.slice,
                isMovie: volume.movie
            )
            if output == nil, overlay || volume.format != nil {
                throw ValidationError("--overlay and --format need -o.")
            }
            return
        }
        try given.requirePlanar()
        if let output {
            let ending = URL(filePath: output).pathExtension.lowercased()
            guard ["tif", "tiff"].contains(ending) else {
                throw ValidationError("The label image is a TIFF; '\(output)' must end in .tif.")
            }
        } else if overlay {
            throw ValidationError(
                "--overlay needs -o; the picture is written beside the label image."
            )
        }
    }

    func run() async throws {
        if volume.isOn { return try await runVolume() }
        let console = Console.system
        try requireNewResults()
        let device = try machine.prepare()
        let placed = try given.list.placed(
            on: image,
            plane.value(in: part),
            takesAll: given.allPrompts
        )
        let selection = placed?.prompts.selection ?? plane.value(in: part)
        let plane = try PlaneSource(
            opening: image,
            selection,
            keepsOpacity: model.referenceBehavior
        )
        NoteDisplay(console).show(plane.notes + (placed?.notes ?? []))
        let run = try PromptRun(plane, file: image, tiling: tiling.value, store: embedding)
        run.reductionWarning.map { console.printError($0) }
        let document = try given.list.document(for: plane.size, with: placed?.prompts.document)
        var options = use.value(over: document.options ?? PromptOptions())
        if model.referenceBehavior { options.swapsPointsOfMasks = true }
        try run.check(document, options)
        let weights = try await model.weights(console, on: device)
        let masks = try await predicted(run, document, options, weights, on: device)
        masks.remarks(on: document.objects).forEach { console.printError("usam: \($0)") }
        let result = PredictionDocument(
            image: .init(name: image, width: plane.size.width, height: plane.size.height),
            model: weights.files.name,
            options: options,
            predictions: masks.map { ObjectPrediction($0, of: document.objects[$0.object]) }
        )
        if let output {
            try run.write(masks, of: document.objects, options, to: output, overlay: overlayPath)
            let others = [overlayPath, predictions].compactMap { $0 }
            try run.note(output, others: others, model: weights.files.name)
        }
        try report(PredictionReport(result, of: run.plane), console) { result.table }
    }

    private func predicted(
        _ run: PromptRun,
        _ document: PromptDocument,
        _ options: PromptOptions,
        _ weights: ModelWeights,
        on device: Device
    ) async throws -> [PredictedMask] {
        let console = Console.system
        let notes = NoteDisplay(console)
        let progress = SharedLine(console, isQuiet: quiet)
        defer { progress.clear() }
        progress.show("computing the embedding")
        return try await interruptible(on: device, console, notice: "stopped") { work in
            let told = work.part { event in
                switch event {
                case .advanced(let done, let all): progress.show("\(done) of \(all) predictions")
                case .decided(let decision):
                    progress.say("usam: \(run.file): \(decision.words)")
                default: notes.receive(event)
                }
            }
            return try run.masks(of: document, options, weights, on: device, told) {
                console.printError("usam: \($0)")
            }
        }
    }

    // MARK: - Results

    private var overlayPath: String? {
        guard let output else { return nil }
        let folder = URL(filePath: output).deletingLastPathComponent().relativePath
        let path = FileName.join(folder, FileName.stem(output) + ResultKind.overlay.ending)
        // A picture of the objects before would contradict the labels that replace them.
        return overlay || force && FileStatus(of: path) != nil ? path : nil
    }

    private func requireNewResults() throws {
        let inputs = [image] + [given.mask, given.prompts, embedding].compactMap { $0 }
        for path in [output, overlayPath, predictions].compactMap({ $0 }) {
            try OutputPlan.requireFree(path, besides: inputs, replacing: force)
        }
    }

    /// Writes or prints the predictions; without `--json` a table is printed.
    func report(
        _ result: PredictionReport,
        _ console: Console,
        table: () -> String
    ) throws {
        if let predictions { try result.write(to: predictions) }
        console.print(json ? try JSONText.encode(result) : table())
    }
}
