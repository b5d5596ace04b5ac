import Checkpoints
public import Foundation
import ModelZoo

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Models at a small part of the cost of a trained one, for tests of what happens around the networks.
///
/// Nearly all of the cost of a look is that of the decoder for automatic segmentation. That of these models has 16
/// channels where others have up to 512. With `make slowtest` the model that is part of the program takes their place.
public enum QuickModel: Sendable {
    /// Its objects are what is brighter than the image as a whole.
    ///
    /// All weights of encoder and decoder are set by hand: each layer passes the brightness of patches of 16 pixels on.
    /// Looks at enlarged objects, tiles, stored embeddings and thresholds work as with the model that is part of the
    /// program. The prompt path is that of the latter, whose masks mean nothing here.
    case brightness

    /// The model that is part of the program with such a decoder: for prompts and training.
    ///
    /// The decoder has learned nothing, so objects mean nothing, and there is no first look at a plane.
    case narrow

    /// The file of the model, which is made when it is first needed and goes with the process.
    public var url: URL {
        get throws {
            guard !Self.areReplaced else { return try EmbeddedModel.url() }
            return switch self {
            case .brightness: try Self.brightnessFile.get()
            case .narrow: try Self.narrowFile.get()
            }
        }
    }

    /// Whether the model that is part of the program takes their place.
    public static let areReplaced =
        ProcessInfo.processInfo.environment["MICROSAM_SLOW_TESTS"] != nil

    /// What results call the model.
    public var name: String { get throws { try Self.areReplaced ? EmbeddedModel.name : path } }

    /// The path of the file.
    public var path: String { get throws { try url.path } }

    private static let brightnessFile = Result { try written(.brightness) }
    private static let narrowFile = Result { try written(.narrow) }

    private static func written(_ model: QuickModel) throws -> URL {
        let url = folder.appending(path: "\(model).safetensors")
        let own = try SAMCheckpoint(contentsOf: EmbeddedModel.url())
        var metadata = own.metadata.merging(["usam.name": "\(model)"]) { $1 }
        // Their decoders see no more than their prompts.
        metadata["usam.decoder_diameter"] = nil
        switch model {
        case .brightness: metadata["usam.model_type"] = "custom"
        // No first look, because its decoder sees nothing.
        case .narrow: metadata["usam.object_diameter"] = nil
        }
        var writer = SafetensorsWriter(metadata: metadata)
        let encoderName = "image_encoder."
        for (name, entry) in own.model
        where model == .narrow || !name.hasPrefix(encoderName) {
            try writer.add(entry, named: "model_state." + name)
        }
        if model == .brightness {
            for (name, weight) in encoder {
                try writer.add(weight, "model_state.\(encoderName)\(name)")
            }
        }
        for (name, weight) in decoder {
            let name = "decoder_state." + name
            try writer.add(model == .narrow ? weight.withNoise(of: name) : weight, name)
        }
        try writer.write(to: url)
        return url
    }

    /// A folder that is removed when the process ends.
    private static let folder: URL = {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "usam-models-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(at: QuickModel.folder) }
        return url
    }()

    /// Values of a tensor: `base` everywhere but where something else is said.
    fileprivate struct Weight {
        let shape: [Int]
        var base: Float = 0
        var others: [Int: Float] = [:]

        /// The same, of a kernel with numbers by chance added, as those of a layer that was not trained.
        func withNoise(of name: String) -> Weight {
            guard shape.count == 4 else { return self }
            var state = name.utf8.reduce(14_695_981_039_346_656_037) { (hash: UInt64, byte) in
                (hash ^ UInt64(byte)) &* 1_099_511_628_211
            }
            let bound = 1 / Float(shape.dropFirst().reduce(1, *)).squareRoot()
            var noisy = self
            for index in 0..<shape.reduce(1, *) {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let unit = Float(state >> 40) / Float(1 << 23) - 1
                noisy.others[index, default: base] += bound * unit
            }
            return noisy
        }
    }

    // MARK: - Encoder

    private static let (width, channels) = (16, 256)

