import ArgumentParser
import Presentation
import Prompting

/// The prompts on the command line.
struct GivenPrompts: ParsableArguments {
    @Option(
        name: .customLong("point"),
        help: ArgumentHelp(
            "A point in the object, or outside it with ',negative' or ',0'. Repeatable.",
            discussion:
                "With --volume or --movie, all prompts can have their slice or frame in front: z,y,x.",
            valueName: "y,x[,label]"
        ),
        transform: WrittenPoint.read
    )
    var points: [WrittenPoint] = []

    @Option(
        name: .customLong("box"),
        help: ArgumentHelp("A box around the object. Repeatable.", valueName: "y0,x0,y1,x1"),
        transform: WrittenBox.read
    )
    var boxes: [WrittenBox] = []

    @Option(
        name: .customLong("ellipse"),
        help: ArgumentHelp(
            "The ellipse inside a box, as an area. Repeatable.",
            valueName: "y0,x0,y1,x1"
        ),
        transform: WrittenBox.read
    )
    var ellipses: [WrittenBox] = []

    @Option(
        name: .customLong("polygon"),
        help: ArgumentHelp("An outline, as an area. Repeatable.", valueName: "'y,x y,x y,x …'"),
        transform: WrittenOutline.read
    )
    var polygons: [WrittenOutline] = []

    @Option(
        name: .customLong("scribble"),
        help: ArgumentHelp("A line along the object. Repeatable.", valueName: "'y,x y,x …'"),
        transform: WrittenOutline.read
    )
    var scribbles: [WrittenOutline] = []

    @Option(
        name: .customLong("negative-scribble"),
        help: ArgumentHelp("A line outside the object. Repeatable.", valueName: "'y,x y,x …'"),
        transform: WrittenOutline.read
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

    /// The prompts on an image.
    var list: PromptList {
        list(positives.map { (nil, $0) }, negatives: negatives.map { (nil, $0) })
    }

    /// Collects the prompts, those of the file included.
    func list(
        _ positives: [PromptList.Placed],
        negatives: [PromptList.Placed]
    ) -> PromptList {
        var reading = PromptReadingOptions()
        (reading.outlines, reading.unit) = (outlines, promptUnit)
        return PromptList(
            positives,
            negatives: negatives,
            mask: mask,
            file: prompts,
            isEach: each,
            reading: reading
        )
    }
}
