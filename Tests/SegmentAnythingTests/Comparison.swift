import Foundation
import Imaging
import Prompting
import SegmentAnything
import Segmentation
import TestFixtures
import Testing
import Torch

/// Expects two lists to agree within an absolute tolerance, and says by how much they do not.
func expectClose(
    _ found: [Float],
    _ expected: [Float],
    _ tolerance: Float,
    _ what: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard found.count == expected.count else {
        Issue.record(
            "\(what): \(found.count) values, expected \(expected.count)",
            sourceLocation: sourceLocation
        )
        return
    }
    var largest: Float = 0
    for (a, b) in zip(found, expected) where !(abs(a - b) <= largest) { largest = abs(a - b) }
    if ProcessInfo.processInfo.environment["MICROSAM_SHOW_DIFFERENCES"] != nil {
        print("difference \(largest) of \(tolerance): \(what)")
    }
    #expect(largest <= tolerance, "\(what)", sourceLocation: sourceLocation)
}

extension Tensor {
    /// Every n-th element along each axis, so that the result has the given shape.
    func thinned(to target: [Int]) throws -> Tensor {
        var result = self
        for (axis, size) in target.enumerated() {
            let full = result.size(axis)
            result = try result.sliced(axis, 0..<full, step: (full + size - 1) / size)
        }
        #expect(result.shape == target)
        return result
    }
}

extension SafeTensors {
    /// Compares a tensor with an entry, or with the part of it that is stored as `name.slice`.
    func compare(
        _ name: String,
        _ found: Tensor,
        _ tolerance: Float,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let isThinned = !contains(name)
        let key = isThinned ? "\(name).slice" : name
        let part = isThinned ? try found.thinned(to: shape(key)) : found
        #expect(try part.shape == shape(key), "\(key)", sourceLocation: sourceLocation)
        expectClose(
            try part.contiguous().elements(as: Float.self),
            try floats(key),
            tolerance,
            key,
            sourceLocation: sourceLocation
        )
    }
}

/// One entry of the fixtures' list of prompts.
struct StoredPrompt: Decodable {
    var points: [[Double]]?
    var labels: [Int]?
    var box: [Double]?
    var mask: String?

    func prompts(maskLogits: [Float]?) -> ObjectPrompts {
        ObjectPrompts(
            points: zip(points ?? [], labels ?? []).map { position, label in
                .init(Point(x: position[0], y: position[1]), isInside: label == 1)
            },
            box: box.map { Box(minX: $0[0], minY: $0[1], maxX: $0[2], maxY: $0[3]) },
            maskLogits: mask == nil ? nil : maskLogits
        )
    }

    static func all(in tensors: SafeTensors) throws -> [String: StoredPrompt] {
        try JSONDecoder().decode(
            [String: StoredPrompt].self,
            from: Data((tensors.metadata["prompts"] ?? "").utf8)
        )
    }
}

/// Compares logits, scores and masks of every stored combination of prompts.
func comparePrompts(
    _ predictor: ImagePredictor,
    _ embedding: ImageEmbedding,
    _ reference: SafeTensors,
    logitTolerance: Float = 1e-3,
    scoreTolerance: Float = 1e-4
) throws {
    let mask = reference.contains("mask_prompt") ? try reference.floats("mask_prompt") : nil
    for (name, stored) in try StoredPrompt.all(in: reference).sorted(by: { $0.key < $1.key }) {
        let prompts = stored.prompts(maskLogits: mask)
        for (count, kind) in [(MaskCount.single, "single"), (.multiple, "multi")] {
            let result = try predictor.predict(prompts, in: embedding, masks: count)
            let key = "\(name).\(kind)"
            let logits = try Tensor(
                result.compactMap(\.logits).flatMap { $0 },
                shape: [result.count, 256, 256]
            )
            try reference.compare("\(key).low_res", logits, logitTolerance)
            expectClose(
                result.map { Float($0.score) },
                try reference.floats("\(key).iou"),
                scoreTolerance,
                key
            )
            try compareMasks(result, reference, key)
        }
    }
}

/// Expects at most 0.01 % of the pixels of stored masks, or of their areas, to differ.
private func compareMasks(_ result: [PredictedMask], _ reference: SafeTensors, _ key: String) throws
{
    let size = result[0].pixels.size
    if reference.contains("\(key).masks_packed") {
        let packed = try reference.integers("\(key).masks_packed")
        let rowBytes = (size.width + 7) / 8
        for index in result.indices {
            let mask = result[index].pixels.raster()
            var different = 0
            for y in 0..<size.height {
                for x in 0..<size.width {
                    let byte = packed[(index * size.height + y) * rowBytes + x / 8]
                    let bit = byte >> (7 - x % 8) & 1 == 1
                    if mask[x: x, y: y] != bit { different += 1 }
                }
            }
            #expect(different * 10_000 <= size.count, "\(key) mask \(index): \(different) pixels")
        }
    }
    if reference.contains("\(key).area") {
        let areas = result.map(\.pixels.area)
        for (found, expected) in zip(areas, try reference.integers("\(key).area")) {
            #expect(abs(found - expected) * 10_000 <= size.count, "\(key) area")
        }
    }
}

/// Compares a whole model with the outputs for `synthetic_256x320.png`.
func compareRecipe(
    _ model: SegmentAnythingModel,
    _ fixture: String,
    embeddingTolerance: Float
) throws {
    let reference = try Fixtures.tensors(fixture)
    let predictor = ImagePredictor(model)
    let embedding = try predictor.embed(Models.image("synthetic_256x320"))
    try reference.compare("embedding", embedding.features, embeddingTolerance)
    expectClose(
        try embedding.features.mean([0, 2, 3]).elements(as: Float.self),
        try reference.floats("embedding.channel_means"),
        embeddingTolerance,
        "channel means"
    )
    try reference.compare("dense_pe", model.promptEncoder.imagePositions, 1e-5)
    try comparePrompts(predictor, embedding, reference)
    guard model.instanceDecoder != nil else { return }
    try compareDecoder(predictor, embedding, reference, "decoder.batch_statistics")
}

/// Compares the maps of the decoder with an entry.
func compareDecoder(
    _ predictor: ImagePredictor,
    _ embedding: ImageEmbedding,
    _ reference: SafeTensors,
    _ key: String
) throws {
    let maps = try predictor.instanceMaps(of: embedding)
    let all = [maps.foreground, maps.centerDistances, maps.boundaryDistances].flatMap(\.samples)
    let found = try Tensor(all, shape: [1, 3, maps.size.height, maps.size.width])
    try reference.compare(key, found, 1e-3)
}
