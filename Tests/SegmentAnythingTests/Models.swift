import Checkpoints
import Foundation
import Imaging
import Prompting
import SegmentAnything
import Segmentation
import TestFixtures
import Testing
import Torch
import TorchNN

/// Models and images of the fixtures.
enum Models {
    /// Whether the models that take minutes are to be tested.
    static let runsSlowTests = ProcessInfo.processInfo.environment["MICROSAM_SLOW_TESTS"] != nil

    /// The trained ViT-T, in the reference's mode.
    static func trained(behavior: ModelBehavior = .reference) throws -> ImagePredictor {
        let checkpoint = try SAMCheckpoint(
            contentsOf: Fixtures.folder.appendingPathComponent("vit_t_dsb.pt")
        )
        return ImagePredictor(try SegmentAnythingModel(checkpoint, behavior: behavior))
    }

    /// A full-size model whose weights come from ``WeightFormula``; vit_b has a decoder.
    ///
    /// - Parameter statistics: Replaces running statistics of the decoder, by name.
    static func fromFormula(
        _ type: String,
        behavior: ModelBehavior = .reference,
        statistics: [String: [Float]] = [:]
    ) throws -> SegmentAnythingModel {
        let configurations: [String: ViTConfiguration] = [
            "vit_b": .base, "vit_l": .large, "vit_h": .huge,
        ]
        return try SegmentAnythingModel(
            parameters: WeightFormula(shapes: shapes(type)),
            decoderParameters: type == "vit_b" ? try decoder(statistics) : nil,
            architecture: .plain(try #require(configurations[type])),
            behavior: behavior
        )
    }

    private static func decoder(_ statistics: [String: [Float]]) throws -> TensorDictionary {
        let formula = WeightFormula(shapes: try shapes("decoder"), prefix: "decoder.")
        var tensors: [String: Tensor] = [:]
        for name in formula.parameterNames {
            tensors[name] =
                try statistics[name].map { try Tensor($0, shape: [$0.count]) }
                ?? formula.values(of: name)
        }
        return TensorDictionary(tensors, name: formula.name)
    }

    private static func shapes(_ name: String) throws -> [String: [Int]] {
        let data = try Data(
            contentsOf: Fixtures.folder.appendingPathComponent("state_dict_keys.json")
        )
        let listed = try #require(
            try JSONSerialization.jsonObject(with: data) as? [String: [String: [Any]]]
        )
        return (listed[name] ?? [:]).compactMapValues { $0.first as? [Int] }
    }

    /// A fixture image as the predictor takes it.
    static func image(_ name: String) throws -> Raster<UInt8> {
        let png = try Fixtures.png(name)
        let raster = try Raster(
            size: Size(width: png.width, height: png.height),
            channels: png.channels,
            samples: png.samples
        )
        return try AnyRaster.uint16(raster).normalizedRGB()
    }
}
