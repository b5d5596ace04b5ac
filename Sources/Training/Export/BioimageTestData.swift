import Checkpoints
import Foundation
import Imaging
import Prompting
import SegmentAnything
import Segmentation
import Torch

/// Test inputs and outputs of a package: an image with prompts for two of its objects, and their masks.
struct BioimageTestData {
    /// NumPy files by name.
    let files: [(name: String, content: Data)]

    /// The image with the two masks.
    let cover: Raster<UInt8>

    private static let negativePoints = 2

    init(_ checkpoint: SAMCheckpoint, _ sample: SimulatedImage, _ work: Work) throws {
        let predictor = ImagePredictor(try SegmentAnythingModel(checkpoint))
        let image = try AnyRaster.uint16(sample.image).normalizedRGB()
        let embedding = try predictor.embed(image, work)
        let objects = try sample.labels.measurements().sorted { $0.area > $1.area }.prefix(2)
        var random = SplitMix64(seed: 1)
        var prompts: [ObjectPrompts] = []
        for object in objects {
            try work.checkpoint()
            var prompt = ObjectPrompts(box: Box(object.box))
            prompt.maskLogits = try predictor.predict(prompt, in: embedding, masks: .single)[0]
                .logits
            prompt.points = Self.points(of: object, in: sample.labels, &random)
            prompts.append(prompt)
        }
        let masks = try prompts.map { try predictor.predict($0, in: embedding, masks: .single)[0] }
        let (width, height) = (image.size.width, image.size.height)
        let features = try embedding.features.moved(to: .cpu).contiguous()
            .elements(as: Float.self)
        var planar: [UInt8] = []
        for channel in 0..<3 {
            planar += stride(from: channel, to: image.samples.count, by: 3).map {
                image.samples[$0]
            }
        }
        let count = prompts.count
        let points = prompts[0].points.count
        let coordinates = prompts.flatMap(\.points)
            .flatMap { [Int64($0.position.x), Int64($0.position.y)] }
        let boxes = prompts.compactMap(\.box)
            .flatMap { [Int64($0.minX), Int64($0.minY), Int64($0.maxX), Int64($0.maxY)] }
        let labels = prompts.flatMap(\.points).map { Int64($0.isInside ? 1 : 0) }
        let logits = prompts.compactMap(\.maskLogits).flatMap { $0 }
        let foreground = masks.flatMap { $0.pixels.raster().samples.map { UInt8($0 ? 1 : 0) } }
        files = [
            ("image.npy", NumPyFile.content(.uint8, shape: [1, 3, height, width], planar)),
            ("box_prompts.npy", NumPyFile.content(.int64, shape: [1, count, 4], boxes)),
            (
                "point_prompts.npy",
                NumPyFile.content(.int64, shape: [1, count, points, 2], coordinates)
            ),
            ("point_labels.npy", NumPyFile.content(.int64, shape: [1, count, points], labels)),
            (
                "mask_prompts.npy",
                NumPyFile.content(.float32, shape: [1, count, 1, 256, 256], logits)
            ),
            ("embeddings.npy", NumPyFile.content(.float32, shape: [1, 256, 64, 64], features)),
            (
                "masks.npy",
                NumPyFile.content(.uint8, shape: [1, count, 1, height, width], foreground)
            ),
            (
                "scores.npy",
                NumPyFile.content(.float32, shape: [1, count, 1], masks.map { Float($0.score) })
            ),
        ]
        var found = LabelImage(size: image.size)
        for (index, mask) in masks.enumerated() {
            for run in mask.pixels.runs {
                for pixel in run.start..<run.end { found.labels[pixel] = UInt32(index + 1) }
            }
        }
        cover = try found.overlay(on: image)
    }

