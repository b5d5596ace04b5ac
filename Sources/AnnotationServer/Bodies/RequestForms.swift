import Annotations
import Prompting
import TrackFiles
import Tracking

// The forms of all bodies. `Bodies that are sent` in docs/annotator.md explains the ranges.
extension BodyForm {
    private static func object(
        _ required: [String: BodyForm] = [:],
        _ optional: [String: BodyForm] = [:]
    ) -> BodyForm {
        .object(required: required, optional: optional, passesOver: false)
    }

    /// An object of a file of prompts, which may hold more than is used here.
    private static func shared(
        _ required: [String: BodyForm] = [:],
        _ optional: [String: BodyForm] = [:]
    ) -> BodyForm {
        .object(required: required, optional: optional, passesOver: true)
    }

    // MARK: - Numbers

    /// Numbers of images and edits: those that JavaScript has without rounding.
    private static let count = 1 << 53 - 1
    private static let image = BodyForm.integer(1...count)
    private static let edit = BodyForm.integer(0...count)

    /// The sides of the largest image.
    private static let side = 1 << 24
    private static let index = BodyForm.integer(0...side - 1)
    private static let area = BodyForm.integer(0...side * side)

    private static let label = BodyForm.integer(1...Int(UInt32.max) - 1)

    /// 0 stands for a new object.
    private static let labelOrNew = BodyForm.integer(0...Int(UInt32.max) - 1)

    private static let coordinate = BodyForm.number(
        -Prompt.coordinateLimit...Prompt.coordinateLimit
    )
    private static let logit = BodyForm.number(-1000...1000)

    // MARK: - Parts

    private static let rule = BodyForm.word(["keep", "keepObjects", "overwrite"])
    private static let plane = ["t": index, "z": index]
    private static let mask = object([
        "box": .list(.integer(0...side), count: 4...4), "runs": .list(area),
    ])

    private static let prompt = shared(
        ["type": .text],
        [
            "y": coordinate, "x": coordinate, "y0": coordinate, "x0": coordinate,
            "y1": coordinate, "x1": coordinate,
            "extension": .number(0...Prompt.coordinateLimit),
            "points": .list(.list(coordinate, count: 2...2)),
            "size": .list(.integer(1...side), count: 2...2),
            "counts": .text,
        ]
    )

    private static let promptOptions = shared(
        [:],
        [
            "box_extension": .number(0...Prompt.coordinateLimit),
            "refinements": .integer(0...10), "mask_threshold": logit,
            "minimum_size": area, "batch_size": .integer(1...1024),
        ]
    )

    private static let promptedObject: BodyForm = {
        let place = BodyForm.integer(0...side)
        return shared(
            ["id": .integer(1...Int(UInt32.max)), "prompts": .list(prompt, count: 1...10_000)],
            [
                "name": .text, "class": .text, "z": place, "t": place, "channel": place,
                "stack": place, "axes": .list(place),
            ]
        )
    }()

    /// What is said of an object that a gesture makes, beside its mask.
    private static let said: [String: BodyForm] = [
        "source": .word(["prompt", "automatic", "brush", "import"]), "class": .text,
        "name": .text, "prompts": .list(prompt), "options": promptOptions, "model": .text,
        "modelHash": .text, "score": .number(-1000...1000), "stability": .number(0...1),
        "threshold": logit,
    ]

    private static let newObject = object(
        ["mask": mask],
        said.merging(plane) { $1 }.merging(["label": label, "parent": label]) { $1 }
    )

    private static let sender = ["key": BodyForm.identifier, "client": .identifier]

    /// Parameters of automatic segmentation, those of all modes.
    private static let parameters: BodyForm = {
        var members: [String: BodyForm] = [:]
        for name in [
            "center_distance_threshold", "boundary_distance_threshold", "foreground_threshold",
            "pred_iou_thresh", "stability_score_thresh", "box_nms_thresh", "crop_nms_thresh",
            "nms_threshold", "seed_depth",
        ] { members[name] = .number(0...1) }
        for name in ["foreground_smoothing", "distance_smoothing"] {
            members[name] = .number(0...100)
        }
        for name in ["min_size", "min_mask_region_area"] {
            members[name] = .integer(0...999_999_999)
        }
        for name in ["intersection_over_min", "multimasking", "refine_with_box_prompts"] {
            members[name] = .numberOrTruth(0...1)
        }
        members["mask_threshold"] = logit
        return object([:], members)
    }()