    /// A vision transformer of one block that does nothing.
    ///
    /// Channel 0 of a token is the mean of its patch. Channel 1 is constant, because the normalisations of the neck would
    /// lose the brightness of a token that has nothing else.
    private static var encoder: [String: Weight] {
        let patch = 3 * 16 * 16
        let mean = Dictionary(uniqueKeysWithValues: (0..<patch).map { ($0, 1 / Float(patch)) })
        let block = "blocks.0."
        var weights = [
            "patch_embed.proj.weight": Weight(shape: [width, 3, 16, 16], others: mean),
            "patch_embed.proj.bias": Weight(shape: [width], others: [1: 4]),
            "pos_embed": Weight(shape: [1, 64, 64, width]),
            block + "attn.qkv.weight": Weight(shape: [3 * width, width]),
            block + "attn.qkv.bias": Weight(shape: [3 * width]),
            block + "attn.proj.weight": Weight(shape: [width, width]),
            block + "attn.proj.bias": Weight(shape: [width]),
            block + "attn.rel_pos_h": Weight(shape: [27, width]),
            block + "attn.rel_pos_w": Weight(shape: [27, width]),
            block + "mlp.lin1.weight": Weight(shape: [4 * width, width]),
            block + "mlp.lin1.bias": Weight(shape: [4 * width]),
            block + "mlp.lin2.weight": Weight(shape: [width, 4 * width]),
            block + "mlp.lin2.bias": Weight(shape: [width]),
            // Each of both channels and its negative, so that their mean is 0.
            "neck.0.weight": Weight(
                shape: [channels, width, 1, 1],
                others: [0: 1, width: -1, 2 * width + 1: 1, 3 * width + 1: -1]
            ),
            "neck.2.weight": Weight(
                shape: [channels, channels, 3, 3],
                others: Dictionary(
                    uniqueKeysWithValues: (0..<4).map { ((channels * $0 + $0) * 9 + 4, 1) }
                )
            ),
        ]
        for (norm, count) in [
            (block + "norm1", width), (block + "norm2", width), ("neck.1", channels),
            ("neck.3", channels),
        ] {
            weights[norm + ".weight"] = Weight(shape: [count], base: 1)
            weights[norm + ".bias"] = Weight(shape: [count])
        }
        return weights
    }

    // MARK: - Decoder

    /// Added before a rectification, so that it changes next to nothing; the next normalisation takes it away.
    private static let offset: Float = 3

    /// From so many standard deviations above the mean on a pixel belongs to an object, and how sharply.
    private static let (threshold, slope): (Float, Float) = (0.6, 5)

    /// The lower path hands channel 0 of the embedding on; the upper path adds nothing.
    private static var decoder: [String: Weight] {
        var weights: [String: Weight] = [:]
        func convolution(_ name: String, _ inputs: Int, kernel: Int, passes: Float, bias: Float) {
            weights[name + ".weight"] = Weight(
                shape: [width, inputs, kernel, kernel],
                others: [kernel * kernel / 2: passes]
            )
            weights[name + ".bias"] = Weight(shape: [width], others: [0: bias])
        }
        func pair(_ name: String, _ inputs: Int) {
            for (index, inputs) in [(1, inputs), (4, width)] {
                convolution("\(name).block.\(index)", inputs, kernel: 3, passes: 1, bias: offset)
            }
        }
        for (index, inputs) in [channels, width, width, width].enumerated() {
            let name = "deconv\(index + 1).block"
            convolution(name + ".0.conv", inputs, kernel: 1, passes: 0, bias: 0)
            convolution(name + ".1.block", width, kernel: 3, passes: 0, bias: 0)
            for (key, base) in [
                ("weight", 1), ("running_var", 1), ("bias", 0), ("running_mean", 0),
            ] as [(String, Float)] {
                weights["\(name).2.\(key)"] = Weight(shape: [width], base: base)
            }
        }
        pair("base", channels)
        for index in 0..<3 {
            convolution("decoder.samplers.\(index).conv", width, kernel: 1, passes: 1, bias: 0)
            pair("decoder.blocks.\(index)", 2 * width)
        }
        convolution("deconv_out.conv", width, kernel: 1, passes: 1, bias: 0)
        pair("decoder_head", 2 * width)
        // Foreground, and both distances, which are small inside of objects.
        weights["out_conv.weight"] = Weight(
            shape: [3, width, 1, 1],
            others: [0: slope, width: -slope, 2 * width: -slope]
        )
        let bias = slope * (offset + threshold)
        weights["out_conv.bias"] = Weight(shape: [3], others: [0: -bias, 1: bias, 2: bias])
        return weights
    }
}

extension SafetensorsWriter {
    fileprivate mutating func add(_ weight: QuickModel.Weight, _ name: String) throws {
        var values = [Float](repeating: weight.base, count: weight.shape.reduce(1, *))
        for (index, value) in weight.others { values[index] = value }
        try add(
            name,
            elementType: .float32,
            shape: weight.shape,
            bytes: values.withUnsafeBytes { Array($0) }
        )
    }
}