    /// One random point inside an object, and two close to it outside.
    private static func points(
        of object: ObjectMeasurement,
        in labels: LabelImage,
        _ random: inout SplitMix64
    ) -> [ObjectPrompts.LabeledPoint] {
        var inside: [(Int, Int)] = []
        var outside: [(Int, Int)] = []
        let margin = 8
        let size = labels.size
        for y in max(object.box.y - margin, 0)..<min(object.box.endY + margin, size.height) {
            for x in max(object.box.x - margin, 0)..<min(object.box.endX + margin, size.width) {
                if labels[x: x, y: y] == object.label {
                    inside.append((x, y))
                } else {
                    outside.append((x, y))
                }
            }
        }
        func point(_ place: (Int, Int), _ isInside: Bool) -> ObjectPrompts.LabeledPoint {
            let position = Point<OriginalPixels>(x: Double(place.0), y: Double(place.1))
            return ObjectPrompts.LabeledPoint(position, isInside: isInside)
        }
        var points = [point(inside[random.below(inside.count)], true)]
        for _ in 0..<negativePoints {
            points.append(point(outside[random.below(outside.count)], false))
        }
        return points
    }

    // MARK: - Description

    private static let batch = YAMLText.mapping([("type", .text("batch")), ("size", .integer(1))])

    /// Any number of pixels, objects or points.
    private static let anySize = YAMLText.mapping([("min", .integer(1)), ("step", .integer(1))])

    private static func channels(_ names: [String]) -> YAMLText {
        .mapping([("type", .text("channel")), ("channel_names", .list(names.map { .text($0) }))])
    }

    private static func axis(_ type: String, _ id: String, _ size: YAMLText) -> YAMLText {
        .mapping([("type", .text(type)), ("id", .text(id)), ("size", size)])
    }

    private static let embeddingAxes = [
        batch, channels((0..<256).map { "c\($0)" }), axis("space", "y", .integer(64)),
        axis("space", "x", .integer(64)),
    ]

    private static func tensor(
        _ id: String,
        _ type: String,
        _ axes: [YAMLText],
        _ test: YAMLText,
        isOptional: Bool = false
    ) -> YAMLText {
        var entries: [(key: String, value: YAMLText)] = [("id", .text(id))]
        if isOptional { entries.append(("optional", .boolean(true))) }
        entries.append(("axes", .list(axes)))
        entries.append(("test_tensor", test))
        entries.append(("data", .mapping([("type", .text(type))])))
        return .mapping(entries)
    }

    /// The inputs; all but the image may be left out.
    func inputs(_ file: (String) -> YAMLText) -> [YAMLText] {
        let object = Self.axis("index", "object", Self.anySize)
        let point = Self.axis("index", "point", Self.anySize)
        let optional: [(String, String, [YAMLText])] = [
            ("box_prompts", "int64", [Self.batch, object, Self.channels(["h", "w", "x", "y"])]),
            ("point_prompts", "int64", [Self.batch, object, point, Self.channels(["x", "y"])]),
            ("point_labels", "int64", [Self.batch, object, point]),
            (
                "mask_prompts", "float32",
                [
                    Self.batch, object, Self.channels(["channel"]),
                    Self.axis("space", "y", .integer(256)), Self.axis("space", "x", .integer(256)),
                ]
            ),
            ("embeddings", "float32", Self.embeddingAxes),
        ]
        let image = [
            Self.batch, Self.channels(["R", "G", "B"]), Self.axis("space", "y", Self.anySize),
            Self.axis("space", "x", Self.anySize),
        ]
        return [Self.tensor("image", "uint8", image, file("image.npy"))]
            + optional.map { Self.tensor($0, $1, $2, file("\($0).npy"), isOptional: true) }
    }

    /// The outputs.
    func outputs(_ file: (String) -> YAMLText) -> [YAMLText] {
        let object = Self.axis(
            "index",
            "object",
            .mapping([("min", .integer(1))])
        )
        func same(_ axis: String) -> YAMLText {
            Self.axis(
                "space",
                axis,
                .mapping([("tensor_id", .text("image")), ("axis_id", .text(axis))])
            )
        }
        return [
            Self.tensor(
                "masks",
                "uint8",
                [Self.batch, object, Self.channels(["mask"]), same("y"), same("x")],
                file("masks.npy")
            ),
            Self.tensor(
                "scores",
                "float32",
                [Self.batch, object, Self.channels(["mask"])],
                file("scores.npy")
            ),
            Self.tensor("embeddings", "float32", Self.embeddingAxes, file("embeddings.npy")),
        ]
    }
}