    // MARK: - Bodies

    static let gesture: BodyForm = {
        var members = said.merging(plane) { $1 }
        members["base"] = edit
        members["mask"] = mask
        members["rule"] = rule
        members["objects"] = .list(newObject)
        members["label"] = labelOrNew
        for name in ["replaces", "from", "to"] { members[name] = label }
        members["labels"] = .list(label)
        members["radius"] = .integer(1...64)
        members["line"] = .list(.list(.number(-1e8...1e8), count: 2...2), count: 2...99_999)
        members["width"] = .number(0...1000)
        for name in ["y", "x"] { members[name] = index }
        for name in ["locked", "accepted", "doubtful"] { members[name] = .truth }
        members["status"] = .word(["new", "work", "done", "skipped"])
        members.merge(trackMembers) { $1 }
        let kinds = Gesture.Action.Kind.allCases.map(\.rawValue)
        return object(sender.merging(["kind": .word(kinds)]) { $1 }, members)
    }()

    /// What gestures say that change tracks.
    private static let trackMembers: [String: BodyForm] = [
        "edit": .word(TrackEdit.Kind.allCases.map(\.rawValue)),
        "nodes": .list(.list(labelOrNew, count: 2...2), count: 1...1000),
        "scope": .word(LineageScope.allCases.map(\.rawValue)), "window": .integer(0...10),
        "links": .list(.list(labelOrNew, count: 3...4)),
        "parents": .list(.list(labelOrNew, count: 2...2)),
    ]

    static let link = object(
        [:],
        [
            "extent": .word(LinkingExtent.allCases.map(\.rawValue)),
            "distance": .number(0.1...Double(side)), "gap": .integer(0...100),
            "divisions": .truth,
        ]
    )

    static let exportTracks = object([
        "formats": .list(.word(TrackResultKind.allCases.map(\.rawValue)), count: 1...100)
    ])

    static let step = object(sender, ["base": edit])
    static let goto = object(sender.merging(["edit": edit]) { $1 }, ["base": edit])
    static let prepare = object([:], plane.merging(["client": .identifier]) { $1 })

    static let preview = object(
        ["y": coordinate, "x": coordinate],
        plane.merging(["client": .identifier]) { $1 }
    )

    static let predict = object(
        ["objects": .list(promptedObject, count: 1...100_000)],
        plane.merging(["options": promptOptions, "logits": .truth, "client": .identifier]) { $1 }
    )

    static let volume: BodyForm = {
        let key = object(
            ["z": index, "prompts": .list(prompt, count: 1...10_000)],
            ["mask": mask, "object": .integer(1...1000)]
        )
        let options = object(
            [:],
            [
                "projection": .word(MaskProjection.named.map(\.name)),
                "overlap_threshold": .number(0...1),
                "box_extension": .number(0...Prompt.coordinateLimit), "first": index,
                "last": index, "fill": .word(PropagationOptions.Filling.allCases.map(\.rawValue)),
                "stop_after_empty": .integer(1...1000),
            ]
        )
        return object(
            ["keys": .list(key, count: 1...10_000)],
            [
                "t": index, "replaces": label, "options": options,
                "revision": .integer(1...count), "client": .identifier,
            ]
        )
    }()

    static let segment = object(
        [:],
        plane.merging([
            "mode": .word(["ais", "apg", "amg"]), "parameters": parameters,
            "client": .identifier,
        ]) { $1 }
    )

    static let accept = object(sender, ["base": edit, "labels": .list(label), "rule": rule])

    static let export = object(
        ["formats": .list(.word(ResultKind.allCases.map(\.rawValue)), count: 1...100)],
        ["images": .list(image, count: 1...1_000_000)]
    )

    static let importLabels = object(
        ["image": image],
        [
            "path": .text, "rule": rule, "client": .identifier, "eachPlane": .truth,
            "files": .list(object(["name": .text, "data": .text]), count: 1...100_000),
        ]
    )

    static let train = object(
        [:],
        [
            "epochs": .integer(1...10_000), "iterations": .integer(1...1_000_000),
            "images": .list(image, count: 1...1_000_000),
        ]
    )

    static let model = object(["name": .text])
}
