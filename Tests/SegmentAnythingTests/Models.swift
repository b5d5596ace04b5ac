import Checkpoints
import Foundation
import Imaging
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
    static func fromFormula(
        _ type: String,
        behavior: ModelBehavior = .reference
    ) throws -> SegmentAnythingModel {
        let data = try Data(
            contentsOf: Fixtures.folder.appendingPathComponent("state_dict_keys.json")
        )
        let listed = try #require(
            try JSONSerialization.jsonObject(with: data) as? [String: [String: [Any]]]
        )
        func shapes(_ name: String) -> [String: [Int]] {
            (listed[name] ?? [:]).compactMapValues { $0.first as? [Int] }
        }
        let configurations: [String: ViTConfiguration] = [
            "vit_b": .base, "vit_l": .large, "vit_h": .huge,
        ]
        return try SegmentAnythingModel(
            parameters: WeightFormula(shapes: shapes(type)),
            decoderParameters: type == "vit_b"
                ? WeightFormula(shapes: shapes("decoder"), prefix: "decoder.") : nil,
            architecture: .plain(try #require(configurations[type])),
            behavior: behavior
        )
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
