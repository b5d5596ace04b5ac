import Checkpoints
import Foundation
import Imaging
import SegmentAnything
import TestFixtures
import Testing
import Torch
import TorchNN
import Training

/// The small model, images and prompts of the reference's training fixture.
struct TrainingOracle {
    let tensors: SafeTensors
    let parameters: ModelParameters
    private let batch: FrameBatch

    init() throws {
        tensors = try Fixtures.tensors("training_small")
        let start = try SAMCheckpoint(
            contentsOf: Fixtures.folder.appendingPathComponent("vit_small_random.pt")
        )
        parameters = try ModelParameters(start, TrainingOptions(), on: .cpu)
        let keys = try #require(
            try JSONSerialization.jsonObject(
                with: Data(
                    contentsOf: Fixtures.folder.appendingPathComponent("state_dict_keys.json")
                )
            ) as? [String: [String: [Any]]]
        )
        let shapes = (keys["decoder"] ?? [:]).compactMapValues { $0.first as? [Int] }
        let formula = WeightFormula(shapes: shapes, prefix: "decoder.")
        for name in formula.parameterNames {
            try parameters.restore("decoder." + name, formula.values(of: name))
        }
        let shape = try tensors.shape("images")
        let size = Size(width: shape[3], height: shape[2])
        let pixels = try tensors.integers("images").map(Float.init)
        let samples = try (0..<shape[0]).map { index in
            var image = Raster<Float>(repeating: 0, size: size, channels: 3)
            for channel in 0..<3 {
                for pixel in 0..<size.count {
                    image.samples[pixel * 3 + channel] =
                        pixels[(index * 3 + channel) * size.count + pixel]
                }
            }
            return try TrainingSample(
                image: image,
                instances: LabelImage(size: size),
                targets: nil
            )
        }
        var random = SplitMix64(seed: 0)
        batch = try FrameBatch(samples, side: 1024, using: &random, on: .cpu)
    }

    private func networks() throws -> TrainableNetworks {
        try parameters.networks(encoderStatistics: .batch, decoderStatistics: .batch)
    }

    /// Both predictions of both images, with gradients.
    func prompted(_ name: String) throws -> (losses: [[Double]], scores: [[Float]]) {
        try parameters.removeGradients()
        let networks = try networks()
        let pass = try EncoderPass(networks.imageEncoder, batch.image, isTrained: true)
        var losses = [[Double]](repeating: [0, 0, 0], count: 2)
        var scores = [[Float]](repeating: [], count: 2)
        for index in 0..<2 {
            let truth = try truth(index)
            let step = PromptedStep(
                networks: networks,
                batch: batch,
                item: batch.items[index],
                truth: truth,
                embedding: try pass.embedding.sliced(0, index..<index + 1)
            )
            var masks: Tensor?
            for sub in 0..<2 {
                var prompts = try prompts(name, index, corrected: sub == 1)
                prompts.masks = masks
                let prediction = try step.predict(
                    prompts,
                    name == "point" && sub == 0 ? .multiple : .single
                )
                try (prediction.loss.total * 0.25).backward()
                let found = [
                    try prediction.loss.total.item(), try prediction.loss.mask.item(),
                    try prediction.loss.iou.item(),
                ]
                for part in 0..<3 { losses[sub][part] += found[part] / 2 }
                scores[sub] += try prediction.scores.detached().contiguous().elements()
                masks = try prediction.lowResolution.detached().choosing(prediction.best())
                    .unsqueezed(1)
            }
        }
        try pass.backward()
        return (losses, scores)
    }

    private func truth(_ image: Int) throws -> ObjectTruth {
        let shape = try tensors.shape("one_hot")
        let (objects, size) = (shape[1], Size(width: shape[4], height: shape[3]))
        let all = try tensors.integers("one_hot")
        let bytes = all[image * objects * size.count..<(image + 1) * objects * size.count]
        let masks = try Tensor(
            bytes.map(Float.init),
            shape: objects,
            1,
            size.height,
            size.width
        )
        return ObjectTruth(objects: [], masks: masks)
    }

    private func prompts(_ name: String, _ image: Int, corrected: Bool) throws -> SimulatedPrompts {
        func places(_ key: String, _ perObject: Int) throws -> [[Double]] {
            let numbers = try tensors.floats(key).map(Double.init)
            return (0..<3).map { object in
                let start = (image * 3 + object) * perObject
                return Array(numbers[start..<start + perObject])
            }
        }
        func point(_ x: Double, _ y: Double, _ isPositive: Bool) -> MaskPoint {
            MaskPoint(point: Point(x: x, y: y), isPositive: isPositive)
        }
        var points: [[MaskPoint]] = [[], [], []]
        if name == "point" {
            for (object, at) in try places("points", 2).enumerated() {
                points[object].append(point(at[0], at[1], true))
            }
        }
        if corrected {
            for (object, at) in try places("extra", 4).enumerated() {
                points[object] += [point(at[0], at[1], true), point(at[2], at[3], false)]
            }
        }
        let boxes: [Box<OriginalPixels>]? =
            name == "box"
            ? try places("boxes", 4).map { Box(minX: $0[0], minY: $0[1], maxX: $0[2], maxY: $0[3]) }
            : nil
        return SimulatedPrompts(points: points, boxes: boxes)
    }

    /// The decoder's loss on the first image, with gradients.
    func automatic() throws -> (loss: Double, maps: Tensor) {
        try parameters.removeGradients()
        let networks = try networks()
        let pass = try EncoderPass(
            networks.imageEncoder,
            batch.image.sliced(0, 0..<1),
            isTrained: true
        )
        let full = try #require(try networks.instanceMaps(of: pass.embedding, batch.image))
        let maps = try batch.restored(full, batch.items[0])
        let shape = try tensors.shape("targets")
        let numbers = try tensors.floats("targets")
        let plane = shape[2] * shape[3]
        let targets = try Tensor(
            Array(numbers[plane..<4 * plane]),
            shape: 3,
            shape[2],
            shape[3]
        )
        var loss = DecoderLoss()
        try loss.add(maps, targets)
        let value = try loss.value()
        try value.backward()
        try pass.backward()
        return (try value.item(), try maps.detached())
    }

    /// Compares the norm of the gradient of each group of parameters.
    func compareGradients(_ name: String) throws {
        let groups = try JSONDecoder().decode(
            [String].self,
            from: Data((tensors.metadata["groups"] ?? "[]").utf8)
        )
        for group in groups + (name == "automatic" ? ["decoder"] : []) {
            let reference = Double(try tensors.floats("\(name).grad.\(group)")[0])
            let prefix = group == "decoder" ? "decoder." : group
            var square = 0.0
            for parameter in parameters.trained where parameter.hasPrefix(prefix) {
                guard let gradient = try parameters.values[parameter]?.gradient() else { continue }
                square += try (gradient * gradient).sum().item()
            }
            #expect(
                abs(square.squareRoot() - reference) <= 1e-3 * max(reference, 1e-8),
                "\(name), \(group): \(square.squareRoot()), expected \(reference)"
            )
        }
    }
}
