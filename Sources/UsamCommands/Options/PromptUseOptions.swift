import ArgumentParser
import Prompting

/// How prompts become masks; what is not given stands in the file of prompts, or has its default.
struct PromptUseOptions: ParsableArguments {
    @Option(
        help: "Margin around boxes: a fraction of the side below 1, pixels from 1 on (default: 0)."
    )
    var boxExtension: Double?

    @Option(
        help: ArgumentHelp(
            "Masks per object: automatic, single, best, all, smallest, middle or largest.",
            discussion: "The model can predict three masks of different extent for an object. "
                + "automatic uses the best of three for a single positive point, and one mask for "
                + "everything else."
        )
    )
    var masks: PromptOptions.MaskChoice?

    @Flag(help: "Use the best of three masks for every object; the same as --masks best.")
    var multimask = false

    @Option(
        name: .customLong("refine"),
        help: "Number of further predictions with the mask as prompt (default: 0)."
    )
    var refinements: Int?

    @Option(
        help: ArgumentHelp(
            "The object that gets overlapping pixels: larger, smaller, score or order.",
            discussion: "order: later objects win."
        )
    )
    var overlap: PromptOptions.Overlap?

    @Option(help: "Points derived from masks: none, single or several (default: none).")
    var maskPoints: PromptOptions.MaskPoints?

    @Flag(
        help:
            "Keep only the part of a mask with a positive point; without points, the largest part."
    )
    var keepPart = false

    @Flag(help: "Fill holes in masks.")
    var fillHoles = false

    @Option(help: "Remove objects with fewer pixels from the labels (default: 0).")
    var minSize: Int?

    mutating func validate() throws {
        if multimask, let masks, masks != .best {
            throw ValidationError("--multimask is the same as --masks best; give one of them.")
        }
        if let defect = value(over: PromptOptions()).defect {
            throw ValidationError("\(defect.prefix(1).uppercased() + defect.dropFirst()).")
        }
    }

    /// The options, on top of those that a file holds.
    func value(over options: PromptOptions) -> PromptOptions {
        var options = options
        options.boxExtension = boxExtension ?? options.boxExtension
        options.masks = masks ?? (multimask ? .best : options.masks)
        options.refinements = refinements ?? options.refinements
        options.overlap = overlap ?? options.overlap
        options.maskPoints = maskPoints ?? options.maskPoints
        options.keepsPointedPart = keepPart || options.keepsPointedPart
        options.fillsHoles = fillHoles || options.fillsHoles
        options.minimumSize = minSize ?? options.minimumSize
        return options
    }
}
