import ArgumentParser
import Foundation
import ImageFormats
import Imaging
import Presentation
import Prompting

/// The prompts on the command line.
struct GivenPrompts: ParsableArguments {
    @Option(
        name: .customLong("point"),
        help: ArgumentHelp(
            "A point in the object, or outside it with ',negative' or ',0'. Repeatable.",
            discussion: "With --volume, all prompts can have their slice in front: z,y,x.",
            valueName: "y,x[,label]"
        )
    )
    var points: [WrittenPoint] = []

    @Option(
        name: .customLong("box"),
        help: ArgumentHelp("A box around the object. Repeatable.", valueName: "y0,x0,y1,x1")
    )
    var boxes: [WrittenBox] = []

    @Option(
        name: .customLong("ellipse"),
        help: ArgumentHelp(
            "The ellipse inside a box, as an area. Repeatable.",
            valueName: "y0,x0,y1,x1"
        )
    )
    var ellipses: [WrittenBox] = []

    @Option(
        name: .customLong("polygon"),
        help: ArgumentHelp("An outline, as an area. Repeatable.", valueName: "'y,x y,x y,x …'")
    )
    var polygons: [WrittenOutline] = []

    @Option(
        name: .customLong("scribble"),
        help: ArgumentHelp("A line along the object. Repeatable.", valueName: "'y,x y,x …'")
    )
    var scribbles: [WrittenOutline] = []

    @Option(
        name: .customLong("negative-scribble"),
        help: ArgumentHelp(
            "A line outside the object. Repeatable.",
            valueName: "'y,x y,x …'"
        )
    )
    var negativeScribbles: [WrittenOutline] = []

    @Option(
        help: ArgumentHelp(
            "An image of the same size; pixels other than 0 are the object.",
            discussion: "With --each, every label is an object with the same number.",
            valueName: "file"
        ),
        completion: .file()
    )
    var mask: String?

    @Option(
        help: ArgumentHelp(
            "Prompts for many objects: .json, .csv, .geojson, COCO, or .roi and .zip of ImageJ.",
            discussion:
                "From prompts of a stack, those of the chosen plane are used (--z, --t, --channel).",
            valueName: "file"
        ),
        completion: .file()
    )
    var prompts: String?

    @Option(
        help: ArgumentHelp(
            "How outlined objects of other programs are used: outline, box or centre.",
            valueName: "kind"
        )
    )
    var outlines = PromptReadingOptions.OutlineUse.outline

    @Option(
        help: ArgumentHelp(
            "The unit of coordinates in a table: pixel, nm, um or mm.",
            discussion: "The pixel size of the image converts lengths to pixels.",
            valueName: "unit"
        )
    )
    var promptUnit: LengthUnit?

    @Flag(help: "Use all prompts of the file, regardless of their plane in a stack.")
    var allPrompts = false

    @Flag(
        help: ArgumentHelp(
            "Every positive point, box, shape and scribble is a separate object.",
            discussion: "Negative points apply to all objects. Without --each, all prompts on the "
                + "command line describe one object."
        )
    )
    var each = false

    mutating func validate() throws {
        let isEmpty =
            points.isEmpty && boxes.isEmpty && ellipses.isEmpty && polygons.isEmpty
            && scribbles.isEmpty && negativeScribbles.isEmpty && mask == nil && prompts == nil
        if isEmpty {
            throw ValidationError(
                "There is nothing to segment: give --point, --box, another prompt, or --prompts."
            )
        }
        if prompts == nil, promptUnit != nil || allPrompts || outlines != .outline {
            throw ValidationError(
                "--outlines, --prompt-unit and --all-prompts apply only to the file of --prompts."
            )
        }
    }

    /// Checks prompts on an image.
    func requirePlanar() throws {
        if !each, boxes.count > 1 {
            throw ValidationError(
                "An object has one box, but there are \(boxes.count); "
                    + "add --each to make each box a separate object."
            )
        }
        let slices =
            (boxes + ellipses).map(\.slice)
            + (polygons + scribbles + negativeScribbles).map(\.slice)
        if points.contains(where: { $0.planar == nil }) || slices.contains(where: { $0 != nil }) {
            throw ValidationError(
                "A prompt has more numbers than y,x or y0,x0,y1,x1; with a slice in front, add --volume."
            )
        }
        try requireUsable(positives: positives, negatives: negatives)
    }

    /// Checks prompts whatever they are on.
    func requireUsable(positives: [Prompt], negatives: [Prompt]) throws {
        let all = positives + negatives
        if let defect = all.lazy.compactMap(\.defect).first {
            throw ValidationError("There is \(defect).")
        }
        if positives.isEmpty, mask == nil, prompts == nil {
            throw ValidationError(
                each
                    ? "--each needs at least one positive prompt."
                    : "All prompts are negative; add a point, a box or an outline of the object."
            )
        }
    }

    private var planarPoints: [Prompt] { points.compactMap(\.planar) }

    private var positives: [Prompt] {
        planarPoints.filter { !$0.isNegative } + boxes.map { .box($0.box) }
            + ellipses.map { .ellipse($0.box) } + polygons.map { .polygon($0.points) }
            + scribbles.map { .scribble($0.points, .positive) }
    }

    private var negatives: [Prompt] {
        planarPoints.filter(\.isNegative)
            + negativeScribbles.map { .scribble($0.points, .negative) }
    }

    /// The prompts of the file that are meant for a plane; nil if no file is given.
    ///
    /// - Parameters:
    ///   - image: The file of the image.
    ///   - selection: The plane, as far as it was chosen.
    /// - Throws: An error that names the file and the place in it.
    func placed(
        on image: String,
        _ selection: PlaneSelection
    ) throws -> (prompts: PlacedPrompts, notes: [FileNote])? {
        guard let prompts else { return nil }
        let (file, description) = try read(prompts, of: image, selection)
        let placed = try PlacedPrompts(
            file.document,
            file: prompts,
            on: selection,
            of: description,
            takesAll: allPrompts
        )
        return (placed, file.notes + placed.notes)
    }

    /// Reads the file of prompts of an image.
    ///
    /// - Parameter joinsPlanes: Whether objects may have prompts in several planes.
    func read(
        _ prompts: String,
        of image: String,
        _ selection: PlaneSelection,
        joinsPlanes: Bool = false
    ) throws -> (file: PromptFile, image: ImageDescription) {
        let source = try ImageSource(
            opening: URL(filePath: image),
            options: selection.sourceOptions
        )
        let axes = source.description.axes
        var options = PromptReadingOptions()
        (options.outlines, options.unit, options.imageName) = (outlines, promptUnit, image)
        options.pixelSize = PixelSize(source.description.physicalSize)
        options.imageSize = Size(width: axes.x, height: axes.y)
        options.joinsPlanes = joinsPlanes
        return (try PromptFile(reading: prompts, options), source.description)
    }

    /// All objects, those of a file first; and the options that stand in it.
    ///
    /// - Throws: An error that names the file and the place in it, or that its image has another size.
    func document(for size: Size, with file: PromptDocument?) throws -> PromptDocument {
        var document = file ?? PromptDocument(objects: [])
        if let prompts, let mismatch = document.mismatch(with: size) {
            throw CommandFailure("\(prompts): \(mismatch)")
        }
        var given: [PromptedObject] = []
        if each {
            for (label, mask) in try masks(of: size) {
                let prompts = [Prompt.mask(EncodedMask(mask))] + negatives
                given.append(PromptedObject(id: label, prompts: prompts))
            }
            let used = given.map(\.id).max() ?? 0
            for (index, prompt) in positives.enumerated() {
                let id = used + UInt32(index) + 1
                given.append(PromptedObject(id: id, prompts: [prompt] + negatives))
            }
        } else {
            var prompts = positives + negatives
            if mask != nil, let whole = try masks(of: size).map(\.mask).reduce(nil, Self.union) {
                prompts.append(.mask(EncodedMask(whole)))
            } else if let mask {
                throw CommandFailure("\(mask): all pixels are 0, so there is no object")
            }
            if !prompts.isEmpty { given.append(PromptedObject(id: 1, prompts: prompts)) }
        }
        // Objects of the file keep their numbers; the others come after them.
        let first = document.objects.map(\.id).max() ?? 0
        for object in given {
            var object = object
            object.id += first
            document.objects.append(object)
        }
        guard !document.objects.isEmpty else {
            throw CommandFailure("\(prompts ?? mask ?? "the prompts"): there is no object in it")
        }
        return document
    }

    private static func union(_ all: RunLengthMask?, _ mask: RunLengthMask) -> RunLengthMask? {
        all?.union(mask) ?? mask
    }

    private func masks(of size: Size) throws -> [(label: UInt32, mask: RunLengthMask)] {
        guard let mask else { return [] }
        let options = ImageSource.Options(colorConversion: .asStored)
        let labels = try ImageSource(opening: URL(filePath: mask), options: options).readLabels()
        guard labels.size == size else {
            throw CommandFailure(
                "\(mask): the mask has \(labels.size) pixels, but the image has \(size); "
                    + "give a mask of the size of the image"
            )
        }
        return labels.objectLabels().map { ($0, RunLengthMask($0, of: labels)) }
    }
}
